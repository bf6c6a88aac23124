import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Cores } from './cores.ts'
import type { Usage } from './measured.ts'
import { resultsFolder } from './options.ts'

/** A server under measurement, in a process of its own. */
export type ServerProcess = { port: number; usage: () => Promise<Usage>; stop: () => Promise<void> }

export type ServerStart = {
  /** Its file in `bench/servers/`. */
  file: string
  env: Record<string, string>
  cores: Cores
  /** Whether it writes a CPU profile when it ends. */
  profiles?: boolean
}

/** Starts a server on the core that is for servers; answers once it listens. */
export async function startServer({ file, env, cores, profiles = false }: ServerStart): Promise<ServerProcess> {
  const script = fileURLToPath(new URL(`../servers/${file}`, import.meta.url))
  const flags = profiles ? ['--cpu-prof', `--cpu-prof-dir=${resultsFolder}profiles`] : []
  const command = [process.execPath, '--max-semi-space-size=4', ...flags, script]
  const [program = '', ...args] = cores.server === undefined ? command : ['taskset', '-c', cores.server, ...command]
  const child = spawn(program, args, {
    // As `bin/lastgood` does: types are stripped once, and not in every process anew.
    env: { ...process.env, NODE_COMPILE_CACHE: `${resultsFolder}compiled`, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const { port } = (await answerOf(child)) as { port: number }
  return {
    port,
    usage: async () => {
      const answer = answerOf(child)
      child.send('usage')
      return (await answer) as Usage
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** The next message of a child; a child that ends instead is a failure. */
export async function answerOf(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    const [kind, value] = (await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => ['message', message] as const),
      once(child, 'exit', { signal }).then(([status]: unknown[]) => ['exit', status] as const),
    ])) as readonly [string, unknown]
    if (kind === 'message') return value
    throw new Error(`${child.spawnargs.join(' ')} ended with status ${String(value)}.`)
  } finally {
    settled.abort()
  }
}
