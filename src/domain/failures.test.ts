import { expect, test } from 'vitest'
import { anExpectation, calm } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { deriveFailures, mostMissedCounted } from './failures.ts'
import { days, hours, minutes } from './instant.ts'

/** Noon; a set is due every night at 23:00 UTC, and its last good backup began in the first of these nights. */
const now = Date.UTC(2026, 2, 12, 12)
const night = (number: number) => Date.UTC(2026, 2, number, 23)
const failed = (startedAt: number) => aRun({ startedAt, updatedAt: startedAt + minutes(1), state: 'failed' })
const good = (startedAt: number) => aRun({ startedAt, updatedAt: startedAt + minutes(1) })

test.each([
  ['none since a good one last night', [good(night(11))], night(11), { runs: 0, missed: 0 }],
  ['runs that failed', [failed(night(10)), failed(night(11))], night(9), { runs: 2, missed: 0 }],
  ['nights without a run, between others as well', [failed(night(9))], night(7), { runs: 1, missed: 3 }],
  ['two runs of one night', [failed(night(11)), failed(night(11) + hours(1))], night(10), { runs: 2, missed: 0 }],
  [
    'a run that is still going does not count',
    [aRun({ state: 'running', startedAt: night(11) })],
    night(10),
    { runs: 0, missed: 0 },
  ],
  [
    'nor does what waits for it',
    [aRun({ state: 'running', startedAt: night(11) - hours(2) })],
    night(10),
    { runs: 0, missed: 0 },
  ],
  ['a run with warnings is good', [aRun({ startedAt: night(11), warnings: 1 })], night(11), { runs: 0, missed: 0 }],
])('%s', (_, runs, lastGoodAt, failures) => {
  expect(deriveFailures({ expectation: anExpectation(), runs, lastGoodAt, surroundings: calm, now })).toEqual(failures)
})

test('where there was never a good one, all since the set was expected to run', () => {
  const expectation = anExpectation({ expectedFrom: night(9) })
  const runs = [failed(night(10))]
  expect(deriveFailures({ expectation, runs, lastGoodAt: null, surroundings: calm, now })).toEqual({
    runs: 1,
    missed: 1,
  })
})

test.each([
  ['every', [failed(night(9) + hours(1)), failed(night(10))], { runs: 2, missed: 8 }],
  ['every', [], { runs: 0, missed: 10 }],
])('due times of an interval follow each run: %s %#', (_, runs, failures) => {
  const expectation = anExpectation({ schedule: 'every 6h' })
  const facts = { expectation, runs, lastGoodAt: night(9), surroundings: calm }
  expect(deriveFailures({ ...facts, now: night(9) + hours(61) + minutes(30) })).toEqual(failures)
})

test('what is switched off or due never is not missed', () => {
  const facts = { runs: [], lastGoodAt: night(1), surroundings: calm, now }
  expect(deriveFailures({ ...facts, expectation: anExpectation({ isEnabled: false }) }).missed).toBe(0)
  expect(deriveFailures({ ...facts, expectation: anExpectation({ schedule: 'manual' }) }).missed).toBe(0)
})

test('counting ends somewhere', () => {
  const expectation = anExpectation({ schedule: 'cron * * * * *' })
  const facts = { expectation, runs: [], lastGoodAt: now - days(300), surroundings: calm, now }
  expect(deriveFailures(facts).missed).toBe(mostMissedCounted)
})
