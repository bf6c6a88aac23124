import { setTimeout } from 'node:timers/promises'
import type { Places } from './postgres-places.ts'

/** Lets attempts to connect through while the database is there, and keeps them away while it is not. */
export type Gate = {
  /** Takes a place and makes an attempt, or throws at once what the last one failed of. */
  pass: <Result>(attempt: () => Promise<Result>) => Promise<Result>
  /** Gives back the place of an attempt that succeeded. */
  leave: () => void
  /** Says that the database is away: who waits is sent away, and the next attempt is made alone. */
  shut: (failure: unknown) => void
}

const firstPauseMs = 100
const longestPauseMs = 5_000
const patienceMs = 500

/**
 * Builds a gate. After a failed attempt nobody tries for a while, which doubles up to five seconds and is never quite the
 * same, so that many processes don't come back at one moment. Then one tries; who comes meanwhile waits for it, but not long.
 */
export function buildGate(places: Places): Gate {
  let failure: unknown
  let failures = 0
  let opensAt: number | undefined
  let probe: Promise<unknown> | undefined

  function shut(reason: unknown, at = 0): void {
    failure = reason
    opensAt ??= at
    places.clear(reason)
  }

  async function attemptOnce<Result>(attempt: () => Promise<Result>, isAlone: boolean): Promise<Result> {
    try {
      const result = await attempt()
      failures = 0
      opensAt = undefined
      return result
    } catch (error) {
      places.give()
      // Of attempts that were under way together the first alone counts.
      if (isAlone || opensAt === undefined) {
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures) * (0.5 + Math.random() / 2)
        failures += 1
        opensAt = undefined
        shut(error, performance.now() + pauseMs)
      }
      throw error
    }
  }

  async function attemptAlone<Result>(attempt: () => Promise<Result>): Promise<Result> {
    // What is under way may hold all places without ever ending.
    places.seize()
    const made = attemptOnce(attempt, true)
    probe = made.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await made
    } finally {
      probe = undefined
    }
  }

  async function pass<Result>(attempt: () => Promise<Result>): Promise<Result> {
    if (opensAt !== undefined) {
      if (performance.now() < opensAt) throw failure
      if (!probe) return attemptAlone(attempt)
      await Promise.race([probe, setTimeout(patienceMs)])
      if (opensAt !== undefined) throw failure
    }
    await places.take()
    return attemptOnce(attempt, false)
  }

  return { pass, leave: places.give, shut }
}
