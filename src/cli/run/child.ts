import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { openPipes, type Pipe } from './pipe.ts'

/** A program that was started, with the reading ends of its output. */
export type Child = { pid: number; process: ChildProcess; stdout: Readable; stderr: Readable }

export type ChildStart = { file: string; args: readonly string[]; ownGroup: boolean }

/**
 * Starts a program with our stdin, in our process group or in one of its own. Resolves to the error of the system when
 * it cannot be started; never rejects.
 */
export async function startChild(start: ChildStart): Promise<Child | Error> {
  const pipes = openPipesIfPossible()
  const child = await spawnWith(pipes, start)
  for (const pipe of pipes) {
    pipe.closeWriteEnd()
    if (child instanceof Error) pipe.readEnd.destroy()
  }
  return child
}

async function spawnWith([outPipe, errPipe]: readonly Pipe[], start: ChildStart): Promise<Child | Error> {
  try {
    const child = spawn(start.file, start.args, {
      stdio: ['inherit', outPipe?.writeFd ?? 'pipe', errPipe?.writeFd ?? 'pipe'],
      detached: start.ownGroup,
    })
    const failure = new Promise<Error>(resolve => child.once('error', resolve))
    const stdout = outPipe?.readEnd ?? child.stdout
    const stderr = errPipe?.readEnd ?? child.stderr
    if (child.pid === undefined || !stdout || !stderr) return await failure
    return { pid: child.pid, process: child, stdout, stderr }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function openPipesIfPossible(): Pipe[] {
  try {
    return openPipes(2)
  } catch {
    // The sockets that Node makes instead do for all but a command that opens /dev/stdout or /dev/stderr itself.
    return []
  }
}
