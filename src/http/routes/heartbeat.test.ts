import { describe, expect, test } from 'vitest'
import { minutes } from '../../domain/instant.ts'
import type { Computer } from '../../domain/tree.ts'
import { aServer, listen, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, anAgentKey, aToken } from '../../../test/support/builders.ts'
import { aNewSet, testNow } from '../../../test/support/tree.ts'

const presence = { kind: 'required', notSeenMs: minutes(60) } as const
const heartbeatUrl = ({ username, computerId }: Computer) =>
  `/v1/accounts/${username}/computers/${computerId}/heartbeat`

/** A computer whose presence a set requires, unless told otherwise, and its agent key. */
async function anAgent({ isWatched = true } = {}) {
  const server = await aServer()
  const computer = await aComputer(server)
  if (isWatched) await server.store.addBackupSet(aNewSet(computer, { presence }), server.now)
  const token = await anAgentKey(server, computer)
  return { server, computer, token, seen: () => server.store.sightings(computer.accountId, computer.key) }
}

describe('204', () => {
  test.each<[string, (computer: Computer) => string]>([
    ['by its path', heartbeatUrl],
    ['by its agent key alone', () => '/v1/heartbeat'],
  ])('a computer is noted as seen %s', async (_, urlOf) => {
    const { server, computer, token, seen } = await anAgent()
    const answer = await server.post(urlOf(computer), undefined, { token })
    expect([answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([204, '', 'no-store'])
    expect(await seen()).toEqual([{ from: testNow, until: testNow }])
  })

  test('heartbeats that follow each other are one time in which it was seen', async () => {
    const { server, token, seen } = await anAgent()
    for (const pause of [0, 0, 0, minutes(5), minutes(15), minutes(16)]) {
      server.now += pause
      expect((await server.post('/v1/heartbeat', undefined, { token })).statusCode).toBe(204)
    }
    expect(await seen()).toEqual([
      { from: testNow, until: testNow + minutes(20) },
      { from: testNow + minutes(36), until: testNow + minutes(36) },
    ])
  })

  test('many at once are noted once', async () => {
    const { server, token, seen } = await anAgent()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => server.post('/v1/heartbeat', undefined, { token })),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([204]))
    expect(await seen()).toEqual([{ from: testNow, until: testNow }])
  })

  test('nothing is kept of a computer whose presence nobody asks for', async () => {
    const { server, token, seen } = await anAgent({ isWatched: false })
    expect((await server.post('/v1/heartbeat', undefined, { token })).statusCode).toBe(204)
    expect(await seen()).toEqual([])
  })

  test('it is noted from the moment on that a set asks for it', async () => {
    const { server, computer, token, seen } = await anAgent({ isWatched: false })
    await server.post('/v1/heartbeat', undefined, { token })
    await server.store.addBackupSet(aNewSet(computer, { presence }), server.now)
    await server.post('/v1/heartbeat', undefined, { token })
    expect(await seen()).toEqual([{ from: testNow, until: testNow }])
  })

  test.each<[string, Record<string, string>, string | Buffer]>([
    ['of JSON', { 'content-type': 'application/json' }, '{"backupset_name":"Documents"}'],
    ['of JSON that is empty', { 'content-type': 'application/json' }, ''],
    ['of JSON that ends early', { 'content-type': 'application/json' }, '{'],
    ['that poisons a prototype', { 'content-type': 'application/json' }, '{"__proto__":{"x":1}}'],
    ['of XML', { 'content-type': 'application/xml' }, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'],
    ['of a type that nobody knows', { 'content-type': 'application/x-nothing' }, 'x'],
    ['without a type', {}, 'x'],
    ['that says to be compressed and is not', { 'content-encoding': 'gzip', 'content-type': 'text/plain' }, 'x'],
    ['that says to be compressed by what nobody knows', { 'content-encoding': 'snappy' }, 'x'],
    ['of bytes', { 'content-type': 'application/octet-stream' }, Buffer.alloc(16 * 1024, 0xff)],
  ])('a body %s is not read', async (_, headers, body) => {
    const { server, token, seen } = await anAgent()
    const answer = await server.post('/v1/heartbeat', body, { token, headers })
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(await seen()).toHaveLength(1)
  })

  test('over a real connection, with what curl sends', async () => {
    const { server, token, seen } = await anAgent()
    const { url } = await listen(server)
    const headers = { authorization: `Bearer ${token}`, accept: '*/*' }
    expect((await fetch(`${url}/v1/heartbeat`, { method: 'POST', headers })).status).toBe(204)
    expect(await seen()).toHaveLength(1)
  })
})

async function nothingSeen({ store }: TestServer, { accountId, key }: Computer): Promise<void> {
  expect(await store.sightings(accountId, key)).toEqual([])
}

describe('400', () => {
  test('a parameter', async () => {
    const { server, computer, token } = await anAgent()
    const answer = await server.post('/v1/heartbeat?at=now', undefined, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: '"at" is not a parameter of this path; there are none.' },
    ])
    await nothingSeen(server, computer)
  })
})

describe('403', () => {
  test('a token without computers_write', async () => {
    const { server, computer } = await anAgent()
    const token = await aToken(server, { scopes: ['computers_read'], place: computer })
    expect((await server.post('/v1/heartbeat', undefined, { token })).statusCode).toBe(403)
    await nothingSeen(server, computer)
  })
})

describe('404', () => {
  test('a token that is not bound to one computer', async () => {
    const { server, computer } = await anAgent()
    for (const place of [server.root, await anAccount(server, { username: 'other' })]) {
      const token = await aToken(server, { place })
      const answer = await server.post('/v1/heartbeat', undefined, { token })
      expect([answer.statusCode, answer.json()]).toMatchObject([
        404,
        { error_description: 'This token is not bound to one computer: name the computer in the path.' },
      ])
    }
    await nothingSeen(server, computer)
  })

  test('another computer of the same account', async () => {
    const { server, computer } = await anAgent()
    const other = await aComputer(server, { name: 'Other' })
    const answer = await server.post(heartbeatUrl(computer), undefined, { token: await anAgentKey(server, other) })
    expect(answer.statusCode).toBe(404)
    await nothingSeen(server, computer)
  })

  test('a computer that was deleted', async () => {
    const { server, computer } = await anAgent()
    await server.store.changeComputer(computer.key, { status: 'deleted' })
    const answer = await server.post(heartbeatUrl(computer), undefined, { token: await aToken(server) })
    expect(answer.statusCode).toBe(404)
    await nothingSeen(server, computer)
  })
})

describe('413', () => {
  test('a body of more than 16 KiB', async () => {
    const { server, computer, token } = await anAgent()
    const answer = await server.post('/v1/heartbeat', Buffer.alloc(16 * 1024 + 1), { token })
    expect(answer.statusCode).toBe(413)
    await nothingSeen(server, computer)
  })
})
