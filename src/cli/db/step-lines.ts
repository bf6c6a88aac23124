import { toProgressBar } from '../run/progress-bar.ts'

/** Tells people how far something has come that takes long. */
export type StepLines = {
  /** What is done now, and which part of it, from 0 to 1; null where nobody knows. */
  step: (what: string, fraction: number | null) => void
  /** Something that is done, or that takes a while: a line of its own. */
  say: (sentence: string) => void
  /** Takes the bar away. */
  close: () => void
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>

const everyMs = 200
const clearLine = '\r\u001B[K'

/**
 * Opens the progress of a command on its stderr: a bar in the last line of a terminal, below what is said; elsewhere what is
 * said alone. Nothing at all when `isQuiet`.
 */
export function openStepLines(
  isQuiet: boolean,
  stream: Stream = process.stderr,
  clock: () => number = Date.now,
): StepLines {
  const startedAt = clock()
  let drawnAt = -Infinity
  let isDrawn = false

  function clear(): void {
    if (isDrawn) stream.write(clearLine)
    isDrawn = false
  }

  return {
    step: (what, fraction) => {
      if (isQuiet || !stream.isTTY || clock() - drawnAt < everyMs) return
      drawnAt = clock()
      isDrawn = true
      const room = Math.max(20, (stream.columns || 80) - what.length - 3)
      stream.write(`${clearLine}${toProgressBar(toProgress(fraction, clock() - startedAt), room)}  ${what}`)
    },
    say: sentence => {
      if (isQuiet) return
      clear()
      stream.write(`${sentence}\n`)
    },
    close: clear,
  }
}

function toProgress(fraction: number | null, elapsedMs: number): Parameters<typeof toProgressBar>[0] {
  const leftMs = fraction !== null && fraction > 0.02 ? (elapsedMs / fraction) * (1 - fraction) : null
  return {
    fraction,
    files: null,
    totalFiles: null,
    bytes: null,
    totalBytes: null,
    storedBytes: null,
    secondsLeft: leftMs === null ? null : Math.ceil(leftMs / 1_000),
  }
}

/** Milliseconds as people read them. */
export function toDurationText(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}
