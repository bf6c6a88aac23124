import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess } from '../support/lastgood-process.ts'
import { openReportReceiver } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const checkout = join(dirname(lastgoodProgram), '..')
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string }
const olderNode = findOlderNode()

describe.concurrent('bin/lastgood starts', () => {
  test.each([
    ['by itself', [lastgoodProgram]],
    ['by sh', ['sh', lastgoodProgram]],
    ['by sh, from its own folder', ['sh', 'lastgood']],
    ['by the Node of the checkout', [process.execPath, lastgoodProgram]],
  ])('%s', async (_, program) => {
    const { status, stdout, stderr } = await startProcess([...program, '--version'], { cwd: dirname(lastgoodProgram) })
      .ended
    expect([status, stdout.toString(), stderr]).toEqual([0, `${version}\n`, ''])
  })

  test.each(['itself', 'sh', process.execPath])('through links, by %s', async runner => {
    using folder = temporaryFolder()
    symlinkSync(lastgoodProgram, join(folder.path, 'first'))
    symlinkSync('first', join(folder.path, 'last good'))
    const program = runner === 'itself' ? ['./last good'] : [runner, './last good']
    const { stdout } = await startProcess([...program, '--version'], { cwd: folder.path }).ended
    expect(stdout.toString()).toBe(`${version}\n`)
  })

  test('found on the PATH', async () => {
    using folder = temporaryFolder()
    symlinkSync(lastgoodProgram, join(folder.path, 'lastgood'))
    const env = { ...process.env, PATH: [folder.path, process.env['PATH']].join(delimiter) }
    const { stdout } = await startProcess(['sh', '-c', 'lastgood --version'], { env }).ended
    expect(stdout.toString()).toBe(`${version}\n`)
  })

  test('with a new enough Node on the PATH, where the checkout brings none', async () => {
    using folder = temporaryFolder()
    const program = copyProgram(folder.path)
    mkdirSync(join(folder.path, 'node_modules'))
    symlinkSync(join(checkout, 'src'), join(folder.path, 'src'))
    const env = { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) }
    const { stdout } = await startProcess([program, '--version'], { env }).ended
    expect(stdout.toString()).toBe(`${version}\n`)
  })
})

test('a user who may not write into the checkout keeps what is compiled in a cache of their own', async () => {
  using folder = temporaryFolder()
  const program = copyProgram(folder.path)
  mkdirSync(join(folder.path, 'node_modules'))
  symlinkSync(join(checkout, 'src'), join(folder.path, 'src'))
  // A file in its place, which no user can write into, whoever runs the tests.
  writeFileSync(join(folder.path, 'node_modules/.cache'), '')
  const { NODE_COMPILE_CACHE: _, ...others } = process.env
  const env = { ...others, XDG_CACHE_HOME: join(folder.path, 'own') }
  const { status } = await startProcess([process.execPath, program, '--version'], { env }).ended
  expect(status).toBe(0)
  const [ofNode = ''] = readdirSync(join(folder.path, 'own/lastgood'))
  expect(readdirSync(join(folder.path, 'own/lastgood', ofNode)).length).toBeGreaterThan(0)
})

describe.concurrent('without packages bin/lastgood says what to do', () => {
  test.each(['itself', 'sh', process.execPath, olderNode ?? 'itself'])('by %s', async runner => {
    using folder = temporaryFolder()
    const program = copyProgram(folder.path)
    const { status, stdout, stderr } = await startProcess(runner === 'itself' ? [program] : [runner, program]).ended
    expect([status, stdout.toString()]).toEqual([1, ''])
    expect(stderr).toBe(
      `lastgood: Lastgood needs Node 26 or newer and its packages: run \`npm ci\` in ${folder.path}, which brings both.\n`,
    )
  })
})

describe.runIf(olderNode)('an older Node hands over to that of the checkout', { concurrent: true }, () => {
  test('and ends with its status and output', async () => {
    const run = startByOlderNode('', ['sh', '-c', 'cat; exit 3'])
    run.child.stdin?.end('through\n')
    expect(await run.ended).toMatchObject({ status: 3, stdout: Buffer.from('through\n') })
  })

  test('and dies of its signal', async () => {
    const run = startByOlderNode('', ['sh', '-c', 'kill -TERM $$'])
    expect(await run.ended).toMatchObject({ status: null, signal: 'SIGTERM' })
  })

  test('and passes on a signal to the whole process group once', async () => {
    await using server = await openReportReceiver()
    const script = `let count = 0
      process.on('SIGINT', () => console.log('interrupted ' + ++count))
      process.on('SIGTERM', () => process.exit(count))
      setInterval(() => undefined, 1_000_000)
      console.log('ready')`
    const run = startByOlderNode(server.url, [process.execPath, '-e', script])
    await run.says('ready')
    process.kill(-(run.child.pid ?? 0), 'SIGINT')
    await run.says('interrupted 1')
    run.child.kill('SIGTERM')
    expect((await run.ended).status).toBe(1)
    expect(server.reports[1]?.query['signal']).toBe('SIGINT')
  })
})

function startByOlderNode(url: string, command: readonly string[]) {
  const env = { ...process.env, LASTGOOD_URL: url, LASTGOOD_KEY: someKey }
  const program = [olderNode ?? '', lastgoodProgram, 'run', '--set', 'Documents', '--', ...command]
  return startProcess(program, { env, detached: true })
}

function copyProgram(folder: string): string {
  mkdirSync(join(folder, 'bin'))
  const program = join(folder, 'bin/lastgood')
  copyFileSync(lastgoodProgram, program)
  return program
}

function findOlderNode(): string | undefined {
  const programs = (process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, 'node'))
  return programs.find(program => existsSync(program) && majorOf(program) < 26)
}

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1])
}
