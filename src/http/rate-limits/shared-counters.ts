import type { RequestCount, SharedCounts } from '../../app/ports.ts'
import type { Instant } from '../../domain/instant.ts'
import { buildCounters, type Counters, type Standing } from './counters.ts'

/** Of what remains of a limit a process uses so much, one part in so many, before it tells the others. */
export const untoldShare = 32

/** What shared counters count for: `kind` keeps the keys of one limit from those of another. */
export type SharedCountersOptions = {
  kind: string
  limit: number
  windowMs: number
  exchange: SharedCounts
  clock: () => Instant
  /** Called when the others are found to have used up a limit. */
  onExhausted?: (standing: Standing) => void
  onError: (error: unknown) => void
  most?: number
}

/** Counters of one process among several. `stop` tells the others nothing more. */
export type SharedCounters = Counters & { stop(): void }

type Untold = { used: number; endsAt: Instant; remaining: number }

const tellEveryMs = 500
const toldAtOnce = 1_000

/**
 * Builds counters that several processes share: each counts in its own memory, and exchanges with the others every half
 * second what was counted, or at once when a key has used a 32nd of what remained. So each process lets through at most a
 * 32nd of the limit (at least one request), and what it is asked while two exchanges are under way, more than the limit;
 * without the exchange each counts for itself. Nothing is told of a key that has used up everything: that is known.
 */
export function buildSharedCounters(options: SharedCountersOptions): SharedCounters {
  const { kind, limit, windowMs, exchange, clock, onExhausted, onError, most = 100_000 } = options
  const counters = buildCounters(windowMs, most)
  const untold = new Map<string, Untold>()
  let timer: NodeJS.Timeout | undefined
  let isUnderWay = false
  let isStopped = false

  function note(key: string, weight: number, standing: Standing): Untold | undefined {
    const { used, endsAt } = standing
    if (used - weight > limit) return undefined
    const known = untold.get(key)
    if (!known && untold.size >= most) return undefined
    const noted = known?.endsAt === endsAt ? known : { used: 0, endsAt, remaining: limit - (used - weight) }
    noted.used += weight
    untold.set(key, noted)
    return noted
  }

  function tellLater(): void {
    if (isStopped) return
    timer ??= setTimeout(() => {
      timer = undefined
      void tell()
    }, tellEveryMs).unref()
  }

  async function tell(): Promise<void> {
    if (isUnderWay || isStopped) return
    isUnderWay = true
    let hasFailed = false
    const told = takeUntold()
    try {
      if (told.length > 0) {
        const counts = told.map(([key, { used, endsAt }]) => ({ key: `${kind} ${key}`, used, endsAt }))
        for (const count of await exchange(counts, windowMs, clock())) learn(count, clock())
      }
    } catch (error) {
      hasFailed = true
      for (const [key, { used, endsAt, remaining }] of told) giveBack(key, used, endsAt, remaining)
      onError(error)
    }
    isUnderWay = false
    if (untold.size === 0) return
    if (!hasFailed && [...untold.values()].some(isMuch)) void tell()
    else tellLater()
  }

  function takeUntold(): [string, Untold][] {
    const now = clock()
    const told: [string, Untold][] = []
    for (const [key, one] of untold) {
      if (told.length >= toldAtOnce) break
      untold.delete(key)
      if (one.endsAt > now) told.push([key, one])
    }
    return told
  }

  function learn({ key: toldKey, used, endsAt: sharedEnd }: RequestCount, now: Instant): void {
    if (sharedEnd <= now) return
    const key = toldKey.slice(kind.length + 1)
    // Of a clock that runs ahead.
    const endsAt = Math.min(sharedEnd, now + windowMs)
    const later = untold.get(key)
    const standing = counters.correct(key, { used: used + (later?.used ?? 0), endsAt })
    if (later) untold.set(key, { used: later.used, endsAt, remaining: limit - used })
    if (standing.used > limit) onExhausted?.(standing)
  }

  function giveBack(key: string, used: number, endsAt: Instant, remaining: number): void {
    const later = untold.get(key)
    if (later && later.endsAt !== endsAt) return
    untold.set(key, { used: used + (later?.used ?? 0), endsAt, remaining })
  }

  return {
    ...counters,
    add(key, weight, now) {
      const standing = counters.add(key, weight, now)
      const noted = note(key, weight, standing)
      if (noted && isMuch(noted)) void tell()
      else if (noted) tellLater()
      return standing
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

function isMuch({ used, remaining }: Untold): boolean {
  return used * untoldShare >= remaining
}
