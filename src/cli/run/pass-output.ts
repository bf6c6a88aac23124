import type { Readable } from 'node:stream'
import { errorCode } from './error-code.ts'
import { buildOutputCapture, type LoadNeededLines, type OutputCapture } from './output-capture.ts'
import type { OutputSink } from './output-sink.ts'
import type { RecentOutput } from './recent-output.ts'
import { settlesWithin } from './settles-within.ts'

/** An output stream of a command on its way to one of ours. */
export type PassedOutput = {
  capture: OutputCapture
  /** Resolves when the stream has ended, with what kept us from writing it, if anything. */
  ended: Promise<Error | undefined>
  /** Gives up what has not come yet. */
  close(): void
  /** Grows when bytes have moved; undefined while a write waits for its reader. */
  progress(): number | undefined
}

export type OutputPassage = {
  from: Readable
  to: OutputSink
  loadNeededLines: LoadNeededLines
  /** Sees what passes. */
  recent: RecentOutput
}

/**
 * Writes what comes `from` a stream `to` one of ours, as it comes and no faster than it is taken, and captures it. When
 * our reader goes away (`| head`) the stream is closed, so that the command is told what it would be told without us.
 */
export function passOutput({ from, to, loadNeededLines, recent }: OutputPassage): PassedOutput {
  const capture = buildOutputCapture(loadNeededLines)
  let passedBytes = 0
  let isWriting = false
  let isClosed = false
  async function passAll(): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await capture.add(chunk)
      recent.see(chunk)
      isWriting = true
      await to.write(chunk)
      isWriting = false
      passedBytes += chunk.length
    }
  }
  async function pass(): Promise<Error | undefined> {
    const failures = [await failureOf(passAll()), await failureOf(to.end())]
    isWriting = false
    return isClosed ? undefined : failures.find(failure => failure && errorCode(failure) !== 'EPIPE')
  }
  return {
    capture,
    ended: pass(),
    close() {
      isClosed = true
      from.destroy()
    },
    progress: () => (isWriting ? undefined : passedBytes),
  }
}

function failureOf(promise: Promise<void>): Promise<Error | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
}

const lingerMs = 1_000

/**
 * Passes on what a command that has ended left in its pipes. What it started and left running may hold them open
 * (`ssh` with ControlPersist): after a second of silence they are closed. Resolves to what kept us from writing.
 */
export async function passLastOutput(outputs: readonly PassedOutput[]): Promise<Error | undefined> {
  const ended = Promise.all(outputs.map(output => output.ended))
  let before = progressOf(outputs)
  while (!(await settlesWithin(ended, lingerMs))) {
    const now = progressOf(outputs)
    if (now !== undefined && now === before) for (const output of outputs) output.close()
    before = now
  }
  const failures = await ended
  return failures.find(failure => failure !== undefined)
}

function progressOf(outputs: readonly PassedOutput[]): string | undefined {
  const progress = outputs.map(output => output.progress())
  return progress.includes(undefined) ? undefined : progress.join()
}
