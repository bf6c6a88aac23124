import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { describe, expect, test } from 'vitest'
import { addBackupSet, renewPingId } from '../../app/backup-sets.ts'
import { renewPingKey } from '../../app/computers.ts'
import { toRunKey } from '../../app/record-ping.ts'
import { AppError } from '../../domain/app-error.ts'
import { hours, minutes } from '../../domain/instant.ts'
import { listen, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aToken } from '../../../test/support/builders.ts'
import { aHookedSet } from '../../../test/support/pinged.ts'
import { aRid } from '../../../test/support/pings.ts'
import { testNow } from '../../../test/support/tree.ts'
import { everythingStored } from '../../../test/support/stored.ts'

/** A server with a computer that has the set Documents, and what pings it. */
async function aPinged(options: Parameters<typeof aHookedSet>[0] = {}) {
  const hooked = await aHookedSet(options)
  const { server, pingId, pingKey, runs, logOf } = hooked
  return {
    ...hooked,
    logs: async () => Promise.all((await runs()).map(async ({ id }) => (await logOf(id))?.log)),
    ping: (path: string, request: InjectOptions = {}) =>
      server.send({ method: 'GET', url: `/ping/${pingId}${path}`, ...request }),
    pingSlug: (path: string, request: InjectOptions = {}) =>
      server.send({ method: 'GET', url: `/ping/${pingKey}/${path}`, ...request }),
  }
}

const said = ({ statusCode, body }: LightMyRequestResponse) => [statusCode, body]

/** The condition of the set Documents as the report has it. */
async function conditionOf(server: TestServer) {
  const token = await aToken(server)
  const answer = await server.get('/v1/accounts/acme/computers/0000/reports/backup_status', { token })
  const [row] = answer.json<{ list: { condition_status: string; condition_types: string[] }[] }>().list
  return row && [row.condition_status, ...row.condition_types]
}

const resticSummary = (extra = '') =>
  `${extra}{"message_type":"summary","files_new":1,"files_changed":1,"files_unmodified":8,"dirs_new":0,"dirs_changed":0,"dirs_unmodified":2,"data_blobs":1,"tree_blobs":1,"data_added":400,"total_files_processed":10,"total_bytes_processed":9000,"total_duration":1.5,"snapshot_id":"5d5a8f0e"}\n`
const resticError = `{"message_type":"error","error":{"message":"open /x: permission denied"},"during":"archival","item":"/x"}\n`

describe('200', () => {
  test.each([
    ['', 'finished', 'COMPLETED'],
    ['/', 'finished', 'COMPLETED'],
    ['/start', 'running', 'RUNNING'],
    ['/fail', 'failed', 'FAILURE'],
    ['/0', 'finished', 'COMPLETED'],
    ['/1', 'failed', 'FAILURE'],
    ['/255', 'failed', 'FAILURE'],
  ])('<uuid>%s', async (path, state, status) => {
    const { server, ping, runs } = await aPinged()
    expect(said(await ping(path))).toEqual([200, 'OK'])
    expect(await runs()).toMatchObject([{ state, startedAt: testNow }])
    expect((await conditionOf(server))?.[0]).toBe(status)
  })

  test.each([
    ['', 'finished'],
    ['/start', 'running'],
    ['/fail', 'failed'],
    ['/0', 'finished'],
    ['/3', 'failed'],
  ])('<ping key>/<slug>%s', async (path, state) => {
    const { pingSlug, runs } = await aPinged()
    expect(said(await pingSlug(`documents${path}`))).toEqual([200, 'OK'])
    expect(await runs()).toMatchObject([{ state }])
  })

  test('a log, of which nothing follows', async () => {
    const { server, ping, pingSlug, runs, pings } = await aPinged()
    expect(said(await ping('/log', { method: 'POST', payload: 'so far, so good' }))).toEqual([200, 'OK'])
    expect(said(await pingSlug('documents/log'))).toEqual([200, 'OK'])
    expect([await runs(), await conditionOf(server)]).toEqual([[], undefined])
    expect(await pings()).toMatchObject([
      { n: 2, kind: 'log' },
      { n: 1, kind: 'log', runId: null },
    ])
  })

  test('with the headers of the protocol, and nothing that keeps the answer', async () => {
    const { ping, pingSlug } = await aPinged()
    for (const answer of [await ping(''), await pingSlug('documents'), await ping('/start', { method: 'POST' })]) {
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'ping-body-limit': '1000000',
        'content-type': 'text/plain; charset=utf-8',
        'content-length': '2',
        'cache-control': expect.stringContaining('no-cache') as string,
      })
    }
  })

  test('HEAD has the headers and no body', async () => {
    const { ping, runs } = await aPinged()
    const answer = await ping('', { method: 'HEAD' })
    expect(said(answer)).toEqual([200, ''])
    expect(answer.headers).toMatchObject({ 'content-length': '2', 'ping-body-limit': '1000000' })
    expect(await runs()).toHaveLength(1)
  })

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE', 'QUERY', 'PROPFIND'])(
    '%s is as good as any method, and is kept',
    async method => {
      const { ping, pings } = await aPinged()
      expect((await ping('', { method: method as 'GET' })).statusCode).toBe(200)
      expect(await pings()).toMatchObject([{ method }])
    },
  )

  test.each<[string, string]>([
    ['without a type', ''],
    ['that curl calls a form', 'application/x-www-form-urlencoded'],
    ['of text', 'text/plain'],
    ['of JSON that is none', 'application/json'],
    ['of XML', 'application/xml'],
    ['of parts', 'multipart/form-data; boundary=x'],
    ['of parts without a boundary', 'multipart/form-data'],
    ['of a type that is none', ';;;/'],
    ['of a type that nobody knows', 'application/x-nothing'],
  ])('a body %s is the log of its run, as it is', async (_, type) => {
    const { ping, logs } = await aPinged()
    const payload = 'a=b&c=%20d\n{"__proto__": 1\n--x\n<!DOCTYPE a>'
    const headers = type === '' ? {} : { 'content-type': type }
    expect(said(await ping('', { method: 'POST', payload, headers }))).toEqual([200, 'OK'])
    expect(await logs()).toEqual([payload])
  })

  test.each<[string, (body: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', body => Buffer.from(body)],
    ['snappy', body => Buffer.from(body)],
    ['gzip', body => Buffer.from(body)],
  ])('a body of the encoding %s is read, also if it is not what it says', async (encoding, compress) => {
    const { ping, logs } = await aPinged()
    const headers = { 'content-encoding': encoding }
    const answer = await ping('', { method: 'POST', payload: compress('all went well'), headers })
    expect([said(answer), await logs()]).toEqual([[200, 'OK'], ['all went well']])
  })

  test('a compressed body that ends early is kept as far as it can be read', async () => {
    const { ping, logs } = await aPinged()
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${Math.sin(index)}`).join('\n')
    const payload = gzipSync(lines).subarray(0, -20_000)
    expect((await ping('', { method: 'POST', payload, headers: { 'content-encoding': 'gzip' } })).statusCode).toBe(200)
    const [log] = await logs()
    expect(log).toMatch(/^line 0 .*\n… the rest of the body could not be decompressed …\n$/s)
  })

  test('a body of as much as the limit is kept whole, a longer one by its head and its tail', async () => {
    const { ping, logs, server } = await aPinged()
    const body = (size: number) => `head${'x'.repeat(size - 8)}tail`
    await ping('', { method: 'POST', payload: body(1_000_000) })
    server.now += 1
    await ping('', { method: 'POST', payload: body(3_000_000) })
    server.now += 1
    await ping('', { method: 'POST', payload: gzipSync(body(50_000_000)), headers: { 'content-encoding': 'gzip' } })
    const [whole, longer, longest] = await logs()
    expect(whole).toBe(body(1_000_000))
    expect(longer).toMatch(/^headx+\n… 2000000 bytes left out …\nx+tail$/)
    expect(longer?.length).toBe(1_000_000 + '\n… 2000000 bytes left out …\n'.length)
    expect(longest).toMatch(/^headx+\n… 49000000 bytes left out …\nx+tail$/)
  })

  test('bytes that are no text are kept as replacement characters', async () => {
    const { ping, logs } = await aPinged()
    await ping('', { method: 'POST', payload: Buffer.from([0x61, 0xff, 0xfe, 0x00, 0x62, 0xc3]) })
    expect(await logs()).toEqual(['a\uFFFD\uFFFD\uFFFDb\uFFFD'])
  })

  test('a rid joins start and end, in either letter case', async () => {
    const { server, set, ping, runs } = await aPinged()
    await ping(`/start?rid=${aRid(10).toUpperCase()}`)
    server.now += minutes(5)
    expect(said(await ping(`/0?rid=${aRid(10)}`))).toEqual([200, 'OK'])
    expect(await runs()).toMatchObject([
      { runKey: toRunKey(set.id, aRid(10)), state: 'finished', startedAt: testNow, updatedAt: testNow + minutes(5) },
    ])
  })

  test('what else a query says is ignored, and of a repeated parameter the last counts', async () => {
    const { ping, pings } = await aPinged()
    const query = `?rid=no&rid=${aRid(1)}&create=yes&m=hello&rid[]=x&__proto__=1&%00&a=%FF`
    expect(said(await ping(query))).toEqual([200, 'OK'])
    expect(await pings()).toMatchObject([{ rid: aRid(1) }])
  })

  test('a ping is kept with where it came from', async () => {
    const { ping, pings } = await aPinged({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] })
    const headers = {
      'user-agent': `curl/${'8'.repeat(300)}`,
      'x-forwarded-for': '203.0.113.9, 192.0.2.44:1234, 10.1.1.1',
      'x-forwarded-proto': 'https',
    }
    await ping('', { headers })
    await ping('', { headers: { ...headers, 'user-agent': '' }, remoteAddress: '::ffff:198.51.100.7' })
    await ping('', { headers: { forwarded: 'for="[2001:db8::1]:99";proto=https' } })
    expect(await pings()).toMatchObject([
      { remoteAddress: '2001:db8::1', scheme: 'https' },
      { remoteAddress: '198.51.100.7', scheme: 'http', userAgent: '' },
      { remoteAddress: '192.0.2.44', scheme: 'https', userAgent: `curl/${'8'.repeat(195)}` },
    ])
  })

  test('a ping is a sign of life of its computer', async () => {
    const { server, computer, ping } = await aPinged()
    await addBackupSet(server.store, computer, { name: 'Laptop', presence: 'required' }, testNow)
    await ping('/log')
    expect(await server.store.sightings(computer.accountId, computer.key)).toEqual([{ from: testNow, until: testNow }])
  })

  test('a UUID that was replaced is good until its time is up', async () => {
    const { server, set, ping } = await aPinged()
    await renewPingId(server.store, set, hours(24), server.now)
    server.now += hours(24) - 1
    expect((await ping('')).statusCode).toBe(200)
    server.now += 1
    expect(said(await ping(''))).toEqual([404, 'not found'])
  })

  test('the slug of a set that was renamed stays', async () => {
    const { server, set, pingSlug } = await aPinged()
    await server.store.changeBackupSet(set.id, { name: 'Papers' })
    expect(said(await pingSlug('documents'))).toEqual([200, 'OK'])
    expect(said(await pingSlug('papers'))).toEqual([404, 'not found'])
  })

  test('pings of a set that is switched off are taken', async () => {
    const { server, set, ping, runs } = await aPinged()
    await server.store.changeBackupSet(set.id, { enabled: false })
    expect(said(await ping(''))).toEqual([200, 'OK'])
    expect(await runs()).toHaveLength(1)
  })
})

describe('200, graded by the body', () => {
  const send = async (path: string, payload: string, tool: string | null = null) => {
    const { server, ping, runs } = await aPinged({ tool })
    expect(said(await ping(path, { method: 'POST', payload }))).toEqual([200, 'OK'])
    return { condition: await conditionOf(server), run: (await runs())[0] }
  }

  test.each<[string, string, string, string[]]>([
    ['a success with a good body is one', '', resticSummary(), ['COMPLETED', 'COMPLETED']],
    ['a success whose body has warnings', '', resticSummary(resticError), ['WARNING', 'WARNINGS']],
    ['a success whose body tells a failure', '/0', 'Fatal: wrong password or no key found\n', ['FAILURE', 'ERRORS']],
    ['an exit status that is a warning of the tool', '/3', resticSummary(resticError), ['WARNING', 'WARNINGS']],
    ['a fail with a good body stays one', '/fail', resticSummary(), ['FAILURE', 'ERRORS']],
    ['an exit status with a good body is never green', '/1', resticSummary(), ['FAILURE', 'ERRORS']],
    ['any other output changes nothing', '', 'error: everything is lost', ['COMPLETED', 'COMPLETED']],
  ])('%s', async (_, path, body, condition) => {
    expect((await send(path, body, body.startsWith('Fatal') ? 'restic' : null)).condition).toEqual(condition)
  })

  test('counts are those of the body', async () => {
    const { run } = await send('', resticSummary())
    expect(run).toMatchObject({ processedFiles: 10, newFiles: 2, tool: 'restic' })
  })

  test('an output that is not of the tool of its set is doubtful', async () => {
    expect((await send('', 'done', 'restic')).condition).toEqual(['WARNING', 'WARNINGS'])
    expect((await send('', '', 'restic')).condition).toEqual(['COMPLETED', 'COMPLETED'])
    expect((await send('', 'done', 'generic')).condition).toEqual(['COMPLETED', 'COMPLETED'])
  })

  test('a start and a log are not graded', async () => {
    const { server, ping } = await aPinged()
    await ping('/start', { method: 'POST', payload: 'Fatal: nothing\n' })
    await ping('/log', { method: 'POST', payload: resticError })
    expect(await conditionOf(server)).toEqual(['RUNNING', 'RUNNING'])
  })
})

describe('201', () => {
  test('a slug that there is not makes its set, once', async () => {
    const { pingSlug, sets, server, computer } = await aPinged()
    const answer = await pingSlug(`nas--01/start?create=1&rid=${aRid(1)}`)
    expect(said(answer)).toEqual([201, 'Created'])
    expect(answer.headers).toMatchObject({ 'ping-body-limit': '1000000', 'content-length': '7' })
    expect(said(await pingSlug(`nas--01?create=1&rid=${aRid(1)}`))).toEqual([200, 'OK'])
    expect(said(await pingSlug('nas--01'))).toEqual([200, 'OK'])
    const made = (await sets()).find(({ slug }) => slug === 'nas--01')
    expect(made).toMatchObject({ name: 'nas--01', schedule: { kind: 'manual' } })
    expect(await server.store.listBackupRuns(computer.accountId, made?.id ?? 0, 0, 9)).toHaveLength(2)
  })

  test('also when many ask at once', async () => {
    const { pingSlug, sets } = await aPinged()
    const all = await Promise.all(Array.from({ length: 20 }, () => pingSlug('new/log?create=1')))
    expect(all.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1)
    expect(all.filter(({ statusCode }) => statusCode === 200)).toHaveLength(19)
    expect(await sets()).toHaveLength(2)
  })

  test('also when a set of that name has another slug', async () => {
    const { pingSlug, sets, set, server } = await aPinged()
    await server.store.changeBackupSet(set.id, { name: 'nas01' })
    expect(said(await pingSlug('nas01?create=1'))).toEqual([201, 'Created'])
    expect((await sets()).map(({ name, slug }) => [name, slug])).toEqual([
      ['nas01', 'documents'],
      ['nas01 2', 'nas01'],
    ])
  })
})

/** Nothing must have come of a request that was refused. */
async function nothingCame({ pings, sets }: Awaited<ReturnType<typeof aPinged>>): Promise<void> {
  expect([await pings(), (await sets()).length]).toEqual([[], 1])
}

function expectRefusal(answer: LightMyRequestResponse, status: number, body: string): void {
  expect(said(answer)).toEqual([status, body])
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(answer.headers['cache-control']).toContain('no-cache')
  expect(answer.headers['ping-body-limit']).toBeUndefined()
}

describe('400', () => {
  test.each(['/256', '/999', '/99999999999999999999'])('an exit status that is none: %s', async path => {
    const pinged = await aPinged()
    expectRefusal(await pinged.ping(path), 400, 'invalid url format')
    expectRefusal(await pinged.pingSlug(`documents${path}`), 400, 'invalid url format')
    expectRefusal(await pinged.pingSlug(`new${path}?create=1`), 400, 'invalid url format')
    await nothingCame(pinged)
  })

  test('a slug with capital letters, whoever asks', async () => {
    const pinged = await aPinged()
    expectRefusal(await pinged.pingSlug('Documents'), 400, 'invalid url format')
    expectRefusal(await pinged.server.get('/ping/nobody/Documents/start'), 400, 'invalid url format')
    await nothingCame(pinged)
  })

  test.each(['', 'x', aRid(1).replaceAll('-', ''), `{${aRid(1)}}`, `${aRid(1)}0`, `${aRid(1).slice(0, -1)}g`, '%00'])(
    'a rid that is no UUID: %j',
    async rid => {
      const pinged = await aPinged()
      expectRefusal(await pinged.ping(`/start?rid=${rid}`), 400, 'invalid uuid format')
      expectRefusal(await pinged.pingSlug(`documents?rid=${rid}`), 400, 'invalid uuid format')
      expectRefusal(await pinged.pingSlug(`new?create=1&rid=${rid}`), 400, 'invalid uuid format')
      await nothingCame(pinged)
    },
  )
})

describe('404', () => {
  test.each([
    '/ping/00000000-0000-4000-8000-000000000000',
    '/ping/00000000-0000-4000-8000-000000000000/256?rid=x',
    '/ping/',
    '/ping/x',
    '/ping/aBcDeFgHiJkLmNoPqRsTuV/documents',
    '/ping/aBcDeFgHiJkLmNoPqRsTuV/documents?create=1',
    '/ping/documents/documents/documents/documents',
  ])('%s', async url => {
    const pinged = await aPinged()
    for (const method of ['GET', 'POST', 'HEAD', 'DELETE'] as const) {
      const answer = await pinged.server.send({ method, url, ...(method === 'POST' && { payload: 'x'.repeat(9_000) }) })
      expectRefusal(answer, 404, method === 'HEAD' ? '' : 'not found')
    }
    await nothingCame(pinged)
  })

  test('a UUID in another form', async () => {
    const pinged = await aPinged()
    for (const pingId of [pinged.pingId.toUpperCase(), pinged.pingId.replaceAll('-', ''), `${pinged.pingId}0`]) {
      expectRefusal(await pinged.server.get(`/ping/${pingId}`), 404, 'not found')
    }
    await nothingCame(pinged)
  })

  test.each(['new', 'new?create=0', 'new?create=true', 'new?create', 'new/start?create=1&create=2'])(
    'a slug that there is not, unless it may be made: %s',
    async path => {
      const pinged = await aPinged()
      expectRefusal(await pinged.pingSlug(path), 404, 'not found')
      await nothingCame(pinged)
    },
  )

  test('a slug that there is not, where the account takes no new sets', async () => {
    const pinged = await aPinged({ acceptsNewSets: false })
    expectRefusal(await pinged.pingSlug('new?create=1'), 404, 'not found')
    expect(said(await pinged.pingSlug('documents?create=1'))).toEqual([200, 'OK'])
  })

  test('the slug of a set of another computer', async () => {
    const pinged = await aPinged()
    const other = await aComputer(pinged.server, { name: 'Other' })
    const otherKey = await renewPingKey(pinged.server.store, other, testNow)
    expectRefusal(await pinged.server.get(`/ping/${otherKey}/documents`), 404, 'not found')
    await nothingCame(pinged)
  })

  test('a ping key that was replaced', async () => {
    const { server, computer, pingSlug } = await aPinged()
    await renewPingKey(server.store, computer, testNow)
    expectRefusal(await pingSlug('documents'), 404, 'not found')
  })

  test('a computer that was deleted', async () => {
    const { server, computer, ping, pingSlug } = await aPinged()
    await server.store.changeComputer(computer.key, { status: 'deleted' })
    expectRefusal(await ping(''), 404, 'not found')
    expectRefusal(await pingSlug('documents'), 404, 'not found')
  })

  test('a set that was removed', async () => {
    const { server, set, ping } = await aPinged()
    expect((await ping('')).statusCode).toBe(200)
    await server.store.removeBackupSet(set.id)
    expectRefusal(await ping(''), 404, 'not found')
  })
})

describe('409', () => {
  test('a slug of several sets, of which none is pinged', async () => {
    const pinged = await aPinged()
    await addBackupSet(pinged.server.store, pinged.computer, { name: 'DOCUMENTS' }, testNow)
    expectRefusal(await pinged.pingSlug('documents/start?create=1'), 409, 'ambiguous slug')
    expect(await pinged.pings()).toEqual([])
    expect(said(await pinged.ping(''))).toEqual([200, 'OK'])
  })
})

describe('503', () => {
  test('while the database is away', async () => {
    const { server, ping } = await aPinged()
    server.store.recordPing = () => Promise.reject(new AppError('unavailable', 'The database cannot answer now.'))
    const answer = await ping('')
    expectRefusal(answer, 503, 'temporarily unavailable')
    expect(answer.headers['retry-after']).toBe('5')
  })

  test('also while it does not even tell its version', async () => {
    const { server, ping } = await aPinged()
    server.store.treeVersion = () => Promise.reject(new AppError('unavailable', 'The database cannot answer now.'))
    expectRefusal(await ping('/start'), 503, 'temporarily unavailable')
  })
})

describe('the host of pings', () => {
  const at = (host: string) => ({ headers: { host } })

  test.each(['ping.example.net', 'PING.example.net', 'ping.example.net:8443', 'ping.example.net.'])(
    'takes every path for that of a ping: %s',
    async host => {
      const { server, pingId, pingKey, pings } = await aPinged({ pingHost: 'ping.example.net' })
      for (const url of [`/${pingId}`, `/${pingId}/start`, `/${pingKey}/documents/3?rid=${aRid(1)}`, `/ping/${pingId}`])
        expect(said(await server.send({ method: 'POST', url, ...at(host) }))).toEqual([200, 'OK'])
      expect(await pings()).toHaveLength(4)
      for (const url of ['/', '/healthz', '/v1/runs', `/${pingId}x`])
        expectRefusal(await server.send({ method: 'GET', url, ...at(host) }), 404, 'not found')
    },
  )

  test('leaves other hosts as they are', async () => {
    const { server, pingId, pings } = await aPinged({ pingHost: 'ping.example.net' })
    const other = at('backup.example.net')
    expect((await server.send({ method: 'GET', url: `/${pingId}`, ...other })).statusCode).toBe(404)
    expect((await server.send({ method: 'GET', url: '/healthz', ...other })).statusCode).toBe(200)
    expect(said(await server.send({ method: 'GET', url: `/ping/${pingId}`, ...other }))).toEqual([200, 'OK'])
    expect(await pings()).toHaveLength(1)
  })

  test('is what a trusted proxy says', async () => {
    const { server, pingId } = await aPinged({ pingHost: 'ping.example.net', trustedProxies: ['127.0.0.1'] })
    const headers = { host: 'upstream', 'x-forwarded-host': 'ping.example.net' }
    expect((await server.get(`/${pingId}`, { headers })).statusCode).toBe(200)
    expect((await server.get(`/${pingId}`, { headers, remoteAddress: '192.0.2.1' })).statusCode).toBe(404)
  })
})

describe('over a real connection', () => {
  async function exchange(server: TestServer, ...parts: string[]): Promise<string> {
    const { port } = await listen(server)
    const socket = createConnection(port, '127.0.0.1')
    for (const part of parts) socket.write(part)
    return text(socket)
  }

  test('HTTP/1.0 without a host', async () => {
    const { server, pingId, pings } = await aPinged()
    const answer = await exchange(server, `GET /ping/${pingId}/start HTTP/1.0\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-length: 2\r\n[^]*\r\n\r\nOK$/i)
    expect(await pings()).toMatchObject([{ kind: 'start', remoteAddress: '127.0.0.1', scheme: 'http' }])
  })

  test('a body in chunks, also of a GET', async () => {
    const { server, pingId, logs } = await aPinged()
    const head = `GET /ping/${pingId} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`
    expect(await exchange(server, head, '3\r\nall\r\n', '5\r\n good\r\n', '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(await logs()).toEqual(['all good'])
  })

  test('a request that names its whole URL, as to a proxy', async () => {
    const { server, pingId } = await aPinged({ pingHost: 'ping.example.net' })
    const head = `GET http://ping.example.net/${pingId} HTTP/1.1\r\nhost: ping.example.net\r\nconnection: close\r\n\r\n`
    expect(await exchange(server, head)).toMatch(/^HTTP\/1\.1 200 OK/)
  })

  test('a caller that goes away in the middle has pinged nothing', async () => {
    const { server, pingId, pings } = await aPinged()
    const { port } = await listen(server)
    const socket = createConnection(port, '127.0.0.1')
    socket.write(`POST /ping/${pingId} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf`)
    const closed = new Promise(resolve => {
      server.app.server.once('request', (request: NodeJS.ReadableStream) => request.once('close', resolve))
    })
    await new Promise(resolve => {
      server.app.server.once('request', resolve)
    })
    socket.destroy()
    await closed
    expect(await pings()).toEqual([])
  })
})

test('no secret of a ping is stored as it is', async () => {
  const { server, pingId, pingKey, ping, pingSlug } = await aPinged()
  await ping('/start')
  await pingSlug('documents')
  const all = await everythingStored(server.database)
  expect(all).toContain('Documents')
  for (const secret of [pingId, pingKey]) expect(all).not.toContain(secret)
})
