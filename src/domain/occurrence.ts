import { type Absences, extendDeadline, passedDeadlinesAt } from './absence.ts'
import { answersFrom, type Expectation, toDueBasis } from './expectation.ts'
import type { Instant } from './instant.ts'
import { lastSeenAt, latestSeenFor, seenFor, type Sighting } from './presence.ts'
import { hasEnded, type RunFacts } from './run.ts'
import { nextDue, previousDue } from './schedule.ts'

/** A run that has not ended, as far as it matters to other runs. */
export type OpenRun = { startedAt: Instant; updatedAt: Instant }

/** What is known of the backup runs of a set: all that its condition can depend on. */
export type SetHistory = {
  /** The run that started last. */
  newestRun: RunFacts | null
  /** Of the runs that have not ended, the one that started last. */
  openRun: OpenRun | null
  /** When the last good backup began. */
  lastGoodAt: Instant | null
}

/** The history of a set that never ran. */
export const noHistory: SetHistory = { newestRun: null, openRun: null, lastGoodAt: null }

/** What was seen of the server and of the computer: what deadlines depend on. */
export type Surroundings = { absences: Absences; sightings: readonly Sighting[] }

type Objectives = {
  /** By when a newer good backup must have begun; null where nobody asks. */
  goodUntil: Instant | null
  /** By when the computer must have been seen again; null where nobody asks. */
  seenUntil: Instant | null
}

/** The newest run of a set, and until when it may go on. */
export type RunOccurrence = Objectives & { kind: 'run'; run: RunFacts; limitAt: Instant }

/**
 * A due time without a run of its own, later than the newest run. `missedAt` is when it counts as missed, null where
 * only an objective has passed. `openRun` is a run that is still within its limit.
 */
export type DueOccurrence = Objectives & {
  kind: 'due'
  dueAt: Instant
  missedAt: Instant | null
  openRun: (OpenRun & { limitAt: Instant }) | null
}

/** What a condition is derived from: the newest run of a set, or its newest due time without a run. */
export type Occurrence = RunOccurrence | DueOccurrence

/**
 * The newest occurrence of a set: its newest run, or the newest due time that passed with its grace and without a run,
 * whichever is later. Undefined when there is neither. A run that is still going stands for what it makes wait.
 */
export function deriveOccurrence(
  expectation: Expectation,
  history: SetHistory,
  surroundings: Surroundings,
  now: Instant,
): Occurrence | undefined {
  const { newestRun: run } = history
  const objectives = deriveObjectives(expectation, history, surroundings)
  const dueAt = findMissedDue(expectation, run?.startedAt, surroundings, now)
  const openRun = dueAt === undefined ? null : findOpenRun(expectation, history, surroundings, now)
  const isGoing = run !== null && !hasEnded(run) && openRun?.startedAt === run.startedAt
  if (run && (dueAt === undefined || isGoing)) {
    return { kind: 'run', run, limitAt: limitOf(expectation, run, surroundings), ...objectives }
  }
  if (dueAt !== undefined) {
    const missedAt = Math.max(
      missedFrom(expectation, dueAt, surroundings) ?? dueAt,
      lastGoingAt(expectation, history, surroundings, now),
    )
    return { kind: 'due', dueAt, missedAt, openRun, ...objectives }
  }
  // It never ran and nothing was due: only an objective can have passed.
  const passed = [objectives.goodUntil, objectives.seenUntil].flatMap(until =>
    until !== null && until < now ? [until] : [],
  )
  if (passed.length === 0) return undefined
  return { kind: 'due', dueAt: Math.min(...passed), missedAt: null, openRun: null, ...objectives }
}

/**
 * The first instant after `now` at which the condition may become another although nothing is reported; undefined when
 * there is none. Where presence is required, the next sign of life may set one.
 */
export function deriveNextDeadline(
  expectation: Expectation,
  history: SetHistory,
  surroundings: Surroundings,
  now: Instant,
): Instant | undefined {
  const { goodUntil, seenUntil } = deriveObjectives(expectation, history, surroundings)
  const { newestRun, openRun } = history
  const limits = [newestRun && !hasEnded(newestRun) ? newestRun : null, openRun].map(
    run => run && limitOf(expectation, run, surroundings),
  )
  const deadlines = [goodUntil, seenUntil, ...limits, findNextMissedAt(expectation, history, surroundings, now)]
  const coming = deadlines.flatMap(deadline => (deadline !== null && deadline >= now ? [deadline] : []))
  // Deadlines have passed one millisecond after them.
  return coming.length > 0 ? Math.min(...coming) + 1 : undefined
}

/**
 * When a due time counts as missed if no run answers it: after its grace, of which only the time counts in which the
 * computer was seen, where presence is required. Undefined while that has not been seen.
 */
export function missedFrom(
  { graceMs, presence }: Expectation,
  dueAt: Instant,
  { absences, sightings }: Surroundings,
): Instant | undefined {
  const graceEnd = presence.kind === 'required' ? seenFor(graceMs, dueAt, sightings) : dueAt + graceMs
  return graceEnd === undefined ? undefined : extendDeadline(graceEnd, absences)
}

/** The newest due time that has passed with its grace, unless a run started for it or later. */
function findMissedDue(
  expectation: Expectation,
  newestStartedAt: Instant | undefined,
  surroundings: Surroundings,
  now: Instant,
): Instant | undefined {
  const { schedule, isEnabled, expectedFrom, missedBefore, earlyToleranceMs } = expectation
  const latest = latestPassedDue(expectation, surroundings, now)
  if (!isEnabled || latest === undefined) return undefined
  const basis = toDueBasis(expectation, newestStartedAt)
  const dueAt = previousDue(schedule, latest, basis)
  if (dueAt === undefined || isAnswered(dueAt)) return undefined
  if (dueAt > expectedFrom) return dueAt
  if (missedBefore === null || missedBefore > latest) return undefined
  return (newestStartedAt ?? -Infinity) < missedBefore - earlyToleranceMs ? missedBefore : undefined

  function isAnswered(due: Instant): boolean {
    return newestStartedAt !== undefined && newestStartedAt >= answersFrom(expectation, due, basis)
  }
}

/** The latest instant of which the grace has passed at `now`; undefined when there is none. */
function latestPassedDue(
  { graceMs, presence }: Expectation,
  { absences, sightings }: Surroundings,
  now: Instant,
): Instant | undefined {
  const lastDeadline = passedDeadlinesAt(now, absences) - 1
  return presence.kind === 'required' ? latestSeenFor(graceMs, lastDeadline, sightings) : lastDeadline - graceMs
}

function findNextMissedAt(
  expectation: Expectation,
  { newestRun }: SetHistory,
  surroundings: Surroundings,
  now: Instant,
): Instant | null {
  const { schedule, isEnabled, expectedFrom, missedBefore } = expectation
  if (!isEnabled) return null
  const latest = latestPassedDue(expectation, surroundings, now) ?? -Infinity
  const basis = toDueBasis(expectation, newestRun?.startedAt)
  const startedAt = newestRun?.startedAt ?? -Infinity
  const from = Math.max(latest, startedAt, missedBefore ?? expectedFrom)
  let dueAt = nextDue(schedule, from, basis)
  while (dueAt !== undefined && startedAt >= answersFrom(expectation, dueAt, basis)) {
    dueAt = nextDue(schedule, dueAt, basis)
  }
  const coming = Math.min(dueAt ?? Infinity, missedBefore !== null && missedBefore > latest ? missedBefore : Infinity)
  return coming === Infinity ? null : (missedFrom(expectation, coming, surroundings) ?? null)
}

function findOpenRun(
  expectation: Expectation,
  { openRun }: SetHistory,
  surroundings: Surroundings,
  now: Instant,
): (OpenRun & { limitAt: Instant }) | null {
  if (!openRun) return null
  const limitAt = limitOf(expectation, openRun, surroundings)
  return now <= limitAt ? { ...openRun, limitAt } : null
}

function limitOf(
  { runLimitMs }: Expectation,
  { startedAt }: { startedAt: Instant },
  { absences }: Surroundings,
): Instant {
  return extendDeadline(startedAt + runLimitMs, absences)
}

/** Until when the runs that are no longer going kept a due time from being missed: to their end, or to their limit. */
function lastGoingAt(
  expectation: Expectation,
  { newestRun, openRun }: SetHistory,
  surroundings: Surroundings,
  now: Instant,
): Instant {
  const gaveUpAt = openRun ? limitOf(expectation, openRun, surroundings) : Infinity
  // An end by a clock that is ahead of ours has passed as well: the run says that it is over.
  const endedAt =
    newestRun && hasEnded(newestRun)
      ? Math.min(newestRun.updatedAt, limitOf(expectation, newestRun, surroundings), now - 1)
      : -Infinity
  return Math.max(endedAt, gaveUpAt < now ? gaveUpAt : -Infinity)
}

function deriveObjectives(
  { isEnabled, rpoMs, presence, expectedFrom }: Expectation,
  { lastGoodAt }: SetHistory,
  { absences, sightings }: Surroundings,
): Objectives {
  if (!isEnabled) return { goodUntil: null, seenUntil: null }
  const seenAt = lastSeenAt(sightings) ?? expectedFrom
  return {
    goodUntil: rpoMs === null ? null : extendDeadline((lastGoodAt ?? expectedFrom) + rpoMs, absences),
    seenUntil: presence.kind === 'required' ? extendDeadline(seenAt + presence.notSeenMs, absences) : null,
  }
}
