import { type Instant, minutes } from './instant.ts'

/** A time in which nobody judged: the server was down, asleep, or its clock jumped. */
export type Absence = { from: Instant; until: Instant }

/** Our own absences, oldest first, and how long clients get after each to deliver what they could not. */
export type Absences = { gaps: readonly Absence[]; catchUpMs: number }

/** How long after an absence nothing is called missed that may only be late in arriving. */
export const defaultCatchUpMs = minutes(15)

/** What holds where the server was never away. */
export const neverAbsent: Absences = { gaps: [], catchUpMs: defaultCatchUpMs }

/**
 * A deadline as it counts: one that falls into an absence, or into the time to catch up after it, ends with that time. A
 * report that was due then may still be on its way.
 */
export function extendDeadline(deadline: Instant, { gaps, catchUpMs }: Absences): Instant {
  let extended = deadline
  for (const { from, until } of gaps) {
    if (from <= extended && extended < until + catchUpMs) extended = until + catchUpMs
  }
  return extended
}

/** The instant before which deadlines have passed at `now`, as `extendDeadline` counts them: `now`, or less. */
export function passedDeadlinesAt(now: Instant, { gaps, catchUpMs }: Absences): Instant {
  let passed = now
  for (const { from, until } of gaps.toReversed()) {
    if (from < passed && passed <= until + catchUpMs) passed = from
  }
  return passed
}
