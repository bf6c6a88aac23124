import { extendDeadline, neverAbsent } from './absence.ts'
import { type Condition, conditionRules, type ConditionRule, type ConditionStatus, type Policy } from './condition.ts'
import { answersFrom, answersUntil, type Expectation, toDueBasis } from './expectation.ts'
import type { Instant } from './instant.ts'
import { deriveOccurrence, missedFrom, type Occurrence, type SetHistory, type Surroundings } from './occurrence.ts'
import { judgeSet } from './judge-set.ts'
import { lastSeenAt } from './presence.ts'
import { hasEnded, type RunFacts } from './run.ts'
import { nextDue, previousDue } from './schedule.ts'
import type { TimeZone } from './time-zone.ts'

/** All that a condition is derived from. `runs` are more runs of the set, as far as they are at hand, in any order. */
export type JudgedFacts = {
  expectation: Expectation
  history: SetHistory
  runs: readonly RunFacts[]
  surroundings: Surroundings
  policy: Policy
  now: Instant
  /** The clock on which times are told. */
  zone: TimeZone
}

/** What the facts amount to, with the facts. */
export type Judgement = JudgedFacts & { occurrence: Occurrence | undefined; condition: Condition | undefined }

/** Judges a set, and keeps what it was judged by. */
export function judge(facts: JudgedFacts): Judgement {
  return { ...facts, ...judgeSet(facts, facts.now) }
}

/** The status that a rule has under a policy. */
export function statusUnder(policy: Policy, rule: ConditionRule): ConditionStatus {
  return policy[rule] ?? conditionRules[rule].status
}

/** A deadline as it was set, and as it counts after absences. */
export type Deadline = { setAt: Instant; at: Instant }

/** When a due time counts as missed; undefined while the computer was not seen for its grace. */
export function findGraceEnd({ expectation, surroundings }: JudgedFacts, dueAt: Instant): Deadline | undefined {
  const setAt = missedFrom(expectation, dueAt, { ...surroundings, absences: neverAbsent })
  return setAt === undefined ? undefined : { setAt, at: extendDeadline(setAt, surroundings.absences) }
}

/** Until when a run may go on. */
export function limitOf({ expectation, surroundings }: JudgedFacts, run: { startedAt: Instant }): Deadline {
  const setAt = run.startedAt + expectation.runLimitMs
  return { setAt, at: extendDeadline(setAt, surroundings.absences) }
}

/** By when a newer good backup has to begin; undefined where nobody asks. */
export function findGoodUntil({ expectation, history, surroundings }: JudgedFacts): Deadline | undefined {
  const { isEnabled, rpoMs, expectedFrom } = expectation
  if (!isEnabled || rpoMs === null) return undefined
  const setAt = (history.lastGoodAt ?? expectedFrom) + rpoMs
  return { setAt, at: extendDeadline(setAt, surroundings.absences) }
}

/** By when the computer has to be seen again; undefined where nobody asks. */
export function findSeenUntil({ expectation, surroundings }: JudgedFacts): Deadline | undefined {
  const { isEnabled, presence, expectedFrom } = expectation
  if (!isEnabled || presence.kind === 'ignored') return undefined
  const setAt = (lastSeenAt(surroundings.sightings) ?? expectedFrom) + presence.notSeenMs
  return { setAt, at: extendDeadline(setAt, surroundings.absences) }
}

/** The newest due time that has come; undefined where there was none since it is expected. */
export function findNewestDue({ expectation, history, now }: JudgedFacts): Instant | undefined {
  const { schedule, isEnabled, expectedFrom } = expectation
  const dueAt = previousDue(schedule, now, toDueBasis(expectation, history.newestRun?.startedAt))
  return isEnabled && dueAt !== undefined && dueAt > expectedFrom ? dueAt : undefined
}

/** The due time that counts as missed, or would if no run were going; undefined where there is none. */
export function findMissedDue({ expectation, history, surroundings, now }: JudgedFacts): Instant | undefined {
  const occurrence = deriveOccurrence(expectation, history, surroundings, now)
  return occurrence?.kind === 'due' && occurrence.missedAt !== null ? occurrence.dueAt : undefined
}

/** The first due time after `now`; undefined where none comes. */
export function findNextDueAt({ expectation, history, now }: JudgedFacts): Instant | undefined {
  const { schedule, isEnabled, expectedFrom } = expectation
  if (!isEnabled) return undefined
  return nextDue(schedule, Math.max(now, expectedFrom), toDueBasis(expectation, history.newestRun?.startedAt))
}

/** The due time that is the next to be missed where no run starts; undefined where none comes. */
export function findUnansweredDue(facts: JudgedFacts): Instant | undefined {
  const { expectation, history, now } = facts
  const { schedule, isEnabled, expectedFrom, missedBefore } = expectation
  const end = missedBefore === null ? undefined : findGraceEnd(facts, missedBefore)
  if (end && end.at >= now && findMissedDue({ ...facts, now: end.at + 1 }) === missedBefore) return missedBefore
  const startedAt = history.newestRun?.startedAt ?? -Infinity
  const basis = toDueBasis(expectation, history.newestRun?.startedAt)
  let dueAt = isEnabled ? nextDue(schedule, Math.max(expectedFrom, startedAt), basis) : undefined
  while (dueAt !== undefined && startedAt >= answersFrom(expectation, dueAt, basis)) {
    dueAt = nextDue(schedule, dueAt, basis)
  }
  return dueAt
}

/** The first run that started in the time in which a run answers a due time; undefined where none is known. */
export function findAnswer(facts: JudgedFacts, dueAt: Instant): RunFacts | undefined {
  const basis = toDueBasis(facts.expectation, facts.history.newestRun?.startedAt)
  const from = answersFrom(facts.expectation, dueAt, basis)
  const until = answersUntil(facts.expectation, dueAt, basis)
  return knownRuns(facts)
    .toSorted((one, other) => one.startedAt - other.startedAt)
    .find(({ startedAt }) => startedAt >= from && startedAt < until)
}

/** The runs that are at hand, the newest first among them. */
export function knownRuns({ history, runs }: JudgedFacts): RunFacts[] {
  return history.newestRun ? [history.newestRun, ...runs] : [...runs]
}

/** The run of the set that has not ended, as far as it is known: the one that started last. */
export function findOpenRun({ history }: JudgedFacts): { startedAt: Instant; updatedAt: Instant } | undefined {
  const { newestRun, openRun } = history
  return newestRun && !hasEnded(newestRun) ? newestRun : (openRun ?? undefined)
}
