import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aSpool } from '../../../test/support/a-spool.ts'
import { type Answering, openReportReceiver, take } from '../../../test/support/report-receiver.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { days, hours, minutes } from '../../domain/instant.ts'
import { readLedger } from './ledger.ts'
import { openSpool } from './spool.ts'
import { tryLock } from './spool-lock.ts'

const otherKey = `lgk_${'o'.repeat(43)}`

const status =
  (code: number, body: object | string = '', headers: Record<string, string> = {}): Answering =>
  response =>
    response.writeHead(code, headers).end(typeof body === 'string' ? body : JSON.stringify(body))

const explained = { error: 'invalid_request', error_description: 'It cannot be.' }
const keysOf = (reports: { query: Record<string, string> }[]) => reports.map(({ query }) => query['run_key'])

describe('delivering', () => {
  test('sends everything in the order in which it was spooled, and leaves nothing', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    for (const key of ['1', '2', '3']) await spool.add(key)
    // The clock is set back: what comes later stays later.
    spool.world.now -= hours(5)
    await spool.add('4')
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 4, trouble: undefined })
    expect(keysOf(server.reports)).toEqual(['1', '2', '3', '4'])
    expect(server.reports[0]).toMatchObject({ path: '/v1/runs', body: Buffer.from('done') })
    expect(server.reports[0]?.headers.date).toMatch(/ GMT$/)
    expect(await spool.names()).toEqual([])
  })

  test.each<[string, Answering]>([
    ['503', status(503)],
    ['429', status(429)],
    ['401', status(401, explained)],
    ['403', status(403, explained)],
    ['404 without a word', status(404)],
    ['another page', status(200, '<html>')],
    ['a broken connection', response => response.socket?.resetAndDestroy()],
  ])('stops at %s, keeps everything, and asks only once', async (_, answer) => {
    await using server = await openReportReceiver(answer)
    using spool = await aSpool()
    await spool.add('1')
    await spool.add('2')
    const { delivered, trouble } = await spool.deliver(server.url)
    expect([delivered, trouble?.failures, (await spool.names()).length, server.reports.length]).toEqual([0, 1, 2, 1])
  })

  test('puts what the server refuses for good aside, with the reason, and goes on', async () => {
    await using server = await openReportReceiver((response, report, number) =>
      report.query['run_key'] === '1' ? status(400, explained)(response, report, number) : take(response),
    )
    using spool = await aSpool()
    const name = await spool.add('1')
    await spool.add('2')
    const delivery = await spool.deliver(server.url)
    expect(delivery).toMatchObject({ delivered: 1, refused: [{ name, set: 'Documents' }] })
    expect(await spool.names()).toEqual([])
    const refused = join(spool.spool.folder, 'refused')
    expect(readdirSync(refused).sort()).toEqual([name, `${name}.reason`])
    expect(readFileSync(join(refused, `${name}.reason`), 'utf8')).toMatch(/answered 400: It cannot be\.\n$/)
  })

  test.each([
    ['empty', ''],
    ['cut', 'lastgood-spool-1 900 '],
    ['foreign', '<html>'],
  ])('puts a file that is %s aside, and goes on', async (_, content) => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    const damaged = await spool.add('1')
    await spool.add('2')
    writeFileSync(join(spool.spool.folder, damaged), content)
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 1, damaged: [{ name: damaged }] })
    expect(await spool.names()).toEqual([])
  })

  test('keeps a report of an unknown set for later, and goes on', async () => {
    await using server = await openReportReceiver((response, report, number) =>
      report.query['run_key'] === '1' ? status(404, explained)(response, report, number) : take(response),
    )
    using spool = await aSpool()
    const name = await spool.add('1')
    await spool.add('2')
    const { delivered, trouble, kept } = await spool.deliver(server.url)
    expect([delivered, trouble, [...kept.keys()], await spool.names()]).toEqual([1, undefined, [name], [name]])
  })

  test('goes on after a bug that one report meets, and stops after three in a row', async () => {
    await using server = await openReportReceiver(status(500))
    using spool = await aSpool()
    for (const key of ['1', '2', '3', '4']) await spool.add(key)
    expect((await spool.deliver(server.url)).trouble?.reason).toMatch(/answered 500/)
    expect(keysOf(server.reports)).toEqual(['1', '2', '3'])
    expect(await spool.names()).toHaveLength(4)
  })
})

describe('a pause', () => {
  test.each([429, 503])('that the server asks for with %i is kept by the next process, too', async code => {
    await using server = await openReportReceiver((response, report, number) =>
      number === 1 ? status(code, '', { 'retry-after': '120' })(response, report, number) : take(response),
    )
    using spool = await aSpool()
    await spool.add('1')
    const { trouble } = await spool.deliver(server.url)
    expect(trouble?.notBefore).toBe(spool.world.now + minutes(2))
    spool.world.now += minutes(2) - 1
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 0, trouble: { failures: 1 } })
    expect(server.reports).toHaveLength(1)
    spool.world.now += 1
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 1, trouble: undefined })
  })

  test('grows with every failure, whichever process fails', async () => {
    await using server = await openReportReceiver(status(503))
    using spool = await aSpool()
    await spool.add('1')
    const pauses: number[] = []
    for (let round = 0; round < 4; round += 1) {
      const { trouble } = await spool.deliver(server.url)
      pauses.push((trouble?.notBefore ?? 0) - spool.world.now)
      spool.world.now = trouble?.notBefore ?? 0
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000])
  })

  test('is waited for while there is time, and the server is asked again as often as is said', async () => {
    await using server = await openReportReceiver(status(503))
    using spool = await aSpool()
    await spool.add('1')
    await spool.deliver(server.url, { mostAttempts: 3, until: spool.world.now + minutes(1) })
    expect([server.reports.length, spool.world.pauses]).toEqual([3, [500, 1_000]])
  })

  test('leaves the lock to others', async () => {
    await using server = await openReportReceiver(status(503))
    using spool = await aSpool()
    await spool.add('1')
    const wasFree: boolean[] = []
    const { pause } = spool.world
    spool.world.pause = async ms => {
      using lock = await tryLock(spool.spool.folder)
      wasFree.push(lock !== undefined)
      return pause(ms, new AbortController().signal)
    }
    await spool.deliver(server.url, { mostAttempts: 3, until: spool.world.now + minutes(1) })
    expect(wasFree).toEqual([true, true])
  })

  test('is not kept by who is in a hurry to know', async () => {
    await using server = await openReportReceiver((response, report, number) =>
      number === 1 ? status(503, '', { 'retry-after': '3600' })(response, report, number) : take(response),
    )
    using spool = await aSpool()
    await spool.add('1')
    await spool.deliver(server.url)
    expect(await spool.deliver(server.url, { ignoresPauses: true })).toMatchObject({ delivered: 1 })
  })
})

describe('a report that was spooled under another key', () => {
  test('is not sent with the present one, and does not hold up others', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    const other = await spool.add('1', {}, otherKey)
    await spool.add('2')
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 1 })
    expect([keysOf(server.reports), await spool.names()]).toEqual([['2'], [other]])
    expect(await spool.deliver(server.url, { key: otherKey })).toMatchObject({ delivered: 1 })
  })

  test('is sent with the present one when somebody says so', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    await spool.add('1', {}, otherKey)
    expect(await spool.deliver(server.url, { anyKey: true })).toMatchObject({ delivered: 1 })
  })
})

describe('the lock', () => {
  test('lets one deliver at a time, and the others wait', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    await spool.add('1')
    const lock = await tryLock(spool.spool.folder)
    expect(await tryLock(spool.spool.folder)).toBeUndefined()
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 0, isBusy: true })
    lock?.[Symbol.dispose]()
    expect(await spool.deliver(server.url)).toMatchObject({ delivered: 1, isBusy: false })
  })

  test('lets many deliver at once: everything goes once and in order', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    const keys = Array.from({ length: 20 }, (_, index) => String(index))
    for (const key of keys) await spool.add(key)
    const until = spool.world.now + days(1)
    const isDone = async () => (await spool.names()).length === 0
    await Promise.all(keys.map(() => spool.deliver(server.url, { until, isDone })))
    expect(keysOf(server.reports)).toEqual(keys)
  })

  test('is had although somebody wrote into its file', async () => {
    using spool = await aSpool()
    writeFileSync(join(spool.spool.folder, 'lock'), 'garbage '.repeat(100))
    using lock = await tryLock(spool.spool.folder)
    expect(lock).toBeDefined()
  })
})

describe('a spool', () => {
  test.runIf(process.platform !== 'win32')('can be read by its owner alone, and holds no key', async () => {
    using spool = await aSpool()
    const name = await spool.add('1')
    expect(statSync(spool.spool.folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(spool.spool.folder, name)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(spool.spool.folder, name), 'utf8')).not.toContain('s3cret')
  })

  test.runIf(process.platform !== 'win32')('that others could read is closed to them', async () => {
    using folder = temporaryFolder()
    chmodSync(folder.path, 0o755)
    await openSpool(folder.path)
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  })

  test('that is a file is refused by its name', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'spool')
    writeFileSync(file, '')
    await expect(openSpool(file)).rejects.toThrow(/^The spool .* cannot be written to \(E\w+\)\.$/)
  })

  test('forgets what writers left behind that died, and nothing of those who write', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    const { folder } = spool.spool
    for (const name of ['old.tmp', 'new.tmp']) writeFileSync(join(folder, name), 'half')
    utimesSync(join(folder, 'old.tmp'), new Date(), new Date(spool.world.now - hours(2)))
    mkdirSync(join(folder, 'somebody-elses'))
    await spool.deliver(server.url)
    expect(readdirSync(folder).sort()).toEqual(['lock', 'new.tmp', 'refused', 'somebody-elses'])
  })

  test('drops starts before outputs and outputs before results, and counts what it dropped', async () => {
    await using server = await openReportReceiver()
    using spool = await aSpool()
    const content = { headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(30_000, 'x') }
    await spool.add('1', { kind: 'start' })
    await spool.add('2', { content, query: { run_key: '2', exit_status: '0' } })
    await spool.add('3', { content, query: { run_key: '3', exit_status: '0' } })
    await spool.deliver(server.url, { limits: { mostBytes: 40_000, longestMs: days(30) } })
    expect(server.reports.map(({ query, body }) => [query['run_key'], query['output'], body.length])).toEqual([
      ['2', 'dropped', 0],
      ['3', undefined, 30_000],
    ])
    expect((await readLedger(spool.spool.folder)).dropped).toEqual({ progress: 0, start: 1, result: 0, logs: 1 })
  })

  test('keeps what was put aside within bounds, too', async () => {
    await using server = await openReportReceiver(status(400, explained))
    using spool = await aSpool()
    for (const key of ['1', '2', '3']) await spool.add(key)
    await spool.deliver(server.url)
    await spool.deliver(server.url, { limits: { mostBytes: 3_000, longestMs: days(30) } })
    expect((await spool.spool.measure('refused')).length).toBe(2)
  })
})
