import type { Absence } from '../domain/absence.ts'
import { type Instant, minutes, seconds } from '../domain/instant.ts'
import { pause } from './pause.ts'
import type { Clock, LastAwake, Store } from './ports.ts'

/** What the watch tells of itself: absences it has noticed, what it found, and what went wrong. */
export type WatchEvents = {
  onAbsence?: (absence: Absence) => void
  onJudged?: (found: { judged: number; changed: number }) => void
  onError?: (error: unknown) => void
}

/** A watch that goes on until it is stopped; `stop` waits for what is under way and says that the server goes. */
export type Watch = { stop: () => Promise<void> }

const everyMs = seconds(1)
const pulseEveryMs = seconds(5)

/** In so many seconds a server that is awake has said so. */
const looksForOthers = 7

/** A server whose last pulse is older by the clock of another is no longer awake, however wrong the two clocks are. */
const longestDifferenceMs = minutes(2)

/**
 * Judges sets as their deadlines pass and as reports come in: every second what has become due. Any number of processes
 * may watch one database. Before anything is judged, and whenever the clock has leapt, the time in which no server was
 * awake is stored; where others may be awake just now, it first waits whether one says so. A failure is told, and the next
 * second tries again.
 */
export function startWatch(store: Store, clock: Clock, catchUpMs: number, events: WatchEvents = {}): Watch {
  const stopping = new AbortController()
  const { signal } = stopping
  const underWay = watch()

  return {
    stop: () => {
      stopping.abort()
      return underWay
    },
  }

  async function watch(): Promise<void> {
    let pulsedAt: Instant | undefined
    while (!signal.aborted) {
      try {
        const now = clock()
        if (pulsedAt === undefined) {
          const found = await lookForOthers(now)
          if (signal.aborted) break
          await pulse(now, { found })
          pulsedAt = now
        } else if (now - pulsedAt >= pulseEveryMs || now < pulsedAt) {
          await pulse(now, { pulsedAt })
          pulsedAt = now
        }
        await judgeAll()
      } catch (error) {
        events.onError?.(error)
      }
      await pause(everyMs, signal)
    }
    // Up to here this server was awake.
    if (pulsedAt !== undefined) await pulse(clock(), { pulsedAt }).catch((error: unknown) => events.onError?.(error))
  }

  /**
   * Waits whether another server says that it is awake, where one may, and answers what the last pulse was before. An
   * SQLite database has one server.
   */
  async function lookForOthers(now: Instant): Promise<Instant | undefined> {
    const found = store.kind === 'sqlite' ? undefined : await store.lastPulse()
    if (found === undefined || Math.abs(now - found) > longestDifferenceMs) return undefined
    for (let looks = 0; looks < looksForOthers && !signal.aborted; looks += 1) {
      await pause(everyMs, signal)
      if ((await store.lastPulse()) !== found) break
    }
    return found
  }

  async function pulse(now: Instant, last: LastAwake): Promise<void> {
    const absence = await store.pulse(now, last)
    if (absence) events.onAbsence?.(absence)
  }

  /** Batch after batch, so that requests and recordings come in between. */
  async function judgeAll(): Promise<void> {
    const found = { judged: 0, changed: 0 }
    for (;;) {
      const { judged, changed, hasMore } = await store.judge({ now: clock(), catchUpMs })
      found.judged += judged
      found.changed += changed
      if (!hasMore || signal.aborted) break
    }
    if (found.judged > 0) events.onJudged?.(found)
  }
}
