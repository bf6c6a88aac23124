import { days, hours, type Instant } from '../domain/instant.ts'
import { pause as pauseFor } from './pause.ts'
import type { Clock, KeptDays, Retained, Store } from './ports.ts'

/** What the upkeep tells of itself: what went, and what went wrong. */
export type UpkeepEvents = {
  onRemoved?: (gone: Omit<Retained, 'hasMore'>) => void
  /** The partitions that were made for the runs of months, and how many were dropped. */
  onPartitions?: (changed: { made: string[]; dropped: number }) => void
  onError?: (error: unknown) => void
}

/** How it goes about it: `pause` lets others have their turn for so many milliseconds, and ends early with the signal. */
export type UpkeepTerms = { kept: KeptDays; events?: UpkeepEvents; pause?: typeof pauseFor }

/** An upkeep that goes on until it is stopped; `stop` waits for what is under way. */
export type Upkeep = { stop: () => Promise<void> }

const everyMs = hours(1)
const betweenBatchesMs = 50
const tokensKeptMs = days(1)
const mailsKeptMs = days(90)

/**
 * Removes what is kept no longer, now and every hour: tokens a day after they ended, until when their bearers are told
 * that they expired; mails that nobody has made anything of; and what each account keeps no longer, in small batches with
 * pauses. Months of runs get their partitions ahead, and lose them when no account keeps them. Any number of processes may do so on one database. A failure is told, and the next hour tries again.
 */
export function startUpkeep(store: Store, clock: Clock, { kept, events = {}, pause = pauseFor }: UpkeepTerms): Upkeep {
  const stopping = new AbortController()
  const { signal } = stopping
  const underWay = keepUp()

  return {
    stop: () => {
      stopping.abort()
      return underWay
    },
  }

  async function keepUp(): Promise<void> {
    while (!signal.aborted) {
      const now = clock()
      const tasks = [
        () => keepPartitions(now),
        () => store.removeExpiredSecrets(now - tokensKeptMs),
        () => store.removeOldMails(now - mailsKeptMs),
        () => retainAll(now),
        shrinkAll,
      ]
      for (const task of tasks) {
        if (signal.aborted) break
        try {
          await task()
        } catch (error) {
          events.onError?.(error)
        }
      }
      await pause(everyMs, signal)
    }
  }

  /** Whole months first: what they hold no batch has to remove. */
  async function keepPartitions(now: Instant): Promise<void> {
    const made = await store.keepPartitions(now)
    const runDays = await store.longestRunDays(kept.runDays)
    const dropped = runDays === 0 ? 0 : await store.dropPartitionsBefore(now - days(runDays))
    if (made.length + dropped > 0) events.onPartitions?.({ made, dropped })
  }

  async function shrinkAll(): Promise<void> {
    while (!signal.aborted && (await store.shrink())) await pause(betweenBatchesMs, signal)
  }

  /** Batch after batch of account after account; what went is told even if a later batch fails. */
  async function retainAll(now: Instant): Promise<void> {
    const gone = { runs: 0, logs: 0, logBytes: 0 }
    try {
      for (;;) {
        const { runs, logs, logBytes, hasMore } = await store.retain({ now, ...kept })
        gone.runs += runs
        gone.logs += logs
        gone.logBytes += logBytes
        if (!hasMore || signal.aborted) break
        await pause(betweenBatchesMs, signal)
      }
    } finally {
      if (gone.runs + gone.logs > 0) events.onRemoved?.(gone)
    }
  }
}
