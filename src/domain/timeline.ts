import { type Condition, deriveCondition, isGoodBackup, type Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import type { Instant } from './instant.ts'
import {
  deriveNextDeadline,
  deriveOccurrence,
  type Occurrence,
  type SetHistory,
  type Surroundings,
} from './occurrence.ts'
import { compareRuns, hasEnded, type RunFacts } from './run.ts'

/** A run, and its key where it is known. */
export type TimelineRun = RunFacts & { runKey?: string }

/** What a timeline is derived from. `runs` are backup runs of one set in any order, also those before `from`. */
export type TimelineFacts = {
  expectation: Expectation
  runs: readonly TimelineRun[]
  surroundings: Surroundings
  policy: Policy
  from: Instant
  until: Instant
}

/**
 * A moment at which the status of a set became another; without a condition the set had none from then on. `dueAt` is
 * the due time that was judged, `run` the run that was, or that was still going, as it stood at that moment.
 */
export type ConditionMoment = {
  at: Instant
  condition: Condition | undefined
  dueAt: Instant | null
  run: RunFacts | null
}

/**
 * How the condition of a set went from `from` to `until`, both included: how it began, if there was one, and every later
 * change of its status. It is judged by these settings and by what is known of that time now, whenever that arrived; of
 * runs and sightings only what had happened by each moment counts. Absences of the server all count, also before they
 * ended: nobody is called missed in a time in which nobody judged.
 *
 * Callers set `expectation.expectedFrom`: due times up to it do not count.
 */
export function deriveTimeline(facts: TimelineFacts): ConditionMoment[] {
  const { from, until } = facts
  const historyAt = followRuns(facts.runs)
  const events = eventTimes(facts)
  const moments: ConditionMoment[] = []
  let coming = 0
  let at = from
  while (at <= until) {
    const stand = standAt(facts, historyAt(at), at)
    const moment = toMoment(stand, facts.policy)
    if (moment.condition?.status !== moments.at(-1)?.condition?.status) moments.push(moment)
    while ((events[coming] ?? Infinity) <= at) coming += 1
    at = findNextStep(facts, stand, events[coming] ?? until + 1)
  }
  return moments
}

/** The runs of a set as they stood at one moment. */
type PastHistory = SetHistory & { newestRun: RunFacts | null; openRun: RunFacts | null }

type Stand = {
  at: Instant
  history: PastHistory
  surroundings: Surroundings
  occurrence: Occurrence | undefined
}

function standAt({ expectation, surroundings: facts }: TimelineFacts, history: PastHistory, at: Instant): Stand {
  const surroundings = expectation.presence.kind === 'required' ? seenUntil(facts, at) : facts
  return { at, history, surroundings, occurrence: deriveOccurrence(expectation, history, surroundings, at) }
}

function toMoment({ at, history, occurrence }: Stand, policy: Policy): ConditionMoment {
  const condition = occurrence && deriveCondition(occurrence, at, policy)
  if (!condition) return { at, condition, dueAt: null, run: null }
  if (occurrence.kind === 'run') return { at, condition, dueAt: null, run: occurrence.run }
  return { at, condition, dueAt: occurrence.dueAt, run: occurrence.openRun && history.openRun }
}

/** What was seen up to a moment. That the last sighting goes on after it changes no condition at that moment. */
function seenUntil({ absences, sightings }: Surroundings, at: Instant): Surroundings {
  return { absences, sightings: sightings.filter(({ from }) => from <= at) }
}

/** When something was reported or seen after `from`, up to `until`, in order. */
function eventTimes({ expectation, runs, surroundings, from, until }: TimelineFacts): Instant[] {
  const sightings = expectation.presence.kind === 'required' ? surroundings.sightings : []
  const times = [...runs.flatMap(run => [run.startedAt, run.updatedAt]), ...sightings.map(sighting => sighting.from)]
  return times.filter(time => time > from && time <= until).sort((one, other) => one - other)
}

/** The next moment to judge: the first after `at` at which the condition can change, and at most the next `event`. */
function findNextStep(facts: TimelineFacts, stand: Stand, event: Instant): Instant {
  const { expectation, surroundings } = facts
  const { at, history, occurrence } = stand
  const deadlines = occurrence && settledDeadlines(occurrence, at)
  if (deadlines) return Math.min(event, ...deadlines.filter(deadline => deadline >= at).map(deadline => deadline + 1))
  const deadline = deriveNextDeadline(expectation, history, stand.surroundings, at) ?? Infinity
  const step = Math.min(event, deadline)
  if (expectation.presence.kind === 'ignored') return step
  // What counts as missed then depends on sightings that follow.
  return findFirst(then => isMissed(deriveOccurrence(expectation, history, surroundings, then)), at, step)
}

/**
 * The only deadlines that matter as long as nothing is reported, where no further due time does; undefined where one
 * does. What is missed stays missed whatever else falls due, and a run that is still going stands for all that does.
 */
function settledDeadlines(occurrence: Occurrence, now: Instant): Instant[] | undefined {
  const { goodUntil, seenUntil } = occurrence
  const limitAt = occurrence.kind === 'run' ? occurrence.limitAt : (occurrence.openRun?.limitAt ?? null)
  const isGoing = occurrence.kind === 'run' && !hasEnded(occurrence.run) && now <= occurrence.limitAt
  if (!isGoing && !isMissed(occurrence)) return undefined
  return [goodUntil, seenUntil, limitAt].filter(deadline => deadline !== null)
}

function isMissed(occurrence: Occurrence | undefined): boolean {
  return occurrence?.kind === 'due' && occurrence.missedAt !== null
}

/** The first instant after `from` at which something holds that then goes on to hold; `until` where it does not before. */
function findFirst(holds: (at: Instant) => boolean, from: Instant, until: Instant): Instant {
  if (!holds(until)) return until
  let [before, after] = [from, until]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (holds(middle)) after = middle
    else before = middle
  }
  return after
}

/** What the history of a set was, for moments that are asked for in order. */
function followRuns(runs: readonly TimelineRun[]): (now: Instant) => PastHistory {
  const byStart = runs.toSorted(compareRuns)
  const bySettling = byStart.toSorted((one, other) => settledAt(one) - settledAt(other))
  let begun = 0
  let settled = 0
  // Those that began, in order; the ones at the end that are settled are taken away.
  const changing: TimelineRun[] = []
  let newestRun: TimelineRun | null = null
  let stillOpen: TimelineRun | null = null
  let lastGood: TimelineRun | null = null
  return now => {
    for (let run = byStart[begun]; run && run.startedAt <= now; run = byStart[begun]) {
      newestRun = run
      changing.push(run)
      begun += 1
    }
    for (let run = bySettling[settled]; run && settledAt(run) <= now; run = bySettling[settled]) {
      if (!hasEnded(run)) stillOpen = laterOf(stillOpen, run)
      else if (isGoodBackup(run)) lastGood = laterOf(lastGood, run)
      settled += 1
    }
    while ((changing.at(-1)?.updatedAt ?? Infinity) <= now) changing.pop()
    const openRun = laterOf(stillOpen, changing.at(-1) ?? null)
    return {
      newestRun: newestRun && asItStood(newestRun, now),
      openRun: openRun && asItStood(openRun, now),
      lastGoodAt: lastGood?.startedAt ?? null,
    }
  }
}

/** From when on nothing more is told of a run that has begun. */
function settledAt({ startedAt, updatedAt }: RunFacts): Instant {
  return Math.max(startedAt, updatedAt)
}

/** A run whose newest report is of a later moment was running until then, as far as anybody knows. */
function asItStood(run: RunFacts, now: Instant): RunFacts {
  return run.updatedAt > now ? { ...run, state: 'running', errors: 0, warnings: 0, updatedAt: now } : run
}

function laterOf(one: TimelineRun | null, other: TimelineRun | null): TimelineRun | null {
  return one && (!other || compareRuns(one, other) > 0) ? one : other
}
