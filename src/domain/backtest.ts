import type { Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import { type ConditionMoment, deriveTimeline, type TimelineFacts } from './timeline.ts'

/** What a backup set is judged by. */
export type JudgedBy = { expectation: Expectation; policy: Policy }

/** What would be different under other settings: the changes of status that would vanish and appear, in order. */
export type Backtest = {
  vanish: ConditionMoment[]
  appear: ConditionMoment[]
  /** How many would stay, at the same moment or another. */
  stay: number
}

/**
 * How the condition of a set would have gone under other settings, from `from` to `until`, compared with how it goes
 * under the present ones, both judged by `deriveTimeline`. Callers set `expectedFrom` of both.
 */
export function backtest({
  present,
  proposed,
  ...facts
}: { present: JudgedBy; proposed: JudgedBy } & Omit<TimelineFacts, keyof JudgedBy>): Backtest {
  return compareTimelines(deriveTimeline({ ...facts, ...present }), deriveTimeline({ ...facts, ...proposed }))
}

/**
 * Compares two timelines of a set. How each begins counts as a change. Changes to the same status are the same change
 * when they come at the same moment, else when they are about the same due time, else about the same run. Each change
 * stands for at most one of the other timeline. With the timelines exchanged, what vanishes and what appears are too.
 */
export function compareTimelines(present: readonly ConditionMoment[], proposed: readonly ConditionMoment[]): Backtest {
  let [vanish, appear] = [[...present], [...proposed]]
  for (const isAbout of subjects)
    [vanish, appear] = [without(vanish, appear, isAbout), without(appear, vanish, isAbout)]
  return { vanish, appear, stay: present.length - vanish.length }
}

type Subject = (moment: ConditionMoment) => number | null

/** What makes changes to the same status the same, best first. */
const subjects: readonly Subject[] = [({ at }) => at, ({ dueAt }) => dueAt, ({ run }) => run && run.startedAt]

/** The moments that are left when each that has its equal among `others` is paired with it. */
function without(
  moments: readonly ConditionMoment[],
  others: readonly ConditionMoment[],
  isAbout: Subject,
): ConditionMoment[] {
  const unpaired = Map.groupBy(others, moment => keyOf(moment, isAbout))
  return moments.filter(moment => {
    const key = keyOf(moment, isAbout)
    return key === undefined || unpaired.get(key)?.shift() === undefined
  })
}

function keyOf(moment: ConditionMoment, isAbout: Subject): string | undefined {
  const subject = isAbout(moment)
  return subject === null ? undefined : `${moment.condition?.status} ${subject}`
}
