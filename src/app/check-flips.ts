import type { ConditionStatus } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { CheckTarget } from './checks.ts'
import { type HistoryEntry, readConditionHistory } from './condition-history.ts'
import type { Facts } from './current-conditions.ts'

/** A moment at which a check became up or down. */
export type Flip = { at: Instant; isUp: boolean }

/** Whether a status is up or down; what runs is neither, and stays what it was. */
const isUpBy: Record<ConditionStatus, boolean | undefined> = {
  FAILURE: false,
  WARNING: true,
  RUNNING: undefined,
  COMPLETED: true,
}

/** The flips of a check, newest first, under the policy of today. */
export async function listFlips(facts: Facts, { computer, set }: CheckTarget): Promise<Flip[]> {
  return deriveFlips(await readConditionHistory(facts, computer, set))
}

/**
 * The flips that a history amounts to, newest first. What was called missed and had been done all the same is none. After a
 * time without a condition the next one is a flip, whatever it is.
 */
export function deriveFlips(newestFirst: readonly HistoryEntry[]): Flip[] {
  const flips: Flip[] = []
  let isUp: boolean | undefined
  for (const entry of newestFirst.toReversed()) {
    if (entry.kind === 'absence' || entry.retractedAt !== null) continue
    if (!entry.condition) {
      isUp = undefined
      continue
    }
    const next = isUpBy[entry.condition.status]
    if (next === undefined || next === isUp) continue
    flips.push({ at: entry.at, isUp: next })
    isUp = next
  }
  return flips.reverse()
}
