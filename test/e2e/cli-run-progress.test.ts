import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess } from '../support/lastgood-process.ts'
import { openReportReceiver, toParts } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { linesOnTerminal } from '../support/terminal.ts'

/* A pseudo-terminal comes from `script` of util-linux; without it, and without the tools, the tests are skipped. */
const has = (program: string, arg = '--version') => spawnSync(program, [arg]).status === 0
const hasTerminal = has('script')

const status = '{"message_type":"status","percent_done":0.25,"total_files":40,"files_done":10}'
const script = `echo one; echo '${status}'; echo two >&2; echo three`

describe.skipIf(!hasTerminal).concurrent('on a terminal', () => {
  test('progress is a bar below the other lines, and nothing of it is left in the end', async () => {
    await using server = await openReportReceiver()
    const written = await onTerminal(server.url, ['sh', '-c', script])
    expect(written).toMatch(/\r\u001B\[K\[=+>? *\] {3}25% {2}10 of 40 files/)
    expect(linesOnTerminal(written).toSorted()).toEqual(['', 'one', 'three', 'two'])
    const end = server.reports.at(-1)
    expect(end && (await toParts(end))).toEqual({ stdout: `one\n${status}\nthree\n`, stderr: 'two\n' })
  })

  test('what is redirected passes unchanged, and the bar is shown all the same', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const out = join(folder.path, 'out')
    const written = await onTerminal(server.url, ['sh', '-c', script], { redirectTo: out })
    expect(readFileSync(out, 'utf8')).toBe(`one\n${status}\nthree\n`)
    expect(written).toContain('10 of 40 files')
    expect(linesOnTerminal(written)).toEqual(['two', ''])
  })

  test.each([
    ['with --no-progress', { options: '--no-progress' }],
    ['on a terminal that cannot draw', { term: 'dumb' }],
  ])('everything passes as it is %s', async (_, how) => {
    await using server = await openReportReceiver()
    const written = await onTerminal(server.url, ['sh', '-c', script], how)
    expect(written.replaceAll('\r\n', '\n').split('\n').toSorted()).toEqual(['', 'one', 'three', 'two', status])
  })

  test('nothing is left of the bar of a command that is interrupted', async () => {
    await using server = await openReportReceiver()
    const written = await onTerminal(server.url, ['sh', '-c', `echo '${status}'; kill -INT $$`])
    expect(linesOnTerminal(written).at(-1)).toBe('')
  })

  test.skipIf(!has('restic', 'version'))('the progress of restic is a bar', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const source = aSource(folder.path)
    const repository = ['--no-cache', '--repo', join(folder.path, 'repository')]
    const env = { ...process.env, RESTIC_PASSWORD: 'correct horse' }
    expect(spawnSync('restic', [...repository, 'init'], { env }).status).toBe(0)
    const written = await onTerminal(server.url, ['restic', ...repository, 'backup', '--json', source], { env })
    expect(written).toMatch(/\r\u001B\[K\[.+\] +\d+%/)
    const shown = linesOnTerminal(written)
    expect(shown.some(line => line.startsWith('{"message_type":"summary"'))).toBe(true)
    expect(shown.filter(line => line.includes('"status"') || line.includes('%'))).toEqual([])
  })

  test.skipIf(!has('borg'))('the progress of borg is a bar', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const source = aSource(folder.path)
    const env = { ...process.env, BORG_BASE_DIR: folder.path, BORG_REPO: join(folder.path, 'repository') }
    expect(spawnSync('borg', ['init', '--encryption', 'none'], { env }).status).toBe(0)
    const command = ['borg', 'create', '--progress', '--log-json', '--json', '::one', source]
    const written = await onTerminal(server.url, command, { env })
    expect(written).toMatch(/\r\u001B\[K\d+ files/)
    expect(linesOnTerminal(written).filter(line => line.includes('archive_progress'))).toEqual([])
  })

  test.skipIf(!has('rsync'))('the progress of rsync is a bar', async () => {
    await using server = await openReportReceiver()
    using folder = temporaryFolder()
    const source = aSource(folder.path)
    const command = ['rsync', '-a', '--stats', '--info=progress2', source, join(folder.path, 'copy')]
    const written = await onTerminal(server.url, command)
    expect(written).toMatch(/\r\u001B\[K\[.+\] +\d+%/)
    const shown = linesOnTerminal(written)
    expect(shown.some(line => line.startsWith('Number of files: '))).toBe(true)
    expect(shown.filter(line => line.includes('to-chk='))).toEqual([])
  })
})

type How = { redirectTo?: string; options?: string; term?: string; env?: NodeJS.ProcessEnv }

/** Runs a command on a terminal of its own and answers all that was written to it, as Latin-1. */
async function onTerminal(url: string, command: readonly string[], how: How = {}): Promise<string> {
  const { redirectTo, options = '', term = 'xterm', env = process.env } = how
  const words = [lastgoodProgram, 'run', ...(options ? [options] : []), '--set', 'Documents', '--', ...command]
  const line = words.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const redirected = redirectTo === undefined ? line : `${line} > '${redirectTo}'`
  const started = startProcess(['script', '-qec', redirected, '/dev/null'], {
    env: { ...env, LASTGOOD_URL: url, LASTGOOD_KEY: someKey, TERM: term },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return (await started.ended).stdout.toString('latin1')
}

/** A folder with something to back up. */
function aSource(folder: string): string {
  const source = join(folder, 'source')
  mkdirSync(source)
  for (let file = 0; file < 20; file += 1) writeFileSync(join(source, String(file)), Buffer.alloc(200_000, file))
  return source
}
