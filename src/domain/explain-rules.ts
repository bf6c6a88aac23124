import type { ConditionRule } from './condition.ts'
import {
  findAnswer,
  findGoodUntil,
  findGraceEnd,
  findMissedDue,
  findNewestDue,
  findNextDueAt,
  findSeenUntil,
  type Judgement,
  limitOf,
} from './explain-judgement.ts'
import { stateWords, tellCount, tellDelay, tellDuration, tellList, tellTime } from './explain-words.ts'
import type { Instant } from './instant.ts'
import { lastSeenAt } from './presence.ts'
import { hasEnded, type RunFacts, type RunType } from './run.ts'

/** For each rule a sentence with the facts that it looks at, whether or not it holds. */
export const ruleFacts = {
  EXCEPTION: ofRun(tellEnd),
  ERRORS: ofRun(tellErrors),
  MISSED: tellMissed,
  NOT_SEEN: tellNotSeen,
  RPO_EXCEEDED: tellAge,
  CANCELED: ofRun((run, { zone }) =>
    run.state === 'canceled'
      ? `was stopped by a person or a time limit at ${tellTime(run.updatedAt, zone)}`
      : `was not canceled: it ${stateWords[run.state]}`,
  ),
  WARNINGS: ofRun(run => `reported ${tellCount(run.warnings, 'warning')}`),
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: ofRun(run => tellBackup(run, run.plugin !== 'file', tellStored)),
  NO_FILE_DATA_READ: ofRun(run => tellBackup(run, run.plugin === 'file', tellExamined)),
  NO_NEW_FILE_DATA: ofRun(run => tellBackup(run, run.plugin === 'file', tellNew)),
  NO_DATA_RESTORED: ofRun(run => tellTouched(run, 'restore')),
  NO_DATA_DELETED: ofRun(run => tellTouched(run, 'delete')),
  RUNNING: tellGoing,
  COMPLETED: ofRun((run, { zone }) =>
    run.state === 'finished'
      ? `finished at ${tellTime(run.updatedAt, zone)}`
      : `${tellUnfinished(run)}: it ${stateWords[run.state]}`,
  ),
} satisfies Record<ConditionRule, (judgement: Judgement) => string>

/** The sentence of a rule that looks at the judged run; `tell` says what follows "The run of …". */
function ofRun(tell: (run: RunFacts, judgement: Judgement) => string): (judgement: Judgement) => string {
  return judgement => {
    const { occurrence, history, zone } = judgement
    if (occurrence?.kind === 'run') {
      return `The run of ${tellTime(occurrence.run.startedAt, zone)} ${tell(occurrence.run, judgement)}.`
    }
    if (!history.newestRun) return 'No backup run was reported.'
    const newest = tellTime(history.newestRun.startedAt, zone)
    if (!occurrence) return `The newest run, of ${newest}, is not judged.`
    return `The newest run, of ${newest}, is not judged: a run was due after it, at ${tellTime(occurrence.dueAt, zone)}.`
  }
}

function tellEnd(run: RunFacts, judgement: Judgement): string {
  const endedAt = tellTime(run.updatedAt, judgement.zone)
  if (run.state === 'crashed') return `ended before it was done, at ${endedAt}`
  if (hasEnded(run)) return `did not crash: it ${stateWords[run.state]} at ${endedAt}`
  return `has not ended; ${tellLimit(run, judgement)}`
}

function tellLimit(run: { startedAt: Instant }, judgement: Judgement): string {
  const { expectation, surroundings, now, zone } = judgement
  const { setAt, at } = limitOf(judgement, run)
  const delay = tellDelay(setAt, surroundings.absences, zone)
  return `its limit of ${tellDuration(expectation.runLimitMs)} ${now > at ? 'ended' : 'ends'} at ${tellTime(at, zone)}${delay}`
}

function tellErrors({ state, errors, exitStatus }: RunFacts): string {
  const failure = state === 'failed' ? ['that it failed'] : []
  const exit = exitStatus === null ? [] : [`exit status ${exitStatus}`]
  return `reported ${tellList([...failure, tellCount(errors, 'error'), ...exit])}`
}

function tellMissed(judgement: Judgement): string {
  const { expectation, history, zone } = judgement
  const { isEnabled, schedule, expectedFrom } = expectation
  if (!isEnabled) return 'The set or its computer is switched off: no run is due.'
  if (schedule.kind === 'manual') return 'The set has no schedule: no run is ever due.'
  const dueAt = findMissedDue(judgement) ?? findNewestDue(judgement)
  if (dueAt !== undefined) return `${tellDue(judgement, dueAt)}; ${tellAnswer(judgement, dueAt)}.`
  const countedFrom = schedule.kind === 'every' ? (history.newestRun?.startedAt ?? -Infinity) : -Infinity
  const since = tellTime(Math.max(expectedFrom, countedFrom), zone)
  const next = findNextDueAt(judgement)
  const coming = next === undefined ? 'no other will be' : `the next is due at ${tellTime(next, zone)}`
  return `No run has been due since ${since}; ${coming}.`
}

function tellDue(judgement: Judgement, dueAt: Instant): string {
  const { expectation, surroundings, now, zone } = judgement
  const { graceMs, presence, expectedFrom } = expectation
  const before = dueAt > expectedFrom ? '' : `, before the schedule changed at ${tellTime(expectedFrom, zone)}`
  const due = `Due ${tellTime(dueAt, zone)}${before}, grace ${tellDuration(graceMs)}`
  const counted = presence.kind === 'required' ? ' of time in which the computer was seen,' : ''
  const end = findGraceEnd(judgement, dueAt)
  if (!end) return `${due}${counted} which has not passed`
  const delay = tellDelay(end.setAt, surroundings.absences, zone)
  return `${due}${counted} until ${tellTime(end.at, zone)}${now > end.at ? '' : ', which has not passed'}${delay}`
}

function tellAnswer(judgement: Judgement, dueAt: Instant): string {
  const { history, occurrence, zone, now } = judgement
  const answer = findAnswer(judgement, dueAt)
  if (answer) return `the run of ${tellTime(answer.startedAt, zone)} started for it`
  const { newestRun } = history
  const going = occurrence?.kind === 'due' ? occurrence.openRun : newestRun && !hasEnded(newestRun) ? newestRun : null
  if (going && now <= limitOf(judgement, going).at) {
    return `no run started for it, but the run of ${tellTime(going.startedAt, zone)} is still going`
  }
  if (!newestRun) return 'no run was reported'
  const order = newestRun.startedAt < dueAt ? 'before' : 'after'
  return `the newest run started ${order} that, at ${tellTime(newestRun.startedAt, zone)}`
}

function tellNotSeen(judgement: Judgement): string {
  const { expectation, surroundings, zone } = judgement
  const { presence, expectedFrom } = expectation
  if (presence.kind === 'ignored') return 'The presence of the computer is not required.'
  const seenAt = lastSeenAt(surroundings.sightings)
  const seen = `The computer was ${seenAt === undefined ? `not seen since ${tellTime(expectedFrom, zone)}` : `last seen at ${tellTime(seenAt, zone)}`}`
  const until = findSeenUntil(judgement)
  if (!until) return `${seen}, but the set or the computer is switched off.`
  const may = `it may be away for ${tellDuration(presence.notSeenMs)}`
  return `${seen}; ${may}, until ${tellTime(until.at, zone)}${tellDelay(until.setAt, surroundings.absences, zone)}.`
}

function tellAge(judgement: Judgement): string {
  const { expectation, history, surroundings, now, zone } = judgement
  const { rpoMs, expectedFrom } = expectation
  if (rpoMs === null) return 'The set has no objective (RPO) for the age of its last good backup.'
  const good =
    history.lastGoodAt === null
      ? `No good backup was reported since ${tellTime(expectedFrom, zone)}`
      : `The last good backup began at ${tellTime(history.lastGoodAt, zone)}`
  const until = findGoodUntil(judgement)
  if (!until) return `${good}, but the set or its computer is switched off.`
  const end = `${now > until.at ? 'ended' : 'ends'} at ${tellTime(until.at, zone)}`
  const delay = tellDelay(until.setAt, surroundings.absences, zone)
  return `${good}; the objective (RPO) of ${tellDuration(rpoMs)} ${end}${delay}.`
}

function tellGoing(judgement: Judgement): string {
  const { occurrence, zone } = judgement
  if (occurrence?.kind === 'due' && occurrence.openRun) {
    const { openRun } = occurrence
    return `The run of ${tellTime(openRun.startedAt, zone)} has not ended; ${tellLimit(openRun, judgement)}.`
  }
  return ofRun(run => {
    const updatedAt = tellTime(run.updatedAt, zone)
    return hasEnded(run) ? `ended at ${updatedAt}` : `has not ended; it was last heard of at ${updatedAt}`
  })(judgement)
}

function tellBackup(run: RunFacts, isOfKind: boolean, tell: (run: RunFacts) => string): string {
  if (run.type !== 'backup') return `was ${typeWords[run.type]}, not a backup`
  if (!isOfKind)
    return `backed up ${run.plugin === 'file' ? 'files' : 'databases or mailboxes'}, so this does not apply`
  return run.state === 'finished' ? tell(run) : `${tellUnfinished(run)}: what it stored is not asked`
}

function tellUnfinished(run: RunFacts): string {
  return hasEnded(run) ? 'did not finish' : 'has not finished'
}

function tellStored({ bytes, processedFiles }: RunFacts): string {
  if (bytes !== null) return `stored ${tellCount(bytes, 'byte')}`
  return processedFiles === null ? 'did not tell what it stored' : `examined ${tellCount(processedFiles, 'item')}`
}

function tellExamined({ processedFiles, totalFiles }: RunFacts): string {
  if (processedFiles !== null) return `examined ${tellCount(processedFiles, 'file')}`
  return totalFiles === null ? 'did not tell how many files it examined' : `found ${tellCount(totalFiles, 'file')}`
}

function tellNew({ processedFiles, totalFiles, newFiles, bytes }: RunFacts): string {
  if ((processedFiles ?? totalFiles) === 0) return 'examined no file at all'
  if (newFiles !== null) return `found ${tellCount(newFiles, 'new or changed file')}`
  return bytes === null ? 'did not tell how many files were new or changed' : `stored ${tellCount(bytes, 'byte')}`
}

function tellTouched(run: RunFacts, type: RunType): string {
  if (run.type !== type) return `was ${typeWords[run.type]}, not ${typeWords[type]}`
  if (run.state !== 'finished') return `${tellUnfinished(run)}: what it touched is not asked`
  if (run.processedFiles !== null) return `touched ${tellCount(run.processedFiles, 'file')}`
  return run.bytes === null ? 'did not tell what it touched' : `touched ${tellCount(run.bytes, 'byte')}`
}

const typeWords: Readonly<Record<RunType, string>> = {
  backup: 'a backup',
  restore: 'a restore',
  delete: 'a deletion',
  maintenance: 'maintenance',
}
