import type { LightMyRequestResponse } from 'fastify'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addBackupSet, renewPingId } from '../../app/backup-sets.ts'
import { hours, minutes, seconds } from '../../domain/instant.ts'
import type { Computer } from '../../domain/tree.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, anApiKey, aPartner, aReport, recordReport } from '../../../test/support/builders.ts'
import { aRid } from '../../../test/support/pings.ts'
import { testNow } from '../../../test/support/tree.ts'

type Row = Record<string, unknown> & { name: string; status: string; unique_key: string }

/** A server with a computer that has the set Documents, due at 23:00 in New York, and a key that sees its account. */
async function aWatched() {
  const server = await aServer()
  const computer = await aComputer(server)
  const set = await addBackupSet(server.store, computer, { name: 'Documents', schedule: 'cron 0 23 * * *' }, testNow)
  const account = await server.store.findAccount('acme')
  const key = await anApiKey(server, account)
  const pingId = await renewPingId(server.store, set, 0, testNow)
  const get = (path: string, apiKey = key) => server.get(path, { headers: { 'x-api-key': apiKey } })
  const list = async (query = '', apiKey = key) =>
    (await get(`/api/v3/checks/${query}`, apiKey)).json<{ checks: Row[] }>().checks
  return {
    server,
    computer,
    set,
    key,
    pingId,
    get,
    list,
    ping: (path = '', body?: string) =>
      server.send({ method: 'POST', url: `/ping/${pingId}${path}`, ...(body !== undefined && { payload: body }) }),
    check: async () => {
      const [check] = await list()
      if (!check) throw new Error('There is no check.')
      return check
    },
  }
}

const said = ({ statusCode, body }: LightMyRequestResponse) => [statusCode, body]

function recordAgo(server: TestServer, computer: Computer, name: string, more: Parameters<typeof aReport>[0] = {}) {
  return recordReport(server, computer, aReport({ backupset_name: name, ...more }))
}

describe('200', () => {
  test.each(['v1', 'v2', 'v3'])(
    '/api/%s/checks lists sets as checks, with and without a slash at the end',
    async api => {
      const { key, get } = await aWatched()
      for (const path of ['checks', 'checks/']) {
        const answer = await get(`/api/${api}/${path}`, key)
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
        expect(answer.json()).toMatchObject({
          checks: [{ name: 'File server / Documents', status: 'new', n_pings: 0 }],
        })
      }
    },
  )

  test('a check stands by the judgement of its set, as time passes and pings arrive', async () => {
    const { server, ping, check } = await aWatched()
    const step = async (now: number, path?: string) => {
      server.now = now
      if (path !== undefined) await ping(path)
      const { status, started, last_ping, next_ping, n_pings } = await check()
      return { status, started, last_ping, next_ping, n_pings }
    }
    const due = Date.parse('2026-03-06T04:00:00Z')
    const nextNight = '2026-03-07T04:00:00+00:00'
    const never = { last_ping: null, next_ping: null }
    expect(await step(testNow)).toEqual({ status: 'new', started: false, n_pings: 0, ...never })
    expect(await step(due, '/start')).toEqual({ status: 'new', started: true, n_pings: 1, ...never })
    const ended = { last_ping: '2026-03-06T04:10:00+00:00', started: false }
    expect(await step(due + minutes(10), '')).toEqual({ ...ended, status: 'up', n_pings: 2, next_ping: nextNight })
    expect(await step(due + hours(24.5))).toEqual({ ...ended, status: 'grace', n_pings: 2, next_ping: nextNight })
    expect(await step(due + hours(25.5))).toEqual({ ...ended, status: 'down', n_pings: 2, next_ping: null })
    const failed = { status: 'down', last_ping: '2026-03-07T06:00:00+00:00', next_ping: null }
    expect(await step(due + hours(26), '/3')).toEqual({ ...failed, started: false, n_pings: 3 })
    expect(await step(due + hours(27), '/start')).toEqual({ ...failed, started: true, n_pings: 4 })
  })

  test('in the first version a check that has started says so, unless it is down', async () => {
    const { server, set, ping, get } = await aWatched()
    const statusOf = async () => (await get('/api/v1/checks/')).json<{ checks: Row[] }>().checks[0]?.status
    await ping('/start')
    expect(await statusOf()).toBe('started')
    await server.store.changeBackupSet(set.id, { enabled: false })
    expect(await statusOf()).toBe('paused')
    await server.store.changeBackupSet(set.id, { enabled: true })
    await ping('/fail')
    server.now += minutes(5)
    await ping('/start')
    expect(await statusOf()).toBe('down')
  })

  test('clients of the first version tell checks apart by the end of a ping_url, at which nothing can be pinged', async () => {
    const { server, get } = await aWatched()
    const [check] = (await get('/api/v1/checks/')).json<{ checks: Row[] }>().checks
    const url = new URL(String(check?.['ping_url']))
    expect(url.pathname.split('/').at(-1)).toBe(check?.unique_key)
    expect((await server.get(url.pathname)).statusCode).toBe(401)
    expect((await server.send({ method: 'POST', url: url.pathname })).statusCode).toBe(403)
  })

  test('a schedule is told in the words of Healthchecks', async () => {
    const { server, computer, list } = await aWatched()
    const add = (name: string, schedule: string) =>
      addBackupSet(server.store, computer, { name, schedule, graceMinutes: 90 }, testNow)
    await add('Every', 'every 6h')
    await add('Calendar', 'calendar Mon..Fri 23:00 Europe/Riga')
    await add('Manual', 'manual')
    const rows = await list()
    expect(rows.map(({ name, timeout, schedule, tz, grace }) => [name, timeout, schedule, tz, grace])).toEqual([
      ['File server / Calendar', undefined, 'Mon..Fri *-*-* 23:00:00 Europe/Riga', 'Europe/Riga', 5_400],
      ['File server / Documents', undefined, '0 23 * * *', 'America/New_York', 3_600],
      ['File server / Every', 21_600, undefined, undefined, 5_400],
      ['File server / Manual', undefined, undefined, undefined, 5_400],
    ])
  })

  test('checks are selected by every tag that is given and by slug; other parameters mean nothing', async () => {
    const { server, key, list } = await aWatched()
    const laptop = await aComputer(server, { name: "Ann's laptop" })
    await addBackupSet(server.store, laptop, { name: 'Home & more' }, testNow)
    const names = async (query: string) => (await list(query, key)).map(({ name }) => name)
    const [documents, home] = ['File server / Documents', "Ann's laptop / Home & more"]
    expect(await names('')).toEqual([documents, home])
    expect(await names('?tag=acme&tag=0001&whatever=1')).toEqual([home])
    expect(await names('?tag=ann-s-laptop')).toEqual([home])
    expect(await names('?tag=acme&tag=nothing')).toEqual([])
    expect(await names('?tag=')).toEqual([])
    expect(await names('?slug=home-more')).toEqual([home])
    expect(await names('?slug=home-more&slug=documents')).toEqual([documents])
    expect(await names('?slug=Documents')).toEqual([])
    expect(await names('?slug=')).toEqual([documents, home])
  })

  test('one check is found by its unique key and by its ping UUID', async () => {
    const { get, list, pingId, set, server } = await aWatched()
    const [check] = await list()
    for (const name of [check?.unique_key, pingId]) {
      const answer = await get(`/api/v3/checks/${name}`)
      expect([answer.statusCode, answer.json()]).toEqual([200, check])
    }
    await server.store.changeBackupSet(set.id, { name: 'Papers' })
    expect((await list())[0]).toMatchObject({ name: 'File server / Papers', unique_key: check?.unique_key })
  })

  test('the name says what the key sees several of', async () => {
    const { server, computer, list } = await aWatched()
    const names = async (place?: Computer) => (await list('', await anApiKey(server, place)))[0]?.name
    expect(await names(computer)).toBe('Documents')
    expect(await names()).toBe('acme / File server / Documents')
  })

  test('pings are listed with their durations and bodies, newest first', async () => {
    const { server, get, check, ping } = await aWatched()
    await ping(`/start?rid=${aRid(1)}`)
    server.now += seconds(90.5)
    await ping(`?rid=${aRid(1)}`, 'all went well')
    server.now += seconds(1)
    await ping('/log')
    const { unique_key } = await check()
    const url = `/api/v3/checks/${unique_key}/pings/`
    const common = { scheme: 'http', remote_addr: '127.0.0.1', method: 'POST', ua: 'lightMyRequest' }
    const body_url = (n: number) => `https://backup.example.net/api/v3/checks/${unique_key}/pings/${n}/body`
    expect((await get(url)).json()).toEqual({
      pings: [
        { type: 'log', date: '2026-03-05T15:01:31+00:00', n: 3, ...common, rid: null, body_url: body_url(3) },
        {
          type: 'success',
          date: '2026-03-05T15:01:30+00:00',
          n: 2,
          ...common,
          rid: aRid(1),
          duration: 90.5,
          body_url: body_url(2),
        },
        { type: 'start', date: '2026-03-05T15:00:00+00:00', n: 1, ...common, rid: aRid(1), body_url: null },
      ],
    })
    const body = await get(`${url}2/body`)
    expect([...said(body), body.headers['content-type']]).toEqual([200, 'all went well', 'text/plain; charset=utf-8'])
  })

  test('a set that is reported in other ways has its runs for pings, and as soon as it is pinged its pings', async () => {
    const { server, computer, get, check, ping } = await aWatched()
    await recordAgo(server, computer, 'Documents', { errors: 2, messages: [{ level: 'ERROR', text: 'x' }] })
    await recordAgo(server, computer, 'Documents', {
      status: 'RUNNING',
      local_start: '2026-03-05T09:50:00-05:00',
      local_end: '',
    })
    const { unique_key, n_pings } = await check()
    expect(n_pings).toBe(2)
    const pings = async () =>
      (await get(`/api/v3/checks/${unique_key}/pings`)).json<{ pings: Record<string, unknown>[] }>().pings
    const empty = { scheme: '', remote_addr: '', method: '', ua: '', rid: null, body_url: null }
    expect(await pings()).toEqual([
      { type: 'start', date: '2026-03-05T14:50:00+00:00', n: 2, ...empty },
      { type: 'fail', date: '2026-03-05T14:10:00+00:00', n: 1, ...empty, duration: 600 },
    ])
    server.now += minutes(1)
    await ping()
    expect((await pings()).map(({ n, type }) => [n, type])).toEqual([[1, 'success']])
    server.now += hours(2)
    await recordAgo(server, computer, 'Documents', {
      local_start: '2026-03-05T12:00:00-05:00',
      local_end: '2026-03-05T12:01:00-05:00',
    })
    expect((await pings()).map(({ type }) => type)).toEqual(['success', 'success', 'start', 'fail'])
  })

  test('flips are those of the history, in the time that is asked for', async () => {
    const { server, get, check, ping } = await aWatched()
    const at = async (now: number, path: string) => {
      server.now = now
      await ping(path)
      await server.store.judge({ now, catchUpMs: 0 })
    }
    await at(testNow, '')
    await at(testNow + minutes(10), '/fail')
    await at(testNow + minutes(20), '/start')
    await at(testNow + minutes(30), '')
    const { unique_key } = await check()
    const flips = async (query: string) =>
      (await get(`/api/v3/checks/${unique_key}/flips/${query}`)).json<{ flips: unknown[] }>().flips
    const all = [
      { timestamp: '2026-03-05T15:30:00+00:00', up: 1 },
      { timestamp: '2026-03-05T15:10:00+00:00', up: 0 },
      { timestamp: '2026-03-05T15:00:00+00:00', up: 1 },
    ]
    const second = (minute: number) => (testNow + minutes(minute)) / 1_000
    expect(await flips('')).toEqual(all)
    expect(await flips('?seconds=1200')).toEqual(all.slice(0, 2))
    expect(await flips(`?start=${second(10)}&end=${second(30)}`)).toEqual(all.slice(1, 2))
    expect(await flips('?seconds=0&start=&end=')).toEqual(all.slice(0, 1))
    await server.store.changePartner(server.root.id, { policy: { ERRORS: 'WARNING' } })
    expect(await flips('')).toEqual(all.slice(2))
  })

  test('badges are listed for every tag, and there are no channels', async () => {
    const { get } = await aWatched()
    const { badges } = (await get('/api/v3/badges/')).json<{ badges: Record<string, Record<string, string>> }>()
    expect(Object.keys(badges)).toEqual(['*', 'acme', '0000', 'file-server'])
    expect(Object.keys(badges['acme'] ?? {})).toEqual(['svg', 'svg3', 'json', 'json3', 'shields', 'shields3'])
    expect((await get('/api/v3/channels/')).json()).toEqual({ channels: [] })
  })

  test('the status needs no key', async () => {
    const { server } = await aWatched()
    expect(said(await server.get('/api/v3/status/'))).toEqual([200, 'OK'])
  })

  test('a page of any other site may read it', async () => {
    const { get } = await aWatched()
    const answers = [
      await get('/api/v3/checks/'),
      await get('/api/v3/checks/', 'x'),
      await get('/api/v3/checks/nothing'),
    ]
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'X-Api-Key',
        'access-control-max-age': '600',
        'cache-control': expect.stringMatching(/^(?:private, no-cache|no-store)$/) as string,
      })
    }
  })
})

describe('204', () => {
  test.each([
    'checks/',
    'checks/1',
    'checks/1/pings/',
    'checks/1/pings/1/body',
    'checks/1/flips/',
    'checks/1/pause',
    'status/',
  ])('OPTIONS %s needs no key', async path => {
    const server = await aServer()
    const { statusCode, headers } = await server.send({ method: 'OPTIONS', url: `/api/v3/${path}` })
    expect([statusCode, headers['access-control-allow-methods']]).toEqual([204, 'GET, OPTIONS'])
  })
})

describe('400', () => {
  test.each(['seconds=-1', 'seconds=31536001', 'seconds=1.5', 'start=now', 'end=10000000001', 'start=1e3', 'end=%00'])(
    'flips?%s',
    async query => {
      const { get, check } = await aWatched()
      const { unique_key } = await check()
      const answer = await get(`/api/v3/checks/${unique_key}/flips/?${query}`)
      const name = query.split('=')[0]
      expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
        400,
        expect.stringContaining(`${name} must be`),
      ])
    },
  )
})

describe('401', () => {
  const paths = [
    'checks/',
    'checks/1',
    'checks/1/pings/',
    'checks/1/pings/1/body',
    'checks/1/flips/',
    'badges/',
    'channels/',
  ]

  test.each(paths)('%s without a key, with a short one, and with an unknown one', async path => {
    const { server, get } = await aWatched()
    const url = `/api/v3/${path}`
    expect(said(await server.get(url))).toEqual([401, '{"error":"missing api key"}'])
    expect(said(await get(url, 'short'))).toEqual([401, '{"error":"missing api key"}'])
    expect(said(await get(url, 'x'.repeat(32)))).toEqual([401, '{"error":"wrong api key"}'])
  })

  test('a key that was removed, and that of a deleted computer', async () => {
    const { server, computer, get, key } = await aWatched()
    const own = await anApiKey(server, computer)
    expect((await get('/api/v3/checks/', own)).statusCode).toBe(200)
    for (const { id } of await server.store.listApiKeys()) if (id === 1) await server.store.removeApiKey(id)
    expect(said(await get('/api/v3/checks/', key))).toEqual([401, '{"error":"wrong api key"}'])
    await server.store.changeComputer(computer.key, { status: 'deleted' })
    expect((await get('/api/v3/checks/', own)).statusCode).toBe(401)
  })
})

describe('403', () => {
  test.each([
    ['POST', 'checks/'],
    ['POST', 'checks/1'],
    ['DELETE', 'checks/1'],
    ['POST', 'checks/1/pause'],
    ['POST', 'checks/1/resume'],
  ] as const)('%s %s says that the API is read-only, whatever the body', async (method, path) => {
    const { server, key } = await aWatched()
    const headers = { 'x-api-key': key, 'content-type': 'application/json' }
    const answer = await server.send({ method, url: `/api/v3/${path}`, headers, payload: '{"broken' })
    expect([answer.statusCode, answer.json()]).toEqual([403, { error: expect.stringContaining('read-only') as string }])
  })
})

describe('404', () => {
  test('a check of somebody else is answered like one that there is not', async () => {
    const { server, check, pingId, get } = await aWatched()
    const { unique_key } = await check()
    const foreign = await anApiKey(server, await anAccount(server, { username: 'foreign' }))
    const north = await anApiKey(server, await aPartner(server))
    const unknown = '0'.repeat(40)
    for (const path of ['', '/pings/', '/pings/1/body', '/flips/']) {
      const nothing = said(await get(`/api/v3/checks/${unknown}${path}`))
      expect(nothing).toEqual([404, '{"error":"There is no such check."}'])
      for (const name of [unique_key, pingId]) {
        for (const key of [foreign, north]) {
          expect(said(await get(`/api/v3/checks/${name}${path}`, key))).toEqual(nothing)
        }
      }
    }
    expect((await get('/api/v3/checks/', foreign)).json()).toEqual({ checks: [] })
  })

  test.each(['0', '2', '1.5', '-1', 'one', '99999999999999999'])('ping %s', async n => {
    const { get, check, ping } = await aWatched()
    await ping('', 'well')
    const { unique_key } = await check()
    expect((await get(`/api/v3/checks/${unique_key}/pings/${n}/body`)).statusCode).toBe(404)
    expect(said(await get(`/api/v3/checks/${unique_key}/pings/1/body`))).toEqual([200, 'well'])
  })
})

test('whatever is asked for is answered in JSON, and breaks nothing', async () => {
  const { server, key, check } = await aWatched()
  const { unique_key } = await check()
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }))
  const part = text.map(one => encodeURIComponent(one.toWellFormed()))
  const name = fc.oneof(part, fc.constant(unique_key))
  const query = fc.dictionary(fc.constantFrom('tag', 'slug', 'seconds', 'start', 'end', '__proto__', 'x'), part)
  const path = fc.oneof(
    name.map(one => `checks/${one}`),
    name.map(one => `checks/${one}/pings/`),
    name.map(one => `checks/${one}/flips/`),
    fc.tuple(name, part).map(([one, n]) => `checks/${one}/pings/${n}/body`),
    fc.constantFrom('checks/', 'badges/'),
  )
  await fc.assert(
    fc.asyncProperty(path, query, fc.constantFrom(1, 2, 3), async (asked, parameters, api) => {
      const more = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
      const url = `/api/v${api}/${asked}?${more.join('&')}`
      const answer = await server.get(url, { headers: { 'x-api-key': key } })
      expect([200, 400, 404]).toContain(answer.statusCode)
      expect(() => answer.json<unknown>()).not.toThrow()
    }),
    { numRuns: 60 },
  )
})
