import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { addBackupSet, renewPingId } from '../../app/backup-sets.ts'
import { hours } from '../../domain/instant.ts'
import { aHookedSet } from '../../../test/support/pinged.ts'
import { testNow } from '../../../test/support/tree.ts'

const kumaNotFound = { ok: false, msg: 'Monitor not found or not active.' }
const green = ['COMPLETED', 'COMPLETED']
const failed = ['FAILURE', 'ERRORS']
const post = (url: string, request: InjectOptions): InjectOptions => ({ method: 'POST', url, ...request })

describe('addresses', () => {
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  test.each<[string, (names: { id: string; key: string }) => InjectOptions, number]>([
    ['the ping key and the slug', ({ key }) => ({ url: `/hooks/gatus/${key}/documents?success=true` }), 200],
    ['Uptime Kuma, UUID', ({ id }) => ({ url: `/api/push/${id}` }), 200],
    ['Uptime Kuma, slug', ({ key }) => ({ url: `/api/push/${key}/documents` }), 200],
    ['Cronitor', ({ key }) => ({ url: `/p/${key}/documents?state=complete` }), 200],
    ['Cronitor, a key with capital letters', ({ key }) => ({ url: `/p/${key}/Documents?state=complete` }), 200],
    ['Cronitor, older', ({ key }) => ({ url: `/hooks/cronitor/${key}/documents/complete` }), 200],
    ['Sentry', ({ key }) => ({ url: `/api/7/cron/documents/${key}/?status=ok` }), 202],
    ['Sentry, UUID', ({ id }) => ({ url: `/api/7/cron/any/${id}?status=ok` }), 202],
    [
      'Gatus, UUID',
      ({ id }) => ({
        url: '/api/v1/endpoints/a_b/external?success=true',
        headers: { authorization: `Bearer ${id}` },
      }),
      200,
    ],
    [
      'Gatus, ping key',
      ({ key }) => ({
        url: '/api/v1/endpoints/backups_documents/external?success=true',
        headers: { authorization: `bearer ${key}` },
      }),
      200,
    ],
    [
      'Pushgateway, UUID',
      ({ id }) => ({
        url: '/metrics/job/a',
        payload: 'resticprofile_backup_status 2',
        headers: { authorization: basic('x', id) },
      }),
      200,
    ],
    [
      'Pushgateway, ping key and user',
      ({ key }) => ({
        url: '/metrics/job/a/instance/b',
        payload: 'resticprofile_backup_status 2',
        headers: { authorization: basic('documents', key) },
      }),
      200,
    ],
    [
      'Pushgateway, ping key and job',
      ({ key }) => ({
        url: '/metrics/job/Documents',
        payload: 'resticprofile_backup_status 2',
        headers: { authorization: basic('', key) },
      }),
      200,
    ],
  ])('%s', async (_, ask, status) => {
    const { server, pingId, pingKey, condition } = await aHookedSet()
    const answer = await server.send({ method: 'POST', ...ask({ id: pingId, key: pingKey }) })
    expect([answer.statusCode, await condition()]).toEqual([status, green])
  })

  test('an old UUID works as long as it was given, beside the new one', async () => {
    const { server, set, pingId, runs } = await aHookedSet()
    const newId = await renewPingId(server.store, set, hours(1), testNow)
    const push = async (id: string) => (await server.send(post(`/api/push/${id}`, {}))).statusCode
    expect([await push(pingId), await push(newId)]).toEqual([200, 200])
    server.now += hours(1)
    expect([await push(pingId), await push(newId)]).toEqual([404, 200])
    expect((await runs()).length).toBeGreaterThan(1)
  })

  test('create=1 makes the set, Cronitor makes it by itself, and an account that takes none has none', async () => {
    const { server, pingKey, sets } = await aHookedSet()
    expect((await server.send(post(`/hooks/gatus/${pingKey}/pve1?success=true`, {}))).statusCode).toBe(404)
    expect((await server.send(post(`/hooks/gatus/${pingKey}/pve1?success=true&create=1`, {}))).statusCode).toBe(200)
    expect((await server.send(post(`/p/${pingKey}/nightly?state=complete`, {}))).statusCode).toBe(200)
    expect((await sets()).map(({ name }) => name).toSorted()).toEqual(['Documents', 'nightly', 'pve1'])
    const closed = await aHookedSet({ acceptsNewSets: false })
    expect((await closed.server.send(post(`/p/${closed.pingKey}/nightly?state=complete`, {}))).statusCode).toBe(404)
  })

  test('what cannot be read makes no set', async () => {
    const { server, pingKey, sets } = await aHookedSet()
    expect((await server.send(post(`/hooks/proxmox/${pingKey}/pve1?create=1`, { payload: 'x' }))).statusCode).toBe(400)
    expect(await sets()).toHaveLength(1)
  })
})

describe('answers', () => {
  const unknown = '00000000-0000-4000-8000-000000000000'

  test('of Uptime Kuma', async () => {
    const { server, pingId } = await aHookedSet()
    for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'PATCH'] as const) {
      const answer = await server.send({ method, url: `/api/push/${pingId}?status=up` })
      expect([answer.statusCode, answer.body]).toEqual([200, method === 'HEAD' ? '' : '{"ok":true}'])
    }
    for (const token of [unknown, 'x', 'x/y', '%00']) {
      const answer = await server.get(`/api/push/${token}?status=up`)
      expect([answer.statusCode, answer.json()]).toEqual([404, kumaNotFound])
    }
  })

  test('of Gotify, with the token wherever it may be', async () => {
    const { server, pingId, pingKey } = await aHookedSet()
    const payload = { title: 'Backup failed', message: 'disk full', priority: 8 }
    const requests: InjectOptions[] = [
      { url: `/message?token=${pingId}`, payload },
      { url: `/message?token=${pingKey}/documents`, payload },
      { url: '/message', headers: { 'x-gotify-key': pingId }, payload },
      { url: '/message', headers: { authorization: `Bearer ${pingId}` }, payload },
      {
        url: `/message?token=${pingId}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'title=Backup+failed&message=disk+full&priority=8',
      },
      {
        url: `/message?token=${pingId}`,
        headers: { 'content-type': 'multipart/form-data; boundary=x-1' },
        payload: Object.entries(payload)
          .map(([name, value]) => `--x-1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .concat('--x-1--\r\n')
          .join(''),
      },
    ]
    for (const request of requests) {
      const answer = await server.send({ method: 'POST', ...request })
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
      expect(answer.json()).toEqual({
        id: expect.any(Number) as number,
        appid: 1,
        ...payload,
        date: '2026-03-05T15:00:00.000Z',
      })
    }
    const errorDescription = 'you need to provide a valid access token or user credentials to access this api'
    for (const url of ['/message', `/message?token=${unknown}`]) {
      const answer = await server.post(url, payload)
      expect(answer.json()).toEqual({ error: 'Unauthorized', errorCode: 401, errorDescription })
    }
    const empty = await server.post(`/message?token=${pingId}`, { title: 'x' })
    expect(empty.json()).toEqual({
      error: 'Bad Request',
      errorCode: 400,
      errorDescription: "Field 'message' is required",
    })
  })

  test('of Gatus', async () => {
    const { server, pingId } = await aHookedSet()
    const ask = async (query: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization }
      const answer = await server.post(`/api/v1/endpoints/a_b/external${query}`, '', { headers })
      return [answer.statusCode, answer.body]
    }
    expect(await ask('?success=true', `Bearer ${pingId}`)).toEqual([200, ''])
    expect(await ask('?success=true')).toEqual([401, 'invalid Authorization header'])
    expect(await ask('?success=true', `Bearer ${unknown}`)).toEqual([404, 'not found'])
    const refused = [400, 'missing or invalid success query parameter: it must be true or false.']
    expect(await ask('', `Bearer ${pingId}`)).toEqual(refused)
    expect(await ask('?success=yes', `Bearer ${pingId}`)).toEqual(refused)
  })

  test('of the Pushgateway', async () => {
    const { server, pingId, runs } = await aHookedSet()
    const base = `/hooks/pushgateway/${pingId}`
    const ask = async (method: 'PUT' | 'DELETE' | 'GET', url: string, payload = 'a 1\n', headers = {}) => {
      const answer = await server.send({ method, url, payload, headers })
      return [answer.statusCode, answer.body]
    }
    expect(await ask('PUT', `${base}/metrics/job/a/instance/b`)).toEqual([200, ''])
    expect(await ask('DELETE', `${base}/metrics/job/a`)).toEqual([202, ''])
    expect(await ask('GET', `${base}/metrics/job/a`)).toEqual([
      405,
      'The webhook pushgateway takes PUT, POST, DELETE.\n',
    ])
    expect(await ask('PUT', base)).toEqual([400, 'The path must go on with /metrics/job/ and the name of a job.\n'])
    const protobuf = { 'content-type': 'application/vnd.google.protobuf; encoding=delimited' }
    expect(await ask('PUT', `${base}/metrics/job/a`, '\x0a', protobuf)).toEqual([
      400,
      'Metrics are read as text only: set prometheus-push-format to text.\n',
    ])
    expect(await ask('PUT', '/metrics/job/a')).toEqual([401, 'The request does not say which backup set it is for.\n'])
    expect(await runs()).toEqual([])
  })

  test.each([
    ['a dialect that there is not', '/hooks/nothing/x', 404],
    ['a UUID that there is not', `/hooks/kopia/${unknown}`, 404],
    ['a name that is none', '/hooks/kopia/x', 404],
    ['a path that goes on', `/hooks/kopia/${unknown}/x/../../y`, 404],
  ])('%s', async (_, url, status) => {
    const { server } = await aHookedSet()
    const answer = await server.post(url, 'x')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8'])
    expect(answer.body).not.toContain(unknown)
  })

  test('405 says which methods there are, and records nothing', async () => {
    const { server, pingId, pings, runs } = await aHookedSet()
    const answer = await server.get(`/hooks/duplicati/${pingId}`)
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'POST, PUT'])
    expect([await runs(), await pings()]).toEqual([[], []])
  })

  test('409 where several sets share the slug', async () => {
    const { server, computer, pingKey } = await aHookedSet()
    await addBackupSet(server.store, computer, { name: 'documents' }, testNow)
    expect((await server.post(`/hooks/gatus/${pingKey}/documents?success=true`, '')).statusCode).toBe(409)
  })
})

describe('what cannot be read', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`

  test.each(['duplicati', 'proxmox', 'backrest', 'kopia', 'gotify', 'sentry', 'gatus'])(
    '%s: is refused with a sentence, kept in the log, and never green',
    async name => {
      const { server, pingId, condition, runs, logOf } = await aHookedSet()
      await server.send(post(`/ping/${pingId}/fail`, {}))
      for (const payload of ['nonsense', '{"a":', deep, Buffer.from([0xff, 0xfe, 0x00, 0x80]), '']) {
        const answer = await server.send(post(`/hooks/${name}/${pingId}`, { payload }))
        expect([answer.statusCode, answer.body.length > 10]).toEqual([400, true])
      }
      expect(await condition()).toEqual(failed)
      const [run] = await runs()
      expect((await logOf(run?.id ?? 0))?.log).toContain(`The webhook ${name} could not read what follows.`)
      expect((await logOf(run?.id ?? 0))?.log).toContain('nonsense')
    },
  )

  test('a body that is too long is read as far as it goes', async () => {
    const { server, pingId, condition } = await aHookedSet()
    const payload = `{"message":"${'x'.repeat(3_000_000)}","title":"Backup failed"}`
    expect((await server.send(post(`/hooks/gotify/${pingId}/message`, { payload }))).statusCode).toBe(400)
    const fits = `{"message":"${'x'.repeat(1_500_000)}","title":"Backup failed"}`
    expect((await server.send(post(`/hooks/gotify/${pingId}/message`, { payload: fits }))).statusCode).toBe(200)
    expect(await condition()).toEqual(failed)
  })
})
