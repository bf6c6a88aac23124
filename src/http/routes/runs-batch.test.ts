import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aReport, aToken, reportUrl, runsUrl } from '../../../test/support/builders.ts'

type Result = { status: number; run?: Record<string, unknown>; error?: string; error_description?: string }

const runKey = '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f'

async function aReporter() {
  const server = await aServer()
  await anAccount(server)
  const computer = await aComputer(server)
  const token = await aToken(server)
  const send = (body: object | string) =>
    server.post(runsUrl(computer), body, { token, headers: { 'content-type': 'application/json' } })
  return {
    server,
    computer,
    token,
    send,
    sendList: async (list: unknown[]) => (await send({ list })).json<{ list: Result[] }>().list,
    count: async () => (await server.get(reportUrl(computer), { token })).json<{ count: number }>().count,
  }
}

describe('200', () => {
  test('each row is answered as it alone would have been, and good rows are kept', async () => {
    const { sendList, count } = await aReporter()
    const results = await sendList([
      aReport({ backupset_name: 'a' }),
      aReport({ bytes: -1 }),
      aReport({ backupset_name: 'b', local_end: '2000-01-01T00:00:00Z' }),
      null,
      aReport({ backupset_name: 'c', run_key: runKey }),
      { ...aReport({ backupset_name: 'd' }), colour: 'red' },
      aReport({ backupset_name: 'e', run_key: runKey }),
    ])
    expect(results).toMatchObject([
      { status: 201, run: { backupset_name: 'a', condition_types: ['COMPLETED'] } },
      { status: 400, error: 'invalid_request', error_description: 'bytes must be >= 0.' },
      { status: 400, error_description: 'local_end lies before local_start.' },
      { status: 400, error_description: 'The run must be object.' },
      { status: 201, run: { backupset_name: 'c' } },
      { status: 400, error_description: expect.stringMatching(/^colour is not a known member/) },
      { status: 409, error: 'conflict' },
    ])
    expect(results.filter(result => result.run)).toHaveLength(2)
    expect(await count()).toBe(2)
  })

  test('states of one run are taken in their order', async () => {
    const { sendList } = await aReporter()
    const results = await sendList([
      aReport({ run_key: runKey, status: 'RUNNING' }),
      aReport({ run_key: runKey }),
      aReport({ run_key: runKey }),
    ])
    expect(results.map(result => result.status)).toEqual([201, 200, 200])
    expect(new Set(results.map(result => result.run?.['action_id'])).size).toBe(1)
    expect(results[2]).toMatchObject({ run: { status: 'SUCCESS' } })
  })

  test('a batch that is sent again changes nothing', async () => {
    const { send, sendList, count } = await aReporter()
    const list = Array.from({ length: 20 }, (_, index) =>
      aReport({ backupset_name: `set ${index}`, run_key: runKey.slice(0, -2) + String(index).padStart(2, '0') }),
    )
    const first = await sendList(list)
    const second = await sendList(list)
    expect(first.map(({ run }) => run)).toEqual(second.map(({ run }) => run))
    expect(new Set(second.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await count()).toBe(20)
    expect((await send({ list })).statusCode).toBe(200)
  })

  test('a batch of 1,000', async () => {
    const { sendList, count } = await aReporter()
    const results = await sendList(Array.from({ length: 1_000 }, (_, index) => aReport({ backupset_name: `${index}` })))
    expect(results.map(({ run }) => run?.['backupset_name'])).toEqual(results.map((_, index) => `${index}`))
    expect(await count()).toBe(1_000)
  })

  test('a batch of none', async () => {
    const { send } = await aReporter()
    const answer = await send({ list: [] })
    expect([answer.statusCode, answer.body]).toEqual([200, '{"list":[]}'])
  })

  test('the results are XML when that is asked for', async () => {
    const { server, computer, token } = await aReporter()
    const headers = { accept: 'application/xml' }
    const answer = await server.post(runsUrl(computer), { list: [aReport(), {}] }, { token, headers })
    expect(answer.body).toMatch(
      /<list><result><status>201<\/status><run>.*<\/run><\/result><result><status>400<\/status><error>.*<\/result><\/list>$/,
    )
  })

  test('a row of a set that may not be created says so', async () => {
    const { server, computer, sendList } = await aReporter()
    await server.store.changeAccount(computer.accountId, { acceptsNewSets: false })
    expect(await sendList([aReport(), aReport({ type: 'RESTORE' })])).toMatchObject([
      { status: 404, error: 'not_found', error_description: expect.stringContaining('has no backup set "Documents"') },
      { status: 201 },
    ])
  })
})

describe('400', () => {
  test.each([
    ['1,001 rows', { list: Array.from({ length: 1_001 }, () => aReport()) }, 'list must have at most 1000 runs'],
    ['a list that is none', { list: { 0: aReport() } }, 'list must be an array of runs.'],
    ['a list that is null', { list: null }, 'list must be an array of runs.'],
    ['other members', { list: [], dry: true }, 'dry is not a known member of a batch; it has only list.'],
  ])('%s: nothing is kept', async (_, body, description) => {
    const { send, count } = await aReporter()
    const answer = await send(body)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error: 'invalid_request', error_description: expect.stringContaining(description) },
    ])
    expect(await count()).toBe(0)
  })
})
