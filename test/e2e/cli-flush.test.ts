import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess, startRun } from '../support/lastgood-process.ts'
import { type Answering, openReportReceiver, take } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const nowhere = 'http://127.0.0.1:9'
const otherKey = `lgk_${'o'.repeat(43)}`

async function flush(spool: string, url: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const started = startProcess([lastgoodProgram, 'flush', ...args], {
    env: { ...process.env, LASTGOOD_SPOOL: spool, LASTGOOD_URL: url, LASTGOOD_KEY: someKey, ...env },
  })
  const ended = await started.ended
  return { ...ended, stdout: ended.stdout.toString() }
}

/** A spool with the start and the result of a run in it. */
async function aFullSpool(key = someKey) {
  const folder = temporaryFolder()
  const env = { LASTGOOD_SPOOL: folder.path, LASTGOOD_KEY: key }
  const run = await startRun(nowhere, ['sh', '-c', 'echo out; exit 3'], { env }).ended
  return { run, path: folder.path, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const reportsIn = (spool: string) => readdirSync(spool).filter(name => /\.(start|result)$/.test(name))

describe.concurrent('lastgood flush', () => {
  test('delivers what a run could not, in order, and says so', async () => {
    using spool = await aFullSpool()
    expect(spool.run).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
    expect(spool.run.stderr).toMatch(
      /^lastgood: the run was not reported yet, its report is kept .* check LASTGOOD_URL, /,
    )
    await using server = await openReportReceiver()
    const ended = await flush(spool.path, server.url, ['--now'])
    expect(ended).toMatchObject({ status: 0, stdout: `2 reports were delivered to ${server.url}.\n`, stderr: '' })
    const [start, result] = server.reports
    expect(JSON.parse(String(start?.body))).toMatchObject({ status: 'RUNNING', run_key: result?.query['run_key'] })
    expect(result?.query).toMatchObject({ backupset: 'Documents', exit_status: '3' })
    expect(reportsIn(spool.path)).toEqual([])
    expect(await flush(spool.path, server.url)).toMatchObject({ status: 0, stdout: 'Nothing is spooled.\n' })
  })

  test('leaves what the server does not take, and says what to do: 1', async () => {
    using spool = await aFullSpool()
    const { status, stdout, stderr } = await flush(spool.path, nowhere, ['--quiet', '--now'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^lastgood: 2 reports are still in .*refused the connection: .* It is tried again after \d{4}-/,
    )
    const json = await flush(spool.path, nowhere, ['--json'])
    expect(json).toMatchObject({ status: 1, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ delivered: 0, left: 2, under_other_keys: 0 })
  })

  test('--wait keeps trying until the server takes them', async () => {
    using spool = await aFullSpool()
    await using server = await openReportReceiver((response, _, number) =>
      number < 3 ? response.writeHead(503, { 'retry-after': '0' }).end() : take(response),
    )
    expect(await flush(spool.path, server.url, ['--wait', '--now'])).toMatchObject({ status: 0, stderr: '' })
    expect(server.reports).toHaveLength(4)
  })

  test('tells of reports under another key, and delivers them when it is told to', async () => {
    using spool = await aFullSpool(otherKey)
    await using server = await openReportReceiver()
    const kept = await flush(spool.path, server.url)
    expect([kept.status, kept.stderr]).toEqual([1, expect.stringMatching(/2 of them were spooled under another key/)])
    expect(server.reports).toEqual([])
    expect(await flush(spool.path, server.url, ['--any-key'])).toMatchObject({ status: 0, stderr: '' })
    expect(server.reports[0]?.headers.authorization).toBe(`Bearer ${someKey}`)
  })

  test('--list shows what is spooled, without a server, a key or a secret', async () => {
    using spool = await aFullSpool()
    const without = { LASTGOOD_URL: '', LASTGOOD_KEY: '' }
    const { status, stdout } = await flush(spool.path, '', ['--list'], without)
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^spooled at .*\n.* start +Documents .*\n.* result +Documents /),
    ])
    expect(stdout).not.toContain('s3cret')
    const listed: unknown = JSON.parse((await flush(spool.path, nowhere, ['--list', '--json'])).stdout)
    expect(listed).toMatchObject([
      { kind: 'start', key: 'present' },
      { kind: 'result', set: 'Documents', server: `${nowhere}/` },
    ])
  })

  test('puts aside what the server refuses, says where, and goes on', async () => {
    using spool = await aFullSpool()
    const refuseStart: Answering = (response, report) =>
      report.query['exit_status'] === undefined
        ? response.writeHead(400).end(JSON.stringify({ error_description: 'No.' }))
        : take(response)
    await using server = await openReportReceiver(refuseStart)
    const { status, stderr } = await flush(spool.path, server.url, ['--now'])
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^lastgood: an earlier report of Documents was refused, and put into .*refused: .* answered 400: No\.\n$/,
      ),
    ])
    expect(readdirSync(join(spool.path, 'refused'))).toHaveLength(2)
    expect((await flush(spool.path, server.url, ['--list'])).stdout).toMatch(/1 report was refused or damaged/)
  })

  test('tells once what was dropped because the spool was too small or too old', async () => {
    using spool = await aFullSpool()
    const state = { dropped: { start: 3, result: 1 } }
    writeFileSync(join(spool.path, 'state.json'), JSON.stringify(state))
    await using server = await openReportReceiver()
    const said = /was full or its reports too old, and was cut back: 1 results of runs, 3 starts of runs dropped\.\n$/
    expect((await flush(spool.path, server.url)).stderr).toMatch(said)
    expect((await flush(spool.path, server.url)).stderr).toBe('')
  })

  test.each([['--wait', 'long'], ['now'], ['--lists']])('%j is wrong usage', async (...args) => {
    using folder = temporaryFolder()
    expect((await flush(folder.path, nowhere, args)).status).toBe(2)
  })

  test('without settings every problem is told at once', async () => {
    using folder = temporaryFolder()
    const { status, stderr } = await flush(folder.path, '', [], { LASTGOOD_KEY: '' })
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^lastgood: LASTGOOD_URL is not set: .* LASTGOOD_KEY is not set/),
    ])
  })
})

describe.concurrent('lastgood run', () => {
  test('delivers what earlier runs left, before its own', async () => {
    using spool = await aFullSpool()
    await using server = await openReportReceiver()
    // The pause after the failures of the earlier run is over.
    writeFileSync(join(spool.path, 'state.json'), '')
    const run = await startRun(server.url, ['true'], { env: { LASTGOOD_SPOOL: spool.path } }).ended
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(server.reports.map(({ query }) => query['exit_status'])).toEqual([undefined, '3', undefined, '0'])
  })

  test('reports without a spool where there can be none, and says so', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    await using server = await openReportReceiver()
    const run = await startRun(server.url, ['sh', '-c', 'echo out; exit 3'], { env: { LASTGOOD_SPOOL: file } }).ended
    expect(run).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
    expect(run.stderr).toMatch(
      /^lastgood: The spool .* cannot be written to \((ENOTDIR|EEXIST)\)\. The run is reported without being kept\.\n$/,
    )
    expect(server.reports).toHaveLength(2)
  })

  test('keeps nothing when the server has taken everything', async () => {
    using folder = temporaryFolder()
    await using server = await openReportReceiver()
    await startRun(server.url, ['true'], { env: { LASTGOOD_SPOOL: folder.path } }).ended
    expect(readdirSync(folder.path).sort()).toEqual(['lock', 'refused'])
  })

  test('--quiet says nothing, and the output of the command stays', async () => {
    using folder = temporaryFolder()
    const env = {
      ...process.env,
      LASTGOOD_URL: nowhere,
      LASTGOOD_KEY: someKey,
      LASTGOOD_SPOOL: join(folder.path, 'spool'),
    }
    const command = ['--', 'sh', '-c', 'echo out; echo err >&2; exit 3']
    const run = await startProcess([lastgoodProgram, 'run', '--quiet', '--set', 'Documents', ...command], { env }).ended
    expect(run).toMatchObject({ status: 3, stdout: Buffer.from('out\n'), stderr: 'err\n' })
    expect(existsSync(join(folder.path, 'spool'))).toBe(true)
  })

  test('--on-missing refuse goes with every report', async () => {
    await using server = await openReportReceiver()
    const env = { ...process.env, LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey }
    await startProcess([lastgoodProgram, 'run', '--on-missing', 'refuse', '--set', 'D', '--', 'true'], { env }).ended
    expect(server.reports.map(({ query }) => query['on_missing'])).toEqual(['refuse', 'refuse'])
  })

  test('reads its settings from a file, and says what is wrong with it', async () => {
    using folder = temporaryFolder()
    await using server = await openReportReceiver()
    const config = join(folder.path, 'agent.conf')
    writeFileSync(config, `LASTGOOD_URL=${server.url}\nLASTGOOD_KEY=${someKey}\nLASTGOOD_PORT=1\n`, { mode: 0o600 })
    const env = { LASTGOOD_URL: '', LASTGOOD_KEY: '', LASTGOOD_CONFIG: config }
    const run = await startRun('', ['true'], { env }).ended
    expect(run).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^lastgood: .*LASTGOOD_PORT is no setting of a computer/),
    })
    expect(server.reports).toHaveLength(2)
  })
})

describe.concurrent('lastgood run --timeout', () => {
  async function runWithLimit(script: string) {
    await using server = await openReportReceiver()
    const env = { ...process.env, LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey }
    const options = ['--set', 'Documents', '--timeout', '1s']
    const run = await startProcess([lastgoodProgram, 'run', ...options, '--', 'sh', '-c', script], { env }).ended
    return { run, result: server.reports.at(-1) }
  }

  test('ends the command and its group with SIGTERM, with status 124, and reports the limit', async () => {
    const { run, result } = await runWithLimit('echo out; sleep 1000 & sleep 1000')
    expect(run).toMatchObject({ status: 124, signal: null, stdout: Buffer.from('out\n') })
    expect(run.stderr).toBe('lastgood: the command was ended after its time limit of 1 seconds.\n')
    expect(result?.query).toMatchObject({ exit_status: '124', time_limit: '1' })
  })

  test('is no limit for a command that is quicker', async () => {
    const { run, result } = await runWithLimit('exit 3')
    expect(run).toMatchObject({ status: 3, stderr: '' })
    expect(result?.query['time_limit']).toBeUndefined()
  })

  test('kills a command that does not heed SIGTERM', async () => {
    const { run } = await runWithLimit('trap "" TERM; while :; do sleep 0.1; done')
    expect(run).toMatchObject({ status: 124, signal: null })
  })
})
