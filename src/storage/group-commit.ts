import { isAppError } from '../domain/app-error.ts'

type Waiting<Item, Result> = {
  item: Item
  resolve: (result: Result) => void
  reject: (reason: unknown) => void
}

/** The most changes that share a commit. */
export const largestBatch = 500

/**
 * Lets concurrent changes share one commit. While a batch is on its way the next one gathers; each item is answered
 * after the commit of its own batch. A batch that fails is tried again item by item, so that one bad item fails alone.
 */
export function buildGroupCommit<Item, Result>(
  commit: (items: Item[]) => Promise<Result[]>,
  concurrentBatches: number,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = []
  let underway = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || underway >= concurrentBatches || queue.length === 0) return
    scheduled = true
    // Not at once: the requests that arrived in the same turn of the event loop join this batch.
    setImmediate(() => {
      scheduled = false
      underway += 1
      void flush(queue.splice(0, largestBatch)).finally(() => {
        underway -= 1
        schedule()
      })
      schedule()
    })
  }

  async function flush(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await commit(batch.map(({ item }) => item))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index]
        if (result === undefined) reject(new Error('The batch was answered with too few results.'))
        else resolve(result)
      }
    } catch (error) {
      // A database that is away will not be back for the single items either.
      if (batch.length === 1 || isAppError(error, 'unavailable')) for (const { reject } of batch) reject(error)
      else for (const waiting of batch) await flush([waiting])
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      schedule()
    })
}
