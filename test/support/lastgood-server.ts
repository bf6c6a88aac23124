import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type EndedProcess, lastgoodProgram, startProcess } from './lastgood-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A folder of the test's own with the path of a database in it, which is not made yet; it goes when disposed of. */
export function newDatabase(): { folder: string; file: string } & Disposable {
  const folder = temporaryFolder()
  return {
    folder: folder.path,
    file: join(folder.path, 'lastgood.sqlite'),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

/** Runs the program on a database to its end. */
export async function lastgood(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') {
  const started = startProcess([lastgoodProgram, ...args], { env: toEnv(file, env) })
  started.child.stdin?.end(input)
  const ended = await started.ended
  return { ...ended, stdout: ended.stdout.toString() }
}

/** Runs a command that must succeed with `--json` and answers what it printed. */
export async function json<Printed = Record<string, string>>(
  file: string,
  ...args: readonly string[]
): Promise<Printed> {
  const { status, stdout, stderr } = await lastgood(file, [...args, '--json'])
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Printed
}

/** The environment of a command on a database; it reports to no server and limits nobody unless `env` says otherwise. */
export function toEnv(file: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LASTGOOD_DATABASE_URL: file,
    LASTGOOD_URL: '',
    LASTGOOD_KEY: '',
    LASTGOOD_RATE_LIMIT: '0',
    ...env,
  }
}

/** Starts a server on any free port; disposing of it kills it where it still runs. */
export async function startServer(file: string, env: NodeJS.ProcessEnv = {}) {
  const started = startProcess([lastgoodProgram, 'serve', '--port', '0'], { env: toEnv(file, env) })
  const said: Buffer[] = []
  started.child.stdout?.on('data', (chunk: Buffer) => said.push(chunk))
  await started.says(')\n')
  const greeting = Buffer.concat(said).toString()
  const url = /listens on (http:\S+)/.exec(greeting)?.[1] ?? ''
  return {
    ...started,
    greeting,
    url,
    logs: (part: string) => whenLogged(started.child, part),
    [Symbol.asyncDispose]: async () => {
      started.child.kill('SIGKILL')
      await started.ended
    },
  }
}

async function whenLogged({ stderr }: ChildProcess, part: string): Promise<void> {
  if (!stderr) throw new Error('The stderr of this process does not come to the test.')
  for (let log = ''; !log.includes(part);) {
    const [chunk] = (await once(stderr, 'data')) as [Buffer]
    log += chunk.toString()
  }
}

/** Stops a server as a service manager does; it must end well. */
export async function stop(server: {
  child: { kill: (signal: NodeJS.Signals) => boolean }
  ended: Promise<EndedProcess>
}) {
  server.child.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ status: 0, signal: null })
}

/** Adds the account acme with one computer; answers the agent key. */
export async function addComputer(file: string): Promise<string> {
  await json(file, 'account', 'add', 'acme', '--time-zone', 'Europe/Berlin')
  const { agent_key: key = '' } = await json(file, 'computer', 'add', 'acme', '--name', 'File server')
  return key
}

/** Reports a run of Documents by the agent key of its computer. */
export function reportRun(url: string, key: string, report: Record<string, unknown> = {}): Promise<Response> {
  return fetch(`${url}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ backupset_name: 'Documents', status: 'SUCCESS', ...report }),
  })
}
