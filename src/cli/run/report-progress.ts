import { toOutputLines } from '../../backup-tools/output-lines.ts'
import { type Progress, readProgress } from '../../backup-tools/progress.ts'
import type { RecentOutput } from './recent-output.ts'

/** What reports how far a run has come. */
export type ProgressReports = {
  /** Ends them at once: what is on its way is given up, and nothing is sent after it. */
  stop(): void
}

export type ProgressSource = {
  everyMs: number
  /** What the streams of the command wrote last. */
  outputs: readonly Pick<RecentOutput, 'toText'>[]
  /** Sends one report, until it is told to give up. */
  send: (progress: Progress, abort: AbortSignal) => Promise<void>
}

/**
 * Sends how far a run has come, when its output tells and it has come further, every so often until it is stopped. One
 * report at a time. One that the server does not take is dropped without a word: the next says more.
 */
export function openProgressReports({ everyMs, outputs, send }: ProgressSource): ProgressReports {
  const abort = new AbortController()
  let sent = ''
  let isSending = false

  async function report(): Promise<void> {
    const progress = findProgress(outputs)
    if (isSending || !progress || JSON.stringify(progress) === sent) return
    sent = JSON.stringify(progress)
    isSending = true
    // Whatever keeps the server from taking it will be told when the run ends.
    await send(progress, abort.signal).catch(() => undefined)
    isSending = false
  }

  const timer = setInterval(() => void report(), everyMs)
  timer.unref()
  return {
    stop() {
      clearInterval(timer)
      abort.abort()
    },
  }
}

/**
 * The members of a report that say how far a running run has come by its update at `localTime` (`docs/api.md`, "One run as
 * JSON"). What is not known is left out. `bytes` are those that reached the destination: few tools say them.
 */
export function toUpdate({ files, totalFiles, storedBytes }: Progress, localTime: string) {
  return {
    local_end: localTime,
    processed_files: files ?? undefined,
    total_files: totalFiles ?? undefined,
    bytes: storedBytes ?? undefined,
  }
}

/** The newest progress in any of the outputs; of several the one that tells how many files there are. */
export function findProgress(outputs: readonly Pick<RecentOutput, 'toText'>[]): Progress | null {
  const found = outputs.map(output => newestIn(output.toText())).filter(progress => progress !== null)
  return found.find(progress => progress.files !== null) ?? found[0] ?? null
}

function newestIn(text: string): Progress | null {
  const lines = toOutputLines(text)
  for (const line of lines.toReversed()) {
    const progress = readProgress(line)
    if (progress && tells(progress)) return progress
  }
  return null
}

/** Whether it tells anything of how far the run has come. */
function tells({ files, totalFiles, storedBytes }: Progress): boolean {
  return files !== null || totalFiles !== null || storedBytes !== null
}
