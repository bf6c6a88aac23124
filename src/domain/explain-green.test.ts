import { describe, expect, test } from 'vitest'
import { anExpectation, calm, historyOf } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { defaultPolicy } from './condition.ts'
import { tellGreen } from './explain-green.ts'
import { judge, type JudgedFacts, type Judgement } from './explain-judgement.ts'
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

describe('what would turn it green', () => {
  const newRun = 'A backup run that starts now and finishes without errors or warnings.'
  const required = { kind: 'required', notSeenMs: days(2) } as const
  const going = { state: 'running', updatedAt: at(5, '00:10') } as const
  const oneGap = { gaps: [{ from: at(5, '23:50'), until: at(6, '02:00') }], catchUpMs: minutes(15) }

  test.each<[name: string, asked: Asked, green: string[]]>([
    [
      'of a green set is that it is, and until when',
      { runs: [nightly(4)] },
      [
        'It is green.',
        'It stays so until 2026-03-06T00:00:00-05:00: a run is due at 2026-03-05T23:00:00-05:00, and its grace of 1 h ends then.',
      ],
    ],
    [
      'of a green set counts the absences that delay its deadline',
      { runs: [nightly(4)], surroundings: { ...calm, absences: oneGap } },
      [
        'It is green.',
        'It stays so until 2026-03-06T02:15:00-05:00: a run is due at 2026-03-05T23:00:00-05:00, and its grace of 1 h ends then.',
      ],
    ],
    [
      'of a green set names the objective that ends it first',
      { runs: [nightly(4)], expectation: { rpoMs: hours(20) } },
      [
        'It is green.',
        'It stays so until 2026-03-05T19:00:00-05:00: the last good backup is then as old as the objective (RPO) of 20 h allows.',
      ],
    ],
    [
      'of a green set that nothing is expected of is that it stays so',
      { runs: [nightly(4)], expectation: { schedule: 'manual' } },
      ['It is green.', 'It stays so until another run is reported: no deadline is coming.'],
    ],
    [
      'of a green set that is switched off is that it stays so',
      { runs: [nightly(3)], expectation: { isEnabled: false } },
      ['It is green.', 'It stays so until another run is reported: the set or its computer is switched off.'],
    ],
    [
      'of a green set whose computer must be there is until it must be seen',
      {
        runs: [nightly(4)],
        expectation: { presence: required },
        surroundings: { ...calm, sightings: [{ from: at(4, '20:00'), until: at(5, '01:00') }] },
      },
      ['It is green.', 'It stays so until 2026-03-07T01:00:00-05:00: the computer must have been seen again by then.'],
    ],
    [
      'of a green set by policy says so',
      { runs: [nightly(3)], policy: { MISSED: 'COMPLETED' } },
      [
        'It is green.',
        'It stays so until another run is reported: no deadline is coming.',
        'The policy calls MISSED COMPLETED; by default it is FAILURE.',
      ],
    ],
    ['of a missed set is a run', { runs: [nightly(3)] }, [newRun]],
    ['of a set with errors is a run without', { runs: [nightly(4, { errors: 1 })] }, [newRun]],
    [
      'of a set whose policy lets warnings pass is a run without errors',
      { runs: [nightly(4, { errors: 1 })], policy: { WARNINGS: 'COMPLETED' } },
      ['A backup run that starts now and finishes without errors.'],
    ],
    [
      'of a set that read nothing is a run that does',
      { runs: [nightly(4, { processedFiles: 0 })] },
      ['A backup run that starts now, finishes without errors or warnings and examines at least one file.'],
    ],
    [
      'of a set that is red by policy says so',
      { runs: [nightly(4, { newFiles: 0 })], policy: { NO_NEW_FILE_DATA: 'FAILURE' } },
      [
        'A backup run that starts now, finishes without errors or warnings and finds new or changed files.',
        'The policy calls NO_NEW_FILE_DATA FAILURE; by default it is COMPLETED.',
      ],
    ],
    [
      'of a set that is going is that it finishes in time',
      { runs: [nightly(4, going)], now: at(5, '00:15') },
      ['The run of 2026-03-04T23:00:00-05:00 finishes without errors or warnings by 2026-03-05T23:00:00-05:00.'],
    ],
    [
      'of a set that is going is that it finishes before the next run is missed',
      { runs: [nightly(4, going)], now: at(5, '00:15'), expectation: { runLimitMs: days(2) } },
      ['The run of 2026-03-04T23:00:00-05:00 finishes without errors or warnings by 2026-03-06T00:00:00-05:00.'],
    ],
    [
      'of a set that is going although the next run was missed is another run',
      { runs: [nightly(3, going)], expectation: { runLimitMs: days(2) } },
      [newRun],
    ],
    [
      'of a set that went on for too long is a late report of its end, or a run',
      { runs: [nightly(4, going)], expectation: { runLimitMs: hours(5) } },
      [
        'The run of 2026-03-04T23:00:00-05:00 is reported to have finished without errors or warnings after all, ' +
          'or a backup run that starts now and finishes without errors or warnings.',
      ],
    ],
    [
      'of a set whose last good backup is too old is one that ends before it is too old itself',
      { runs: [nightly(4, { errors: 1 })], expectation: { rpoMs: hours(24) } },
      [
        'A backup run that starts now, finishes without errors or warnings and ends before 2026-03-06T12:00:00-05:00, ' +
          'when it is itself as old as the objective (RPO) of 24 h allows.',
      ],
    ],
    [
      'of a set whose computer is not seen is that it is',
      { runs: [nightly(4)], expectation: { presence: required, expectedFrom: at(1, '08:00') } },
      ['The computer reports or sends a heartbeat.'],
    ],
    [
      'of a set that is red and switched off is a run all the same',
      { runs: [nightly(3, { state: 'crashed' })], expectation: { isEnabled: false } },
      [newRun, 'The set or its computer is switched off: no run is expected, but one that is reported still counts.'],
    ],
    [
      'of a set without a condition is a run, and how long it has none',
      { expectation: { expectedFrom: at(5, '08:00') } },
      [
        'It has no condition: no run is judged, and no deadline has passed.',
        'It stays so until 2026-03-06T00:00:00-05:00: a run is due at 2026-03-05T23:00:00-05:00, and its grace of 1 h ends then.',
        newRun,
      ],
    ],
  ])('%s', (_, asked, green) => {
    expect(tellGreen(aJudgement(asked))).toEqual(green)
  })

  test('of a green set is how long its computer must have been there for the next run', () => {
    const asked = {
      expectation: { presence: required },
      runs: [nightly(3)],
      policy: { NOT_SEEN: 'COMPLETED' } as const,
    }
    expect(tellGreen(aJudgement(asked))[1]).toBe(
      'It stays so until the computer has been seen for 1 h after 2026-03-04T23:00:00-05:00, when a run is due.',
    )
  })
})
