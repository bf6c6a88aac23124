import {
  findOpenRun,
  findUnansweredDue,
  judge,
  type JudgedFacts,
  type Judgement,
  limitOf,
} from './explain-judgement.ts'
import type { Instant } from './instant.ts'
import { judgeSet, type SetFacts } from './judge-set.ts'
import { hasEnded, type RunFacts } from './run.ts'

/** How Healthchecks calls the way in which a check stands (its manual, "Management API v3", "Get a single check"). */
export const checkStatuses = ['new', 'up', 'grace', 'down', 'paused'] as const
export type CheckStatus = (typeof checkStatuses)[number]

/** A backup set as a check: how it stands in the words of Healthchecks. */
export type CheckStanding = {
  status: CheckStatus
  /** Whether a run is going on, within its limit. */
  isStarted: boolean
  /** The newest run that has ended; null while there is none. */
  lastEnded: RunFacts | null
  /** When a run is due that nothing has answered yet, in the past while the check is in grace; null unless up or in grace. */
  nextDueAt: Instant | null
}

/** A set to be shown as a check. */
export type CheckFacts = SetFacts & {
  /** Where a run has not ended: the newest that has, or that is older than the run limit of its set. */
  settledRun: RunFacts | null
}

/**
 * How a set stands as a check at `now`, by the same judgement as everywhere: a failure is down, a warning is up, and what
 * nobody expects anything of is paused. While a run goes on the check stands as it did when that began, so that a start
 * makes nothing good that has failed.
 */
export function deriveCheck({ settledRun, ...facts }: CheckFacts, now: Instant): CheckStanding {
  const { expectation, history } = facts
  const judgement = judge({ ...facts, runs: [], zone: expectation.zone, now })
  const open = findOpenRun(judgement)
  const isStarted = open !== undefined && now <= limitOf(judgement, open).at
  const { newestRun } = history
  const settled = newestRun && hasEnded(newestRun) ? newestRun : settledRun
  const standing = findStanding(judgement, open, settled)
  const dueAt = standing === 'up' ? findUnansweredDue(judgement) : undefined
  return {
    status: dueAt !== undefined && dueAt <= now ? 'grace' : standing,
    isStarted,
    lastEnded: settled && hasEnded(settled) ? settled : null,
    nextDueAt: dueAt ?? null,
  }
}

function findStanding(
  judgement: Judgement,
  open: { startedAt: Instant } | undefined,
  settled: RunFacts | null,
): Exclude<CheckStatus, 'grace'> {
  const { expectation, condition, history } = judgement
  if (!expectation.isEnabled) return 'paused'
  if (!condition) return 'new'
  if (condition.status === 'FAILURE') return 'down'
  const { newestRun } = history
  const isJudgedByOpenRun = condition.rules.includes('RUNNING') || (newestRun !== null && !hasEnded(newestRun))
  return open && isJudgedByOpenRun ? findStandingBefore(judgement, open, settled) : 'up'
}

/** How the set stood when a run began that is still going, or when a later one had ended. */
function findStandingBefore(
  { history, surroundings, now, ...facts }: JudgedFacts,
  open: { startedAt: Instant },
  settled: RunFacts | null,
): 'new' | 'up' | 'down' {
  const at = Math.min(Math.max(open.startedAt, settled?.updatedAt ?? open.startedAt), now)
  const unended = settled && !hasEnded(settled) ? settled : null
  const before = {
    ...facts,
    history: { newestRun: settled, openRun: unended, lastGoodAt: history.lastGoodAt },
    surroundings: { ...surroundings, sightings: surroundings.sightings.filter(({ from }) => from <= at) },
  }
  const { condition } = judgeSet(before, at)
  if (!condition || condition.status === 'RUNNING') return 'new'
  return condition.status === 'FAILURE' ? 'down' : 'up'
}
