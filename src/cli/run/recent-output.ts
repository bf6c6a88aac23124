/** The last bytes of a stream, and one thing more: nothing is done with them until somebody asks. */
export type RecentOutput = { see(chunk: Buffer): void; toText(): string }

const recentBytes = 32 * 1024

/** Remembers the last 32 KiB of what it sees, in whole chunks. */
export function buildRecentOutput(): RecentOutput {
  const chunks: Buffer[] = []
  let size = 0
  return {
    see(chunk) {
      chunks.push(chunk)
      size += chunk.length
      while (size - (chunks[0]?.length ?? 0) >= recentBytes) size -= chunks.shift()?.length ?? 0
    },
    toText: () => Buffer.concat(chunks).subarray(-recentBytes).toString('utf8'),
  }
}
