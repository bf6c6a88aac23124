/** What a process has used since it began. */
export type Usage = { cpuUs: number; rssBytes: number }

/**
 * For a process that a benchmark started: tells it where the server listens, answers what this process has used (all
 * of its threads) whenever it is asked, and ends with the benchmark.
 */
export function serveBenchmark(port: number, close: () => Promise<void>): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuUs: user + system, rssBytes: process.memoryUsage.rss() } satisfies Usage)
  })
  process.on('disconnect', () => {
    void close().finally(() => process.exit())
  })
  process.send?.({ port })
}
