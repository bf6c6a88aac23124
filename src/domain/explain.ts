import {
  conditionRules,
  type Condition,
  type ConditionRule,
  type ConditionStatus,
  type ConditionType,
  isGoodBackup,
} from './condition.ts'
import { tellGreen } from './explain-green.ts'
import {
  findAnswer,
  findGraceEnd,
  findMissedDue,
  findNewestDue,
  findNextDueAt,
  findOpenRun,
  type Judgement,
  judge,
  type JudgedFacts,
  knownRuns,
  limitOf,
  statusUnder,
} from './explain-judgement.ts'
import { ruleFacts } from './explain-rules.ts'
import type { Instant } from './instant.ts'
import { hasEnded, type RunFacts, type RunState } from './run.ts'
import { describeSchedule } from './schedule-describe.ts'
import type { TimeZone } from './time-zone.ts'

/** A run as far as it is known; null for what is not. `endedAt` is null also while it has not ended. */
export type ExplainedRun = {
  startedAt: Instant
  endedAt: Instant | null
  state: RunState | null
  errors: number | null
  warnings: number | null
}

/** A due time, when it counts as missed (null while the computer was not seen for its grace), and its run. */
export type ExplainedDue = { dueAt: Instant; graceEndsAt: Instant | null; answeredBy: ExplainedRun | null }

/** A condition rule: its type, its status under the policy, whether it holds, and a sentence with what it looks at. */
export type ExplainedRule = {
  rule: ConditionRule
  type: ConditionType
  status: ConditionStatus
  holds: boolean
  facts: string
}

/** Why a set stands as it does at a moment. Sentences tell times on the clock of `zone`. */
export type Explanation = {
  name: string
  at: Instant
  zone: TimeZone
  condition: Pick<Condition, 'status' | 'types'> | null
  /** What is judged: a run, a due time without a run (or the deadline of an objective), or nothing. */
  occurrence: { kind: 'run'; startedAt: Instant } | { kind: 'due'; dueAt: Instant } | { kind: 'none' }
  /** The schedule in words, to follow "Due". */
  schedule: string
  /** The newest due time that has come; null where there was none since a run is expected. */
  due: ExplainedDue | null
  nextDueAt: Instant | null
  /** Until when the open run may go on; null where no run is open. */
  runLimitAt: Instant | null
  runs: { newest: ExplainedRun | null; open: ExplainedRun | null; lastGood: ExplainedRun | null }
  /** Every rule, worst first. */
  rules: ExplainedRule[]
  /** What would turn it green: never empty. */
  green: string[]
}

/**
 * Whose standing is to be explained. `runs` tell more of the runs that `history` names; `zone` is the set's own if left
 * out.
 */
export type ExplainedSet = Omit<JudgedFacts, 'runs' | 'zone'> & {
  name: string
  runs?: readonly RunFacts[]
  zone?: TimeZone
}

/** Explains the condition that `deriveCondition` derives from the same facts, or why there is none. */
export function explain({ name, ...set }: ExplainedSet): Explanation {
  const { expectation, runs = [], zone = expectation.zone } = set
  const judgement = judge({ ...set, runs, zone })
  const { condition, now } = judgement
  const open = findOpenRun(judgement)
  return {
    name,
    at: now,
    zone,
    condition: condition ? { status: condition.status, types: condition.types } : null,
    occurrence: toOccurrence(judgement),
    schedule: describeSchedule(expectation.schedule, expectation.zone),
    due: toDue(judgement),
    nextDueAt: findNextDueAt(judgement) ?? null,
    runLimitAt: open ? limitOf(judgement, open).at : null,
    runs: toRuns(judgement),
    rules: toRules(judgement),
    green: tellGreen(judgement),
  }
}

function toOccurrence({ occurrence }: Judgement): Explanation['occurrence'] {
  if (!occurrence) return { kind: 'none' }
  if (occurrence.kind === 'due') return { kind: 'due', dueAt: occurrence.dueAt }
  return { kind: 'run', startedAt: occurrence.run.startedAt }
}

function toDue(judgement: Judgement): ExplainedDue | null {
  const dueAt = findNewestDue(judgement) ?? findMissedDue(judgement)
  if (dueAt === undefined) return null
  const answer = findAnswer(judgement, dueAt)
  return {
    dueAt,
    graceEndsAt: findGraceEnd(judgement, dueAt)?.at ?? null,
    answeredBy: answer ? toExplainedRun(answer) : null,
  }
}

function toRuns(judgement: Judgement): Explanation['runs'] {
  const { newestRun, lastGoodAt } = judgement.history
  const open = findOpenRun(judgement)
  return {
    newest: newestRun && toExplainedRun(newestRun),
    open: open ? findRun(judgement, open.startedAt, run => !hasEnded(run)) : null,
    lastGood: lastGoodAt === null ? null : findRun(judgement, lastGoodAt, isGoodBackup),
  }
}

function findRun(judgement: Judgement, startedAt: Instant, isMeant: (run: RunFacts) => boolean): ExplainedRun {
  const run = knownRuns(judgement).find(run => run.startedAt === startedAt && isMeant(run))
  return run ? toExplainedRun(run) : { startedAt, endedAt: null, state: null, errors: null, warnings: null }
}

function toExplainedRun(run: RunFacts): ExplainedRun {
  const { startedAt, updatedAt, state, errors, warnings } = run
  return { startedAt, endedAt: hasEnded(run) ? updatedAt : null, state, errors, warnings }
}

function toRules(judgement: Judgement): ExplainedRule[] {
  const { occurrence, policy, now } = judgement
  return (Object.keys(conditionRules) as ConditionRule[]).map(rule => ({
    rule,
    type: conditionRules[rule].type,
    status: statusUnder(policy, rule),
    holds: occurrence !== undefined && conditionRules[rule].holds(occurrence, now),
    facts: ruleFacts[rule](judgement),
  }))
}
