import { writeAll } from './write-all.ts'

/** Where a stream of a command goes. */
export type OutputSink = {
  /** Resolves when the system has taken the bytes, or they are held back until `end` at the latest. */
  write: (chunk: Buffer) => Promise<void>
  /** Writes what was held back. */
  end: () => Promise<void>
}

/** Writes every byte to a file descriptor at once. */
export function toFileDescriptor(fd: number): OutputSink {
  return { write: chunk => writeAll(fd, chunk), end: () => Promise.resolve() }
}
