import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type EndedProcess, lastgoodProgram, someKey, startProcess, startRun } from '../support/lastgood-process.ts'
import { openReportReceiver, toParts } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe.concurrent('the reports', () => {
  test('a start is reported while the command runs, and its end after it', async () => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', 'read line; echo "$line"; echo broken >&2; exit 3'])
    await server.received(1)
    run.child.stdin?.end('go\n')
    expect(await run.ended).toMatchObject({ status: 3, stderr: 'broken\n' })

    const [start, end] = server.reports
    expect(server.reports).toHaveLength(2)
    expect(start).toMatchObject({ method: 'POST', path: '/v1/runs', query: {} })
    expect(start?.headers).toMatchObject({ authorization: `Bearer ${someKey}`, 'content-type': 'application/json' })
    const reported: unknown = JSON.parse(String(start?.body))
    const runKey = expect.stringMatching(/^[\da-f-]{36}$/)
    const localTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
    expect(reported).toEqual({
      run_key: runKey,
      type: 'BACKUP',
      backupset_name: 'Documents',
      status: 'RUNNING',
      local_start: localTime,
    })
    expect(end).toMatchObject({ method: 'POST', path: '/v1/runs' })
    expect(end?.headers).toMatchObject({ authorization: `Bearer ${someKey}` })
    const { run_key, local_start } = reported as Record<string, unknown>
    expect(end?.query).toEqual({
      command: 'sh',
      backupset: 'Documents',
      run_key,
      local_start,
      local_end: localTime,
      exit_status: '3',
    })
    expect(end && (await toParts(end))).toEqual({ stdout: 'go\n', stderr: 'broken\n' })
  })

  test('times bear the offset of the machine', async () => {
    await using server = await openReportReceiver()
    await startRun(server.url, ['true'], { env: { TZ: 'Asia/Kathmandu' } }).ended
    expect(server.reports[1]?.query).toMatchObject({
      local_start: expect.stringMatching(/\+05:45$/),
      local_end: expect.stringMatching(/\+05:45$/),
    })
  })

  test('a path in LASTGOOD_URL is kept', async () => {
    await using server = await openReportReceiver()
    await startRun(`${server.url}/backups/`, ['true']).ended
    expect(server.reports.map(report => report.path)).toEqual(['/backups/v1/runs', '/backups/v1/runs'])
  })

  test('the key can come from a file', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const keyFile = join(folder.path, 'key')
    writeFileSync(keyFile, `${someKey}\n`)
    await startRun(server.url, ['true'], { env: { LASTGOOD_KEY: '', LASTGOOD_KEY_FILE: keyFile } }).ended
    expect(server.reports[1]?.headers.authorization).toBe(`Bearer ${someKey}`)
  })

  test('of the command the name of the program and a subcommand are reported, and no other argument', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const restic = join(folder.path, 'restic')
    writeFileSync(restic, '#!/bin/sh\necho backed up\n', { mode: 0o755 })
    await startRun(server.url, [restic, 'backup']).ended
    await startRun(server.url, ['echo', '-psecret', 'backup']).ended
    const commands = server.reports.map(report => report.query['command'])
    expect(commands).toEqual([undefined, 'restic backup', undefined, 'echo'])
    expect(server.reports.map(report => report.query['tool'])).toEqual(Array.from({ length: 4 }))
  })

  test('the tool that the command line names is reported', async () => {
    await using server = await openReportReceiver()
    const env = { ...process.env, LASTGOOD_KEY: someKey }
    const options = ['--set', 'Mail', '--url', server.url, '--tool', 'borg']
    const run = startProcess([lastgoodProgram, 'run', ...options, '--', 'restic-or-not'], { env })
    expect(await run.ended).toMatchObject({ status: 127 })
    expect(server.reports[1]?.query).toMatchObject({ tool: 'borg', backupset: 'Mail' })
  })

  test('large output is sent compressed, cut in the middle, with the newest progress line of restic', async () => {
    await using server = await openReportReceiver()
    const progress = '{"message_type":"status","percent_done":0}'
    const script = `echo first; yes '${progress}' | head -n 20000; yes | head -c 2000000; echo last`
    await startRun(server.url, ['sh', '-c', script]).ended
    const end = server.reports[1]
    expect(end?.headers['content-encoding']).toBe('gzip')
    const { stdout } = end ? await toParts(end) : {}
    expect(stdout?.startsWith(`first\n${progress}\ny\n`)).toBe(true)
    expect(stdout).toMatch(/y\n… \d+ bytes left out, but for the lines that tell how the run went …\n/)
    expect(stdout).toMatch(/y\nlast\n$/)
  })

  test('the result is reported though something that the command started holds its output open', async () => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', 'sleep 1000 & echo $!'])
    const { status, stdout } = await run.ended
    process.kill(Number(stdout.toString()), 'SIGKILL')
    expect(status).toBe(0)
    expect(server.reports).toHaveLength(2)
  })
})

describe.concurrent('the exit status', () => {
  test.each([
    [0, ['true'], ''],
    [3, ['sh', '-c', 'exit 3'], ''],
    [127, ['no-such-program'], 'lastgood: no-such-program: command not found\n'],
    [127, ['./no-such-program'], 'lastgood: ./no-such-program: No such file or directory\n'],
    [126, ['/etc/passwd'], 'lastgood: /etc/passwd: Permission denied\n'],
    [139, ['sh', '-c', 'kill -SEGV $$'], ''],
  ])('%i of the command is kept and reported: %j', async (status, command, message) => {
    await using server = await openReportReceiver()
    expect(await startRun(server.url, command).ended).toMatchObject({ status, signal: null, stderr: message })
    const end = server.reports[1]
    expect(end?.query['exit_status']).toBe(String(status))
    expect(end && (await toParts(end))['stderr']).toBe(message.replace('lastgood: ', ''))
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGKILL', 137],
  ])('when %s ends the command the wrapper dies of it too, and %i is reported', async (signal, exitStatus) => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', `kill -${signal.slice(3)} $$`])
    expect(await run.ended).toMatchObject({ status: null, signal })
    expect(server.reports[1]?.query).toMatchObject({ exit_status: String(exitStatus), signal })
  })

  test('arguments reach the command as they are', async () => {
    await using server = await openReportReceiver()
    const { stdout } = await startRun(server.url, ['printf', '%s|', '--set', 'a b', '', '--', '*']).ended
    expect(stdout.toString()).toBe('--set|a b||--|*|')
  })
})

describe.concurrent('without settings', () => {
  test.each([
    ['no address', { LASTGOOD_URL: '' }, /LASTGOOD_URL is not set/],
    ['no key', { LASTGOOD_KEY: '' }, /LASTGOOD_KEY is not set/],
    ['a wrong key', { LASTGOOD_KEY: 'lgk_s3cret' }, /LASTGOOD_KEY holds no agent key/],
    ['neither', { LASTGOOD_URL: '', LASTGOOD_KEY: '' }, /LASTGOOD_URL is not set.*LASTGOOD_KEY is not set/],
    ['a file that is not there', { LASTGOOD_KEY: '', LASTGOOD_KEY_FILE: '/no/key' }, /\/no\/key.*cannot be read/],
  ])('%s is told in one line and the command runs', async (_, env, message) => {
    const run = startRun('http://127.0.0.1:9', ['sh', '-c', 'echo out; exit 3'], { env })
    expectUnhindered(await run.ended, message)
  })

  test.each([
    ['no command', ['--set', 'Documents']],
    ['no set', ['--', 'echo', 'out']],
    ['a set without a name', ['--set', '', '--', 'echo', 'out']],
    ['an unknown option', ['--set', 'Documents', '--unknown', '--', 'echo', 'out']],
  ])('%s is wrong usage, and nothing runs', async (_, args) => {
    const { status, stdout, stderr } = await startProcess([lastgoodProgram, 'run', ...args]).ended
    expect([status, stdout.toString()]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .*\nAdd --help to see what is allowed\.\n$/)
  })
})

function expectUnhindered(ended: EndedProcess, message: RegExp): void {
  expect(ended).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
  expect(ended.stderr).toMatch(/^lastgood: the run (was|will) (not|refused).*\n$/)
  expect(ended.stderr.trimEnd()).toMatch(message)
  expect(ended.stderr).not.toContain('s3cret')
}
