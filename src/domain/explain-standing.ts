import {
  type Deadline,
  findGoodUntil,
  findGraceEnd,
  findSeenUntil,
  findUnansweredDue,
  type Judgement,
  statusUnder,
} from './explain-judgement.ts'
import { tellDuration, tellTime } from './explain-words.ts'
import type { Instant } from './instant.ts'

type Ending = { find: (judgement: Judgement) => Deadline | undefined; tell: (judgement: Judgement) => string }

/** The rules that come to hold when nothing is reported: the deadline of each, and that deadline in words. */
const endings = {
  MISSED: {
    find: judgement => {
      const dueAt = findUnansweredDue(judgement)
      return dueAt === undefined ? undefined : findGraceEnd(judgement, dueAt)
    },
    tell: judgement => {
      const dueAt = findUnansweredDue(judgement)
      const due = dueAt === undefined ? '' : ` at ${tellTime(dueAt, judgement.zone)}`
      return `a run is due${due}, and its grace of ${tellDuration(judgement.expectation.graceMs)} ends then`
    },
  },
  NOT_SEEN: { find: findSeenUntil, tell: () => 'the computer must have been seen again by then' },
  RPO_EXCEEDED: {
    find: findGoodUntil,
    tell: ({ expectation: { rpoMs } }) =>
      `the last good backup is then as old as the objective (RPO) of ${tellDuration(rpoMs ?? 0)} allows`,
  },
} satisfies Record<string, Ending>

/**
 * The last instant at which a green condition, or the lack of a condition, holds when nothing is reported, and the rule
 * that ends it. Undefined where no deadline is known to come.
 */
export function findEndOfStanding(judgement: Judgement): { until: Instant; rule: keyof typeof endings } | undefined {
  const { condition, policy, now } = judgement
  const ends = endingRules.flatMap(rule => {
    const until = endings[rule].find(judgement)?.at
    const matters = !condition || statusUnder(policy, rule) !== 'COMPLETED'
    return matters && until !== undefined && until >= now ? [{ until, rule }] : []
  })
  return ends.sort((one, other) => one.until - other.until)[0]
}

const endingRules = Object.keys(endings) as (keyof typeof endings)[]

/** A sentence that says how long a green condition, or the lack of a condition, lasts when nothing is reported. */
export function tellEndOfStanding(judgement: Judgement): string {
  const { expectation, zone } = judgement
  const { isEnabled, presence, graceMs } = expectation
  const end = findEndOfStanding(judgement)
  if (end) return `It stays so until ${tellTime(end.until, zone)}: ${endings[end.rule].tell(judgement)}.`
  const dueAt = presence.kind === 'required' ? findUnansweredDue(judgement) : undefined
  if (dueAt !== undefined) {
    const seen = `the computer has been seen for ${tellDuration(graceMs)} after ${tellTime(dueAt, zone)}`
    return `It stays so until ${seen}, when a run is due.`
  }
  const nothing = isEnabled ? 'no deadline is coming' : 'the set or its computer is switched off'
  return `It stays so until another run is reported: ${nothing}.`
}
