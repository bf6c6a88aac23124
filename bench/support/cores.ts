import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Where processes run: the server under measurement alone on one core, everything else on the others. */
export type Cores = { server: string | undefined; others: string | undefined }

/**
 * Pins this process, and with it every process that it starts, to all cores but the first, which is for the server.
 * Without `taskset`, or with a single core, nothing is pinned.
 */
export function pinToOtherCores(): Cores {
  const count = availableParallelism()
  const others = count === 2 ? '1' : `1-${count - 1}`
  if (count < 2 || !isOnPath('taskset')) return { server: undefined, others: undefined }
  execFileSync('taskset', ['-a', '-c', '-p', others, String(process.pid)], { stdio: 'ignore' })
  return { server: '0', others }
}

/** Whether a program can be started by its name. */
export function isOnPath(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    // The answer of the shell that there is none.
    return false
  }
}
