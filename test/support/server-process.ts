import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { lastgoodProgram } from './lastgood-process.ts'

/** A server in a process of its own, as it is run for good. */
export type ServerProcess = {
  url: string
  /** Ends it in the middle of whatever it does, as the kernel does when memory runs out. */
  kill(): Promise<void>
  /** Ends it in good order. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts `serve` of a program on a database and a free port; resolves when it listens. Its log comes to our stderr. */
export async function startServer(
  database: string,
  { program = lastgoodProgram, env: more = {} }: { program?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<ServerProcess> {
  const flags = ['serve', '--json', '--port', '0', '--database', database]
  const env = { ...process.env, LASTGOOD_LOG_LEVEL: 'warn', LASTGOOD_RATE_LIMIT: '0', ...more }
  const child = spawn(program, flags, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return {
    url: (await firstLine(child)).url,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<{ url: string }> {
  if (stdout) {
    for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as { url: string }
  }
  throw new Error('The server ended without listening; its stderr says why.')
}
