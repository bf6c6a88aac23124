/** Tells people how far something that takes long has come; `close` takes the line away again. */
export type Progress = { tell(text: string): void; close(): void }

const patienceMs = 1_000
const everyMs = 200

/**
 * Opens a line on a terminal that tells how far something has come, once it takes longer than a second. What is no
 * terminal is told nothing.
 */
export function openProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  clock: () => number = Date.now,
): Progress {
  let nextAt = clock() + patienceMs
  let isShown = false
  return {
    tell(text) {
      if (!stream.isTTY || clock() < nextAt) return
      nextAt = clock() + everyMs
      isShown = true
      stream.write(`\r${text}\u001B[K`)
    },
    close() {
      if (isShown) stream.write('\r\u001B[K')
    },
  }
}
