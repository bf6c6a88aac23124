import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { type Machine, onMachine, signal } from './namespaces.ts'

/** A program that runs on a machine of the test. */
export type MachineProcess = { pid: number; hasEnded: () => boolean; kill: () => Promise<void>; child: ChildProcess }

/** How a program is started; `log` is the file that its output is added to. */
export type StartOptions = { user: string; log: string; env?: NodeJS.ProcessEnv; cwd?: string }

/** Starts a program on a machine. */
export function startOn(machine: Machine, command: readonly string[], options: StartOptions): MachineProcess {
  const [file = '', ...args] = onMachine(machine, options.user, command)
  const log = openSync(options.log, 'a')
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...options.env }
  const child = spawn(file, args, { env, cwd: options.cwd ?? '/', stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = once(child, 'exit')
  const { pid } = child
  if (pid === undefined) throw new Error(`${file} cannot be started.`)
  return {
    pid,
    child,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: async () => {
      signal(pid, 'SIGKILL')
      await ended
    },
  }
}
