import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess, startRun } from '../support/lastgood-process.ts'
import { openReportReceiver, take } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Counts SIGINT and ends with the count on SIGTERM. */
const countsInterrupts = [
  process.execPath,
  '-e',
  `let count = 0
  process.on('SIGINT', () => console.log('interrupted ' + ++count))
  process.on('SIGTERM', () => process.exit(count))
  setInterval(() => undefined, 1_000_000)
  console.log('ready')`,
]

describe.concurrent('signals', () => {
  test('SIGINT is passed on, waited for, and reported though the command ends with a status of its own', async () => {
    await using server = await openReportReceiver()
    const script = 'trap "echo stopping; exit 7" INT; echo ready; sleep 1000; exit 0'
    const run = startRun(server.url, ['sh', '-c', script])
    await run.says('ready')
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ status: 7, stdout: Buffer.from('ready\nstopping\n') })
    expect(server.reports[1]?.query).toMatchObject({ exit_status: '7', signal: 'SIGINT' })
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends the command and the wrapper', async signal => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', 'echo ready; sleep 1000'])
    await run.says('ready')
    run.child.kill(signal)
    expect(await run.ended).toMatchObject({ status: null, signal })
    expect(server.reports[1]?.query['signal']).toBe(signal)
  })

  test('a signal that comes as soon as the command is there is passed on and reported', async () => {
    await using server = await openReportReceiver()
    // The wrapper is the parent of the command, which stops it before it does anything else.
    const runs = Array.from({ length: 12 }, () =>
      startRun(server.url, ['sh', '-c', 'trap "exit 7" TERM; kill -TERM $PPID; sleep 1000 & wait']),
    )
    const ends = await Promise.all(runs.map(run => run.ended))
    expect(ends.map(({ status, signal }) => [status, signal])).toEqual(runs.map(() => [7, null]))
    const results = server.reports.filter(({ query }) => query['exit_status'] !== undefined)
    expect(results.map(({ query }) => query['signal'])).toEqual(runs.map(() => 'SIGTERM'))
  })

  test('a signal to the whole process group reaches the command once', async () => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, countsInterrupts, { detached: true })
    await run.says('ready')
    process.kill(-(run.child.pid ?? 0), 'SIGINT')
    await run.says('interrupted 1')
    run.child.kill('SIGTERM')
    expect((await run.ended).status).toBe(1)
    expect(server.reports[1]?.query).toMatchObject({ exit_status: '1', signal: 'SIGINT' })
  })

  test.runIf(hasScript())('Ctrl-C in a terminal reaches the command once', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'command.mjs'), countsInterrupts[2] ?? '')
    const line = `echo $$ > pid; exec '${lastgoodProgram}' run --set Documents -- '${process.execPath}' command.mjs`
    const env = { ...process.env, LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey, SHELL: '/bin/sh' }
    const terminal = startProcess(['script', '-qec', line, '/dev/null'], { cwd: folder.path, env })
    await terminal.says('ready')
    terminal.child.stdin?.write('\x03')
    await terminal.says('interrupted 1')
    process.kill(Number(readFileSync(join(folder.path, 'pid'), 'utf8')), 'SIGTERM')
    expect((await terminal.ended).status).toBe(1)
    expect(server.reports[1]?.query).toMatchObject({ exit_status: '1', signal: 'SIGINT' })
  })

  test('a signal that is ignored when the wrapper begins stays ignored', async () => {
    await using server = await openReportReceiver()
    const env = { ...process.env, LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey }
    const command = ['run', '--set', 'Documents', '--', 'sh', '-c', 'trap "exit 5" INT; echo ready; sleep 1000']
    const run = startProcess(['sh', '-c', 'trap "" HUP; exec "$@"', 'sh', lastgoodProgram, ...command], { env })
    await run.says('ready')
    run.child.kill('SIGHUP')
    run.child.kill('SIGINT')
    expect((await run.ended).status).toBe(5)
    expect(server.reports[1]?.query['signal']).toBe('SIGINT')
  })

  test('a signal during the report ends the report and not the result', async () => {
    await using server = await openReportReceiver((response, _, number) => number === 1 && take(response))
    const run = startRun(server.url, ['sh', '-c', 'exit 3'])
    await server.received(2)
    run.child.kill('SIGINT')
    const { status, stderr } = await run.ended
    expect([status, stderr]).toEqual([
      3,
      'lastgood: the run was not reported yet, its report is kept for the next lastgood run or lastgood flush: it was interrupted.\n',
    ])
  })
})

function hasScript(): boolean {
  return process.platform === 'linux' && execFileSync('sh', ['-c', 'command -v script || :']).length > 0
}
