import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { days, minutes } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import { aServer, listen } from '../support/a-server.ts'
import { aComputer, anAgentKey } from '../support/builders.ts'
import { addReportingComputer, aReportingComputer, prepareReporting, spooled } from '../support/reporting-computer.ts'
import { startServer } from '../support/server-process.ts'
import { makeDatabaseOn, mayMount, mountSmallDisk } from '../support/small-disk.ts'
import { countRuns } from '../support/stored.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { aNewSet } from '../support/tree.ts'
import { type Fault, openUnreliableFront } from '../support/unreliable-front.ts'

// Most of the time of each is the pauses of the client.
describe.concurrent('what befalls reports on their way ends with one run and the right condition', () => {
  const befalls: [string, Fault[]][] = [
    ['a start that is reset', ['reset']],
    ['a start that is stored and its answer lost', ['reset after it was stored']],
    ['a start that is never answered', ['hang']],
    ['a result that is stored and its answer lost, again and again', ['none', ...lostAnswers(3)]],
    ['500 for everything for a while', [...many(8, { status: 500 })]],
    ['429 for a while', [...many(6, { status: 429, retryAfter: '1' })]],
    ['503 with Retry-After', [...many(4, { status: 503, retryAfter: '1' })]],
    ['one thing after the other', ['reset', { status: 500 }, 'reset after it was stored', { status: 503 }, 'reset']],
  ]

  test.each(befalls)('%s', async (_, faults) => {
    await using prepared = await prepareReporting()
    const { database, computer, spool } = prepared
    await using server = await startServer(database)
    await using front = await openUnreliableFront(server.url, faults)
    expect(await computer.run(front.url, 'Documents', 'echo done; exit 0')).toMatchObject({
      status: 0,
      stdout: Buffer.from('done\n'),
    })
    expect(await computer.flush(front.url, '--wait')).toMatchObject({ status: 0 })
    expect([...(await countRuns(database))]).toEqual([['Documents', 1]])
    expect(await computer.conditions(server.url)).toEqual(new Map([['Documents', ['COMPLETED']]]))
    expect(spooled(spool)).toEqual([])
  })

  test('a server that is away, and comes back elsewhere', async () => {
    await using prepared = await prepareReporting()
    const { database, computer } = prepared
    const nowhere = 'http://127.0.0.1:9'
    expect(await computer.run(nowhere, 'Documents', 'exit 0')).toMatchObject({ status: 0 })
    expect(await computer.run(nowhere, 'Mail', 'exit 3')).toMatchObject({ status: 3 })
    await using server = await startServer(database)
    expect(await computer.flush(server.url)).toMatchObject({ status: 0, stderr: '' })
    expect(await countRuns(database)).toEqual(
      new Map([
        ['Documents', 1],
        ['Mail', 1],
      ]),
    )
    const conditions = new Map([
      ['Documents', ['COMPLETED']],
      ['Mail', ['ERRORS']],
    ])
    expect(await computer.conditions(server.url)).toEqual(conditions)
  })

  test('a server that is killed between the start and the result', async () => {
    await using prepared = await prepareReporting()
    const { database, computer } = prepared
    const first = await startServer(database)
    const run = computer.start(first.url, 'Documents', 'echo ready; read line; exit 0')
    await run.says('ready')
    await untilKnown(() => computer.conditions(first.url))
    expect(await computer.conditions(first.url)).toEqual(new Map([['Documents', ['RUNNING']]]))
    await first.kill()
    run.child.stdin?.end('go\n')
    expect(await run.ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/its report is kept/) })
    await using second = await startServer(database)
    expect(await computer.flush(second.url)).toMatchObject({ status: 0 })
    expect(await countRuns(database)).toEqual(new Map([['Documents', 1]]))
    expect(await computer.conditions(second.url)).toEqual(new Map([['Documents', ['COMPLETED']]]))
  })
})

describe.skipIf(!mayMount())('a disk that is full', () => {
  test('on the computer changes nothing about the command, and the run is reported at once', async () => {
    await using prepared = await prepareReporting()
    const { database, computer } = prepared
    using disk = mountSmallDisk(256)
    disk.fill()
    await using server = await startServer(database)
    const full = { LASTGOOD_SPOOL: join(disk.path, 'spool') }
    const run = await computer.run(server.url, 'Documents', 'echo out; exit 3', full)
    expect(run).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
    expect(run.stderr).toMatch(
      /^lastgood: The spool .* cannot be written to \(ENOSPC\)\. The run is reported without being kept\.\n$/,
    )
    expect(await computer.conditions(server.url)).toEqual(new Map([['Documents', ['ERRORS']]]))
    disk.makeRoom()
    expect(await computer.run(server.url, 'Documents', 'exit 0', full)).toMatchObject({ status: 0, stderr: '' })
    expect(await countRuns(database)).toEqual(new Map([['Documents', 2]]))
  })

  test('on the computer while the server is away too costs the report and nothing else', async () => {
    await using prepared = await prepareReporting()
    using disk = mountSmallDisk(256)
    disk.fill()
    const full = { LASTGOOD_SPOOL: join(disk.path, 'spool') }
    const run = await prepared.computer.run('http://127.0.0.1:9', 'Documents', 'echo out; exit 3', full)
    expect(run).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
    expect(run.stderr).toMatch(/ENOSPC.*\n.*the run was not reported: .* refused the connection/)
  })

  test('on the server leaves reports with the computer, and stores them when there is room', async () => {
    using disk = mountSmallDisk(48 * 1024)
    await using small = await makeDatabaseOn(disk)
    using folder = temporaryFolder()
    const database = small.url
    const computer = aReportingComputer(await addReportingComputer(database), join(folder.path, 'spool'))
    await using server = await startServer(database)
    expect(await computer.run(server.url, 'Documents', 'exit 0')).toMatchObject({ status: 0, stderr: '' })
    disk.fill()
    const run = await computer.run(server.url, 'Mail', 'head -c 300000 /dev/urandom | base64; exit 0')
    expect(run.stderr).toMatch(
      /its report is kept .* (?:The disk of .* is full|The database cannot answer now .*No space left on device)/,
    )
    expect(await computer.conditions(server.url)).not.toContain('Mail')
    disk.makeRoom()
    expect(await computer.flush(server.url)).toMatchObject({ status: 0, stderr: '' })
    expect(await countRuns(database)).toEqual(
      new Map([
        ['Documents', 1],
        ['Mail', 1],
      ]),
    )
    expect((await computer.conditions(server.url)).get('Mail')).toEqual(['COMPLETED'])
  })
})

describe('a computer whose clock is off by a day', () => {
  test.each([
    ['ahead', days(1)],
    ['behind', -days(1)],
  ])('%s has one run, for today, and misses tomorrow', async (_, lead) => {
    using folder = temporaryFolder()
    const server = await aServer()
    // The client is a real program: it is the server's clock that is handed in.
    server.now = Date.now() - lead
    const tree = await aComputer(server)
    const today = new Date(server.now).toISOString()
    const schedule = parseSchedule(`cron ${Number(today.slice(14, 16))} ${Number(today.slice(11, 13))} * * *`)
    await server.store.addBackupSet(aNewSet(tree, { schedule, ownTimeZone: 'UTC' }), server.now - days(2))
    const { url } = await listen(server)
    const computer = aReportingComputer(await anAgentKey(server, tree), join(folder.path, 'spool'))
    expect(await computer.run(url, 'Documents', 'exit 0')).toMatchObject({ status: 0, stderr: '' })
    expect(await countRuns(server.database)).toEqual(new Map([['Documents', 1]]))
    expect((await computer.conditions(url)).get('Documents')).toEqual(['COMPLETED'])
    server.now += days(1) - minutes(30)
    expect((await computer.conditions(url)).get('Documents')).toEqual(['COMPLETED'])
    server.now += minutes(120)
    expect((await computer.conditions(url)).get('Documents')).toEqual(['MISSED'])
  })
})

function lostAnswers(count: number): Fault[] {
  return Array.from({ length: count }, (): Fault => 'reset after it was stored')
}

function many(count: number, fault: Fault): Fault[] {
  return Array.from({ length: count }, () => fault)
}

/** Asks until there is an answer that is not empty: a report travels beside the command. */
async function untilKnown(ask: () => Promise<Map<string, unknown>>): Promise<void> {
  for (;;) if ((await ask()).size > 0) return
}
