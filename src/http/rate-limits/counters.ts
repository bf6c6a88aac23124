import type { Instant } from '../../domain/instant.ts'

/** What was counted under a key in the window that it is in, and when that ends. */
export type Standing = { used: number; endsAt: Instant }

/** Counts under keys, in windows of time that begin with the first count of a key. */
export type Counters = {
  /** Counts `weight` under a key and answers what there is then. */
  add(key: string, weight: number, now: Instant): Standing
  /** What there is under a key, without counting. */
  read(key: string, now: Instant): Standing
  /** Puts what is known by now in the place of what was counted under a key. */
  correct(key: string, known: Standing): Standing
  /** How many keys are remembered. */
  size(): number
}

/**
 * Builds counters in the memory of this process. At most `most` keys are remembered; then those whose windows began first
 * are forgotten. A window that a clock set back has put into the future ends at once.
 */
export function buildCounters(windowMs: number, most = 100_000): Counters {
  // In the order in which the windows began, as a key moves to the end when it gets a new one.
  const windows = new Map<string, Standing>()

  function find(key: string, now: Instant): Standing | undefined {
    const found = windows.get(key)
    return found && found.endsAt > now && found.endsAt <= now + windowMs ? found : undefined
  }

  function begin(key: string, now: Instant): Standing {
    windows.delete(key)
    for (const [oldest, { endsAt }] of windows) {
      if (endsAt > now && windows.size < most) break
      windows.delete(oldest)
    }
    const begun = { used: 0, endsAt: now + windowMs }
    windows.set(key, begun)
    return begun
  }

  return {
    add(key, weight, now) {
      const standing = find(key, now) ?? begin(key, now)
      standing.used += weight
      return standing
    },
    read: (key, now) => find(key, now) ?? { used: 0, endsAt: now },
    correct(key, known) {
      const standing = windows.get(key)
      // Of a key that is forgotten nothing is remembered anew: it would be at the wrong end.
      return standing ? Object.assign(standing, known) : known
    },
    size: () => windows.size,
  }
}
