import { type Instant, minutes } from './instant.ts'

/** A time in which a computer was seen, from its first sign of life to its last. */
export type Sighting = { from: Instant; until: Instant }

/** How long after a sign of life the next one must come for a computer to have been there all the time. */
export const sightingGapMs = minutes(15)

/**
 * The latest instant that has at least `presentMs` of sightings between itself and `until`; undefined when there is none.
 * `sightings` are oldest first and do not overlap.
 */
export function latestSeenFor(presentMs: number, until: Instant, sightings: readonly Sighting[]): Instant | undefined {
  let missing = presentMs
  for (const sighting of sightings.toReversed()) {
    const end = Math.min(sighting.until, until)
    const present = end - sighting.from
    if (present >= missing && present >= 0) return end - missing
    missing -= Math.max(present, 0)
  }
  return undefined
}

/** The instant at which `presentMs` of sightings since `from` were reached; undefined while they are not. */
export function seenFor(presentMs: number, from: Instant, sightings: readonly Sighting[]): Instant | undefined {
  let missing = presentMs
  for (const sighting of sightings) {
    const start = Math.max(sighting.from, from)
    const present = sighting.until - start
    if (present >= missing && present >= 0) return start + missing
    missing -= Math.max(present, 0)
  }
  return undefined
}

/** The last sign of life; undefined when there was none. */
export function lastSeenAt(sightings: readonly Sighting[]): Instant | undefined {
  return sightings.at(-1)?.until
}
