import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anExpectation, calm, historyOf } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { defaultPolicy } from './condition.ts'
import { explain, type ExplainedSet } from './explain.ts'
import { formatExplanation } from './explanation-text.ts'
import { hours } from './instant.ts'

const at = (day: number, time: string) => Date.parse(`2026-03-0${day}T${time}:00-05:00`)
const good = aRun({ startedAt: at(3, '23:00'), updatedAt: at(4, '00:30') })
const bad = aRun({ startedAt: at(4, '23:00'), updatedAt: at(5, '00:30'), errors: 2, warnings: 1 })

function textOf(set: Partial<ExplainedSet> = {}): string {
  const runs = set.runs ?? [good, bad]
  return formatExplanation(
    explain({
      name: 'Documents',
      expectation: anExpectation({ schedule: 'cron 0 23 * * 1-5', zone: 'America/New_York', rpoMs: hours(24) }),
      history: historyOf(runs),
      surroundings: calm,
      policy: defaultPolicy,
      now: at(6, '07:00'),
      runs,
      ...set,
    }),
  )
}

test('an explanation reads like a note in a ticket', () => {
  expect(textOf()).toBe(`Documents: FAILURE (MISSED) at 2026-03-06T07:00:00-05:00

What is expected
  Schedule:         due at 23:00 on weekdays, America/New_York
  Newest due time:  2026-03-05T23:00:00-05:00, grace until 2026-03-06T00:00:00-05:00, answered by no
                    run
  Next due time:    2026-03-06T23:00:00-05:00
  Judged is:        what was due at 2026-03-05T23:00:00-05:00

Runs
  Newest run:       started 2026-03-04T23:00:00-05:00, ended 2026-03-05T00:30:00-05:00, finished, 2
                    errors, 1 warning
  Open run:         none
  Last good backup: started 2026-03-03T23:00:00-05:00, ended 2026-03-04T00:30:00-05:00, finished, no
                    errors, no warnings

Rules
  yes  MISSED (FAILURE)
       Due 2026-03-05T23:00:00-05:00, grace 1 h until 2026-03-06T00:00:00-05:00; the newest run
       started before that, at 2026-03-04T23:00:00-05:00.
  yes  RPO_EXCEEDED (FAILURE, listed as MISSED)
       The last good backup began at 2026-03-03T23:00:00-05:00; the objective (RPO) of 24 h ended at
       2026-03-04T23:00:00-05:00.
  no   EXCEPTION, ERRORS, CANCELED, WARNINGS, NO_EXCHANGE_OR_SQL_DATA_BACKED_UP, NO_FILE_DATA_READ,
       NO_NEW_FILE_DATA, NO_DATA_RESTORED, NO_DATA_DELETED, RUNNING, COMPLETED
       The newest run, of 2026-03-04T23:00:00-05:00, is not judged: a run was due after it, at
       2026-03-05T23:00:00-05:00.
  no   NOT_SEEN
       The presence of the computer is not required.

What would turn it green
  - A backup run that starts now, finishes without errors or warnings and ends before
    2026-03-07T07:00:00-05:00, when it is itself as old as the objective (RPO) of 24 h allows.
`)
})

test.each<[name: string, set: Partial<ExplainedSet>, line: string]>([
  [
    'a set without a condition',
    { runs: [], expectation: anExpectation({ schedule: 'manual' }) },
    'Judged is:        nothing yet',
  ],
  ['a run that is judged', { now: at(5, '01:00') }, 'Judged is:        the run of 2026-03-04T23:00:00-05:00'],
  ['who answered', { now: at(5, '01:00') }, 'grace until 2026-03-05T00:00:00-05:00, answered by'],
  [
    'the limit of an open run',
    { runs: [aRun({ ...bad, state: 'running' })], now: at(5, '01:00') },
    'Run limit ends:   2026-03-05T23:00:00-05:00',
  ],
  [
    'a computer that was not seen',
    { expectation: anExpectation({ presence: { kind: 'required', notSeenMs: 1 } }) },
    'grace not over: the computer was not seen for it',
  ],
  [
    'a run of which only the start is known',
    { history: historyOf([good, bad]), runs: [] },
    'Last good backup: started 2026-03-03T23:00:00-05:00\n',
  ],
])('tells %s', (_, set, line) => {
  expect(textOf(set)).toContain(line)
})

test('no line is longer than 100 characters, whatever the words', () => {
  const someName = fc.oneof(
    fc.string({ minLength: 1, maxLength: 255, unit: 'grapheme', size: 'max' }),
    fc.stringMatching(/^[a-z]{90,255}$/),
    fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 9 }).map(words => words.join(' ')),
  )
  fc.assert(
    fc.property(someName, fc.boolean(), (name, isLong) => {
      const minutes = Array.from({ length: 20 }, (_, index) => index * 3 + (index % 2)).join(',')
      const expectation = anExpectation(isLong ? { schedule: `cron ${minutes},59 ${minutes.slice(0, 8)} * * *` } : {})
      const text = textOf({ name, expectation })
      for (const line of text.split('\n')) {
        expect(line.length).toBeLessThanOrEqual(100)
        expect(line).toBe(line.trimEnd())
      }
      expect(text.replaceAll(/\s/g, '')).toContain(name.replaceAll(/\s/g, ''))
      expect(text.isWellFormed()).toBe(true)
      expect(text).toMatch(/\n\nWhat would turn it green\n(?: {2}- .+\n(?: {4}.+\n)*)+$/)
    }),
  )
})
