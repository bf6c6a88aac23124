import { hours, type Instant, minutes } from './instant.ts'
import { nextDue, parseSchedule, previousDue, type Schedule } from './schedule.ts'
import type { TimeZone } from './time-zone.ts'

/** What is expected of a backup set: when it has to run, how late, for how long, and how old its last good backup may be. */
export type Expectation = {
  schedule: Schedule
  /** The set's own zone, else its computer's, else its account's. */
  zone: TimeZone
  /** How late a run may start. */
  graceMs: number
  /** How early a run may start and still answer a due time; at most half the gap before it. */
  earlyToleranceMs: number
  /** How long a run may take. */
  runLimitMs: number
  /** How old the last good backup may be, from its start; null: as old as it likes. */
  rpoMs: number | null
  /**
   * `ignored`: deadlines run whether or not the computer is there. `required`: they count only the time in which it was
   * seen, and not to have seen it for `notSeenMs` is a finding of its own.
   */
  presence: { kind: 'ignored' } | { kind: 'required'; notSeenMs: number }
  /** Whether the set and its computer are switched on: otherwise nothing is expected. */
  isEnabled: boolean
  /** Since when this is expected: due times count that are later. */
  expectedFrom: Instant
  /** The due time that was missed when the schedule last changed; it stays so if the new schedule agrees. */
  missedBefore: Instant | null
}

/** The bounds of what may be expected, in minutes and days, both included. */
export const expectationBounds = {
  graceMinutes: { least: 0, most: 525_600 },
  earlyToleranceMinutes: { least: 0, most: 1_440 },
  runLimitMinutes: { least: 1, most: 525_600 },
  rpoMinutes: { least: 1, most: 5_256_000 },
  notSeenDays: { least: 1, most: 366 },
} as const

/** How late a run may start where nobody said otherwise. */
export const defaultGraceMs = hours(1)

/** How early a run may start where nobody said otherwise. */
export const defaultEarlyToleranceMs = minutes(15)

/** How long a run may take where nobody said otherwise. */
export const defaultRunLimitMs = hours(24)

/** What a set is expected to do that nobody has said anything of: to run whenever it likes. */
export const defaultExpectation = {
  schedule: parseSchedule('manual'),
  graceMs: defaultGraceMs,
  earlyToleranceMs: defaultEarlyToleranceMs,
  runLimitMs: defaultRunLimitMs,
  rpoMs: null,
  presence: { kind: 'ignored' },
} as const satisfies Partial<Expectation>

/** After how many days a computer whose presence is required counts as not seen, where nobody said otherwise. */
export const defaultNotSeenDays = 7

/** Where due times are counted from: the clock of the zone, and the start of the last run or what stands for it. */
export type DueBasis = { zone: TimeZone; lastStartedAt: Instant }

/** What due times are counted from, given the start of the newest run. */
export function toDueBasis({ zone, expectedFrom }: Expectation, newestStartedAt: Instant | undefined): DueBasis {
  return { zone, lastStartedAt: newestStartedAt ?? expectedFrom }
}

/** The first instant at which a run answers `due`, and no longer the due time before it. */
export function answersFrom({ schedule, earlyToleranceMs }: Expectation, due: Instant, basis: DueBasis): Instant {
  // The gap before the first due time of `every` begins with the start from which it is counted.
  const before = schedule.kind === 'every' ? due - schedule.intervalMs : previousDue(schedule, due - 1, basis)
  const half = before === undefined ? Infinity : Math.floor((due - before) / 2)
  return due - Math.min(earlyToleranceMs, half)
}

/** The first instant at which a run answers the due time after `due`, and no longer `due`; Infinity when none follows. */
export function answersUntil(expectation: Expectation, due: Instant, basis: DueBasis): Instant {
  const next = nextDue(expectation.schedule, due, basis)
  return next === undefined ? Infinity : answersFrom(expectation, next, basis)
}
