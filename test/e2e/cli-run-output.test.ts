import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess, startRun } from '../support/lastgood-process.ts'
import { openReportReceiver, toParts } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe.concurrent('the output', () => {
  test('any bytes go through unchanged, on both streams', async () => {
    await using server = await openReportReceiver()
    const [out, err] = [randomBytes(3_000_000), randomBytes(2_000_000)]
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'out'), out)
    writeFileSync(join(folder.path, 'err'), err)
    const [outFd, errFd] = [
      openSync(join(folder.path, 'passed-out'), 'w'),
      openSync(join(folder.path, 'passed-err'), 'w'),
    ]
    const run = startRun(server.url, ['sh', '-c', 'cat out & cat err >&2; wait'], {
      cwd: folder.path,
      stdio: ['ignore', outFd, errFd],
    })
    expect((await run.ended).status).toBe(0)
    closeSync(outFd)
    closeSync(errFd)
    expect(readFileSync(join(folder.path, 'passed-out')).equals(out)).toBe(true)
    expect(readFileSync(join(folder.path, 'passed-err')).equals(err)).toBe(true)
  })

  test('20 MB go through from stdin to stdout, in constant memory', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const bytes = randomBytes(20_000_000)
    const run = startRun(server.url, ['sh', '-c', 'cat; grep VmHWM /proc/$PPID/status > memory || :'], {
      cwd: folder.path,
    })
    run.child.stdin?.end(bytes)
    const { status, stdout } = await run.ended
    expect(status).toBe(0)
    expect(sha256(stdout)).toBe(sha256(bytes))
    if (process.platform === 'linux') {
      expect(Number(/\d+/.exec(readFileSync(join(folder.path, 'memory'), 'utf8'))?.[0])).toBeLessThan(150_000)
    }
  })

  test.each([
    ['no final line end', 'printf end', 'end'],
    ['carriage returns', 'printf "10%%\\r20%%\\r"', '10%\r20%\r'],
    ['a line of 60 kB', 'head -c 60000 /dev/zero | tr "\\0" x', 'x'.repeat(60_000)],
    ['nothing', ':', ''],
  ])('%s goes through and is reported', async (_, script, output) => {
    await using server = await openReportReceiver()
    const { stdout } = await startRun(server.url, ['sh', '-c', script]).ended
    expect(stdout.toString()).toBe(output)
    const end = server.reports[1]
    expect(end && (await toParts(end))).toEqual({ stdout: output, stderr: '' })
  })

  test('it goes through before the command ends', async () => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', 'printf "password: "; read answer; echo "$answer"'])
    await run.says('password: ')
    run.child.stdin?.end('secret\n')
    expect((await run.ended).stdout.toString()).toBe('password: secret\n')
  })

  test('a command can open /dev/stdout and /dev/stderr', async () => {
    await using server = await openReportReceiver()
    const run = startRun(server.url, ['sh', '-c', 'echo out > /dev/stdout; echo err > /dev/stderr'])
    expect(await run.ended).toMatchObject({ status: 0, stdout: Buffer.from('out\n'), stderr: 'err\n' })
  })

  test('a command whose reader went away is told so, as it would be without the wrapper', async () => {
    await using server = await openReportReceiver()
    const env = { ...process.env, LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey }
    const script = `{ '${lastgoodProgram}' run --set Documents -- yes; echo "$?" >&2; } | head -n 1`
    const { stdout, stderr } = await startProcess(['sh', '-c', script], { env }).ended
    expect([stdout.toString(), stderr]).toEqual(['y\n', '141\n'])
    expect(server.reports[1]?.query).toMatchObject({ exit_status: '141', signal: 'SIGPIPE' })
  })

  test.runIf(process.platform === 'linux')('a command whose output could not be written has failed', async () => {
    await using server = await openReportReceiver()
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = await startRun(server.url, ['echo', 'dump'], { stdio: ['ignore', full, 'pipe'] }).ended
    closeSync(full)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^lastgood: the output of the command could not be written: ENOSPC.*\n$/)
    expect(server.reports[1]?.query['exit_status']).toBe('1')
  })
})

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
