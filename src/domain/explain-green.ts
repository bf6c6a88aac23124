import { extendDeadline } from './absence.ts'
import { conditionRules, type ConditionRule, isGoodBackup } from './condition.ts'
import { judge, type Judgement, limitOf, statusUnder } from './explain-judgement.ts'
import { findEndOfStanding, tellEndOfStanding } from './explain-standing.ts'
import { tellDuration, tellList, tellTime } from './explain-words.ts'
import type { Instant } from './instant.ts'
import type { Surroundings } from './occurrence.ts'
import { lastSeenAt } from './presence.ts'
import { hasEnded, type RunFacts } from './run.ts'

/**
 * Sentences that say what would turn a set green: all of them together. Of a set that is green, that it is and how long
 * it stays so; of one without a condition, also how long that lasts. Never empty.
 */
export function tellGreen(judgement: Judgement): string[] {
  const { condition, expectation } = judgement
  if (condition?.status === 'COMPLETED') {
    return ['It is green.', tellEndOfStanding(judgement), ...tellPolicy(judgement)]
  }
  if (!condition) {
    const none = 'It has no condition: no run is judged, and no deadline has passed.'
    return [none, tellEndOfStanding(judgement), `A ${tellNewRun(judgement)}.`]
  }
  const off = 'The set or its computer is switched off: no run is expected, but one that is reported still counts.'
  return [...tellNeeds(judgement), ...(expectation.isEnabled ? [] : [off]), ...tellPolicy(judgement)]
}

/** For each rule that holds under a status of the policy's, a sentence that says so. */
function tellPolicy({ condition, policy }: Judgement): string[] {
  const changed = condition?.rules.filter(rule => statusUnder(policy, rule) !== conditionRules[rule].status) ?? []
  return changed.map(
    rule => `The policy calls ${rule} ${statusUnder(policy, rule)}; by default it is ${conditionRules[rule].status}.`,
  )
}

function tellNeeds(judgement: Judgement): string[] {
  const unseen = rulesInTheWay(judgement).includes('NOT_SEEN') ? ['The computer reports or sends a heartbeat.'] : []
  const seen = judge({ ...judgement, surroundings: seenAt(judgement.surroundings, judgement.now) })
  if (seen.condition?.status === 'COMPLETED') return unseen
  return [tellOpenRun(judgement) ?? `A ${tellNewRun(judgement)}.`, ...unseen]
}

function rulesInTheWay({ condition, policy }: Judgement): ConditionRule[] {
  return condition?.rules.filter(rule => statusUnder(policy, rule) !== 'COMPLETED') ?? []
}

/** What the newest run can still do about it; undefined where it has ended, or where its end would not be enough. */
function tellOpenRun(judgement: Judgement): string | undefined {
  const { history, now, zone } = judgement
  const run = history.newestRun
  const finished = run && !hasEnded(run) ? judgeFinished(judgement, run) : undefined
  if (!run || finished?.condition?.status !== 'COMPLETED') return undefined
  const name = `The run of ${tellTime(run.startedAt, zone)}`
  const limitAt = limitOf(judgement, run).at
  if (now > limitAt) {
    return `${name} is reported to have finished ${tellClean(judgement)} after all, or a ${tellNewRun(judgement)}.`
  }
  const until = Math.min(limitAt, findEndOfStanding(finished)?.until ?? Infinity)
  return `${name} finishes ${tellClean(judgement)} by ${tellTime(until, zone)}.`
}

/** What a set would be judged if its open run had just finished as it is, on a computer that has just been seen. */
function judgeFinished(judgement: Judgement, run: RunFacts): Judgement {
  const { surroundings, history, now } = judgement
  const unknown = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }
  const newestRun: RunFacts = { ...run, ...unknown, state: 'finished', updatedAt: now - 1 }
  const lastGoodAt = isGoodBackup(newestRun) ? run.startedAt : history.lastGoodAt
  return judge({
    ...judgement,
    history: { newestRun, openRun: null, lastGoodAt },
    surroundings: seenAt(surroundings, now),
  })
}

function seenAt({ absences, sightings }: Surroundings, now: Instant): Surroundings {
  const isSeen = (lastSeenAt(sightings) ?? -Infinity) >= now
  return { absences, sightings: isSeen ? sightings : [...sightings, { from: now, until: now }] }
}

/** What a run that stores something has to do besides where one of these rules is in the way. */
const remedies: Partial<Record<ConditionRule, string>> = {
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: 'stores data',
  NO_FILE_DATA_READ: 'examines at least one file',
  NO_NEW_FILE_DATA: 'finds new or changed files',
}

/** What a new run has to be, to follow "a". */
function tellNewRun(judgement: Judgement): string {
  const { expectation, surroundings, now, zone } = judgement
  const inTheWay = rulesInTheWay(judgement)
  const wanted = ['starts now', `finishes ${tellClean(judgement)}`, ...inTheWay.flatMap(rule => remedies[rule] ?? [])]
  if (expectation.rpoMs === null || !inTheWay.includes('RPO_EXCEEDED')) return `backup run that ${tellList(wanted)}`
  const until = tellTime(extendDeadline(now + expectation.rpoMs, surroundings.absences), zone)
  const tooOld = `when it is itself as old as the objective (RPO) of ${tellDuration(expectation.rpoMs)} allows`
  return `backup run that ${tellList([...wanted, `ends before ${until}`])}, ${tooOld}`
}

function tellClean({ policy }: Judgement): string {
  return statusUnder(policy, 'WARNINGS') === 'COMPLETED' ? 'without errors' : 'without errors or warnings'
}
