import { type Condition, deriveCondition, type Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import type { Instant } from './instant.ts'
import { deriveOccurrence, type Occurrence, type SetHistory, type Surroundings } from './occurrence.ts'

/** All that a backup set is judged by. */
export type SetFacts = {
  expectation: Expectation
  history: SetHistory
  surroundings: Surroundings
  policy: Policy
}

/** The newest occurrence of a set and what it amounts to; undefined where there is none. */
export type SetJudgement = { occurrence: Occurrence | undefined; condition: Condition | undefined }

/** Judges a set at `now`: the same for the report, the watch, an explanation and every test of them. */
export function judgeSet({ expectation, history, surroundings, policy }: SetFacts, now: Instant): SetJudgement {
  const occurrence = deriveOccurrence(expectation, history, surroundings, now)
  return { occurrence, condition: occurrence && deriveCondition(occurrence, now, policy) }
}
