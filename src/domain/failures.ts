import { isGoodBackup } from './condition.ts'
import { answersFrom, answersUntil, type Expectation, toDueBasis } from './expectation.ts'
import type { Instant } from './instant.ts'
import { missedFrom, type Surroundings } from './occurrence.ts'
import { hasEnded, type RunFacts } from './run.ts'
import { nextDue } from './schedule.ts'

/** What a set has failed to do since its last good backup: runs that ended and were not good, due times without a run. */
export type Failures = { runs: number; missed: number }

/** All that failures are counted from. `runs` are the backup runs since the last good one, that one included or not. */
export type FailureFacts = {
  expectation: Expectation
  runs: readonly RunFacts[]
  lastGoodAt: Instant | null
  surroundings: Surroundings
  now: Instant
}

/** Due times are counted up to this: whoever has missed so many need not know how many more. */
export const mostMissedCounted = 1_000

/** Counts the failures of a set since its last good backup, or ever where there was none. */
export function deriveFailures(facts: FailureFacts): Failures {
  const since = facts.runs.filter(run => run.type === 'backup' && run.startedAt > (facts.lastGoodAt ?? -Infinity))
  const failed = since.filter(run => hasEnded(run) && !isGoodBackup(run))
  return { runs: failed.length, missed: countMissed(facts, since.map(run => run.startedAt).toSorted(ascending)) }
}

/** Due times that have passed with their grace and that none of the runs answers; a run still going lets the last wait. */
function countMissed({ expectation, runs, lastGoodAt, surroundings, now }: FailureFacts, starts: Instant[]): number {
  const { schedule, expectedFrom, isEnabled } = expectation
  if (!isEnabled || schedule.kind === 'manual') return 0
  const goingSince = Math.max(...runs.filter(run => !hasEnded(run)).map(run => run.startedAt))
  const isGoing = goingSince + expectation.runLimitMs >= now
  let missed = 0
  let lastStartedAt = lastGoodAt ?? undefined
  let after = Math.max(expectedFrom, lastGoodAt ?? -Infinity)
  while (missed < mostMissedCounted) {
    const basis = toDueBasis(expectation, lastStartedAt)
    const due = nextDue(schedule, after, basis)
    const missedAt = due === undefined ? undefined : missedFrom(expectation, due, surroundings)
    if (due === undefined || missedAt === undefined || missedAt >= now) break
    const from = answersFrom(expectation, due, basis)
    const until = answersUntil(expectation, due, basis)
    const answer = starts.find(start => start >= from && start < until)
    // The due times of an interval follow each run, whenever that was.
    const earlier =
      schedule.kind === 'every' ? starts.find(start => start > (basis.lastStartedAt ?? 0) && start < from) : undefined
    const next = earlier ?? answer
    if (next === undefined && !(isGoing && due > goingSince)) missed += 1
    if (next !== undefined && schedule.kind === 'every') lastStartedAt = next
    after = next !== undefined && schedule.kind === 'every' ? next : due
  }
  return missed
}

const ascending = (one: number, other: number) => one - other
