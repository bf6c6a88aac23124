import { describe, expect, test } from 'vitest'
import { anExpectation, calm, historyOf } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { type ConditionRule, defaultPolicy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import { judge, type JudgedFacts, type Judgement } from './explain-judgement.ts'
import { ruleFacts } from './explain-rules.ts'
import { days, hours, minutes } from './instant.ts'
import type { RunFacts } from './run.ts'

// A set that is due at 23:00 in New York, on weekdays. 5 March 2026 is a Thursday.
const at = (day: number, time: string) => Date.parse(`2026-03-${String(day).padStart(2, '0')}T${time}:00-05:00`)
const nightly = (day: number, facts: Partial<RunFacts> = {}) =>
  aRun({ startedAt: at(day, '23:00'), updatedAt: at(day + 1, '00:30'), ...facts })

const weekdays = { schedule: 'cron 0 23 * * 1-5', zone: 'America/New_York' }
type Asked = { expectation?: Parameters<typeof anExpectation>[0] } & Partial<Omit<JudgedFacts, 'expectation'>>

function aJudgement({ runs = [], expectation = {}, ...asked }: Asked): Judgement {
  return judge({
    expectation: anExpectation({ ...weekdays, ...expectation }),
    history: historyOf(runs),
    runs,
    surroundings: calm,
    policy: defaultPolicy,
    now: at(5, '12:00'),
    zone: weekdays.zone,
    ...asked,
  })
}

const factsOf = (rule: ConditionRule, asked: Asked) => ruleFacts[rule](aJudgement(asked))

const theRun = 'The run of 2026-03-04T23:00:00-05:00'

describe('the facts of a rule that looks at the run', () => {
  test.each<[rule: ConditionRule, facts: Partial<RunFacts>, words: string]>([
    ['EXCEPTION', {}, 'did not crash: it finished at 2026-03-05T00:30:00-05:00.'],
    ['EXCEPTION', { state: 'crashed' }, 'ended before it was done, at 2026-03-05T00:30:00-05:00.'],
    ['EXCEPTION', { state: 'running' }, 'has not ended; its limit of 24 h ends at 2026-03-05T23:00:00-05:00.'],
    ['ERRORS', { errors: 2, exitStatus: null }, 'reported 2 errors.'],
    ['ERRORS', { state: 'failed', exitStatus: 3 }, 'reported that it failed, no errors and exit status 3.'],
    ['CANCELED', {}, 'was not canceled: it finished.'],
    ['CANCELED', { state: 'canceled' }, 'was stopped by a person or a time limit at 2026-03-05T00:30:00-05:00.'],
    ['WARNINGS', { warnings: 1 }, 'reported 1 warning.'],
    ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP', {}, 'backed up files, so this does not apply.'],
    ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP', { plugin: 'sql', bytes: 0 }, 'stored no bytes.'],
    ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP', { plugin: 'sql', bytes: null }, 'examined 10 items.'],
    ['NO_FILE_DATA_READ', { plugin: 'sql' }, 'backed up databases or mailboxes, so this does not apply.'],
    ['NO_FILE_DATA_READ', { processedFiles: 0 }, 'examined no files.'],
    ['NO_FILE_DATA_READ', { processedFiles: null, totalFiles: 1 }, 'found 1 file.'],
    ['NO_FILE_DATA_READ', { processedFiles: null, totalFiles: null }, 'did not tell how many files it examined.'],
    ['NO_FILE_DATA_READ', { state: 'running' }, 'has not finished: what it stored is not asked.'],
    ['NO_NEW_FILE_DATA', { newFiles: 0 }, 'found no new or changed files.'],
    ['NO_NEW_FILE_DATA', { newFiles: null }, 'stored 1000 bytes.'],
    ['NO_NEW_FILE_DATA', { newFiles: null, bytes: null }, 'did not tell how many files were new or changed.'],
    ['NO_NEW_FILE_DATA', { processedFiles: 0 }, 'examined no file at all.'],
    ['NO_NEW_FILE_DATA', { state: 'crashed' }, 'did not finish: what it stored is not asked.'],
    ['NO_DATA_RESTORED', {}, 'was a backup, not a restore.'],
    ['NO_DATA_DELETED', {}, 'was a backup, not a deletion.'],
    ['RUNNING', {}, 'ended at 2026-03-05T00:30:00-05:00.'],
    ['RUNNING', { state: 'paused' }, 'has not ended; it was last heard of at 2026-03-05T00:30:00-05:00.'],
    ['COMPLETED', {}, 'finished at 2026-03-05T00:30:00-05:00.'],
    ['COMPLETED', { state: 'failed' }, 'did not finish: it failed.'],
  ])('%s of %o', (rule, facts, words) => {
    expect(factsOf(rule, { runs: [nightly(4, facts)] })).toBe(`${theRun} ${words}`)
  })

  test('say so when there is no run, or a due time without one is newer', () => {
    expect(factsOf('ERRORS', {})).toBe('No backup run was reported.')
    expect(factsOf('ERRORS', { runs: [nightly(3)] })).toBe(
      'The newest run, of 2026-03-03T23:00:00-05:00, is not judged: a run was due after it, at 2026-03-04T23:00:00-05:00.',
    )
  })
})

describe('the facts of MISSED', () => {
  const due = 'Due 2026-03-04T23:00:00-05:00, grace 1 h until 2026-03-05T00:00:00-05:00'
  const running = { state: 'running', updatedAt: at(4, '22:00') } as const
  const absence = { from: at(4, '23:30'), until: at(5, '08:00') }
  const required: Expectation['presence'] = { kind: 'required', notSeenMs: days(7) }
  const seen = (from: string, until: string) => ({ ...calm, sightings: [{ from: at(5, from), until: at(5, until) }] })

  test.each<[name: string, asked: Asked, words: string]>([
    [
      'name the run that started',
      { runs: [nightly(4)] },
      `${due}; the run of 2026-03-04T23:00:00-05:00 started for it.`,
    ],
    [
      'name the newest run that is too old',
      { runs: [nightly(3)] },
      `${due}; the newest run started before that, at 2026-03-03T23:00:00-05:00.`,
    ],
    ['say that there was no run', {}, `${due}; no run was reported.`],
    [
      'say that the grace has not passed',
      { now: at(4, '23:30'), runs: [nightly(3)] },
      `${due}, which has not passed; the newest run started before that, at 2026-03-03T23:00:00-05:00.`,
    ],
    [
      'name the run that is still going',
      { runs: [nightly(3, running)], expectation: { runLimitMs: days(2) } },
      `${due}; no run started for it, but the run of 2026-03-03T23:00:00-05:00 is still going.`,
    ],
    [
      'name the absence that moved the deadline',
      { surroundings: { ...calm, absences: { gaps: [absence], catchUpMs: minutes(15) } } },
      'Due 2026-03-04T23:00:00-05:00, grace 1 h until 2026-03-05T08:15:00-05:00 (not 2026-03-05T00:00:00-05:00, ' +
        'because the server was away from 2026-03-04T23:30:00-05:00 to 2026-03-05T08:00:00-05:00); no run was reported.',
    ],
    [
      'count the time in which the computer was seen',
      { expectation: { presence: required }, surroundings: seen('08:00', '11:00') },
      'Due 2026-03-04T23:00:00-05:00, grace 1 h of time in which the computer was seen, until ' +
        '2026-03-05T09:00:00-05:00; no run was reported.',
    ],
    [
      'say that the computer was not seen for long enough',
      { expectation: { presence: required }, surroundings: seen('08:00', '08:10') },
      'Due 2026-03-04T23:00:00-05:00, grace 1 h of time in which the computer was seen, which has not passed; ' +
        'no run was reported.',
    ],
    [
      'name the due time that was missed before the schedule changed',
      { expectation: { expectedFrom: at(5, '08:00'), missedBefore: at(4, '20:00') } },
      'Due 2026-03-04T20:00:00-05:00, before the schedule changed at 2026-03-05T08:00:00-05:00, ' +
        'grace 1 h until 2026-03-04T21:00:00-05:00; no run was reported.',
    ],
    [
      'name the first due time when none has come',
      { expectation: { expectedFrom: at(5, '08:00') } },
      'No run has been due since 2026-03-05T08:00:00-05:00; the next is due at 2026-03-05T23:00:00-05:00.',
    ],
    [
      'count an interval from the last start',
      { expectation: { schedule: 'every 2d' }, runs: [nightly(4)] },
      'No run has been due since 2026-03-04T23:00:00-05:00; the next is due at 2026-03-06T23:00:00-05:00.',
    ],
    [
      'say that a schedule is over',
      { expectation: { schedule: 'calendar 2026-01-01', expectedFrom: at(5, '08:00') } },
      'No run has been due since 2026-03-05T08:00:00-05:00; no other will be.',
    ],
    [
      'say that there is no schedule',
      { expectation: { schedule: 'manual' } },
      'The set has no schedule: no run is ever due.',
    ],
    [
      'say that the set is switched off',
      { expectation: { isEnabled: false } },
      'The set or its computer is switched off: no run is due.',
    ],
  ])('%s', (_, asked, words) => {
    expect(factsOf('MISSED', asked)).toBe(words)
  })
})

describe('the facts of an objective', () => {
  const required: Expectation = anExpectation({ ...weekdays, presence: { kind: 'required', notSeenMs: days(7) } })
  const { schedule: _, ...presence } = required
  const sightings = [{ from: at(1, '08:00'), until: at(1, '18:00') }]

  test.each<[rule: ConditionRule, name: string, asked: Asked, words: string]>([
    [
      'RPO_EXCEEDED',
      'say that there is none',
      {},
      'The set has no objective (RPO) for the age of its last good backup.',
    ],
    [
      'RPO_EXCEEDED',
      'tell the age of the last good backup',
      { runs: [nightly(3)], expectation: { rpoMs: hours(24) } },
      'The last good backup began at 2026-03-03T23:00:00-05:00; the objective (RPO) of 24 h ended at 2026-03-04T23:00:00-05:00.',
    ],
    [
      'RPO_EXCEEDED',
      'say that there was no good backup',
      { expectation: { rpoMs: days(3), expectedFrom: at(4, '08:00') } },
      'No good backup was reported since 2026-03-04T08:00:00-05:00; the objective (RPO) of 3 days ends at 2026-03-07T08:00:00-05:00.',
    ],
    [
      'RPO_EXCEEDED',
      'say that the set is switched off',
      { runs: [nightly(3)], expectation: { rpoMs: hours(24), isEnabled: false } },
      'The last good backup began at 2026-03-03T23:00:00-05:00, but the set or its computer is switched off.',
    ],
    ['NOT_SEEN', 'say that nobody asks', {}, 'The presence of the computer is not required.'],
    [
      'NOT_SEEN',
      'tell when the computer was seen',
      { expectation: { ...presence }, surroundings: { ...calm, sightings } },
      'The computer was last seen at 2026-03-01T18:00:00-05:00; it may be away for 7 days, until 2026-03-08T19:00:00-04:00.',
    ],
    [
      'NOT_SEEN',
      'say that it was never seen',
      { expectation: { ...presence, expectedFrom: at(4, '08:00') } },
      'The computer was not seen since 2026-03-04T08:00:00-05:00; it may be away for 7 days, until 2026-03-11T09:00:00-04:00.',
    ],
    [
      'NOT_SEEN',
      'say that it is switched off',
      { expectation: { ...presence, isEnabled: false }, surroundings: { ...calm, sightings } },
      'The computer was last seen at 2026-03-01T18:00:00-05:00, but the set or the computer is switched off.',
    ],
  ])('%s %s', (rule, _, asked, words) => {
    expect(factsOf(rule, asked)).toBe(words)
  })
})
