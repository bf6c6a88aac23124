import { neverAbsent } from '../../src/domain/absence.ts'
import { type Condition, defaultPolicy, isGoodBackup, type Policy } from '../../src/domain/condition.ts'
import {
  defaultEarlyToleranceMs,
  defaultGraceMs,
  defaultRunLimitMs,
  type Expectation,
} from '../../src/domain/expectation.ts'
import type { Instant } from '../../src/domain/instant.ts'
import { type Occurrence, type SetHistory, type Surroundings } from '../../src/domain/occurrence.ts'
import { judgeSet } from '../../src/domain/judge-set.ts'
import { hasEnded, type RunFacts } from '../../src/domain/run.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'

/** A server that was never away, and a computer of which nothing was seen. */
export const calm: Surroundings = { absences: neverAbsent, sightings: [] }

/** What is expected of a set that is due every night at 23:00 UTC, ever since 1970. The schedule is given as text. */
export function anExpectation({
  schedule = 'cron 0 23 * * *',
  ...expectation
}: Partial<Omit<Expectation, 'schedule'>> & { schedule?: string } = {}): Expectation {
  return {
    schedule: parseSchedule(schedule),
    zone: 'UTC',
    graceMs: defaultGraceMs,
    earlyToleranceMs: defaultEarlyToleranceMs,
    runLimitMs: defaultRunLimitMs,
    rpoMs: null,
    presence: { kind: 'ignored' },
    isEnabled: true,
    expectedFrom: 0,
    missedBefore: null,
    ...expectation,
  }
}

/** The history that the runs of a set amount to, whatever their order. Only backups count. */
export function historyOf(runs: readonly RunFacts[]): SetHistory {
  const oldestFirst = runs.filter(({ type }) => type === 'backup').toSorted(compareRuns)
  const openRun = oldestFirst.findLast(run => !hasEnded(run))
  return {
    newestRun: oldestFirst.at(-1) ?? null,
    openRun: openRun ? { startedAt: openRun.startedAt, updatedAt: openRun.updatedAt } : null,
    lastGoodAt: oldestFirst.findLast(isGoodBackup)?.startedAt ?? null,
  }
}

/** All that a set is judged by. */
export type Facts = { expectation: Expectation; runs: readonly RunFacts[]; surroundings: Surroundings }
/** The newest occurrence of a set and its condition; both undefined where there is none. */
export type Judgement = { occurrence: Occurrence | undefined; condition: Condition | undefined }

/** Judges a set by its facts at `now`. */
export function judge(
  { expectation, runs, surroundings }: Facts,
  now: Instant,
  policy: Policy = defaultPolicy,
): Judgement {
  return judgeSet({ expectation, history: historyOf(runs), surroundings, policy }, now)
}

/** Of two that started at the same moment any will do as the newer, as long as it is always the same. */
function compareRuns(one: RunFacts, other: RunFacts): number {
  return one.startedAt - other.startedAt || (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
}
