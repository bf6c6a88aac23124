import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExpectation, calm, historyOf } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { deriveCheck } from './check.ts'
import { conditionStatuses, defaultPolicy, deriveRunCondition, type Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import { days, hours, type Instant, minutes } from './instant.ts'
import { judgeSet } from './judge-set.ts'
import { hasEnded, type RunFacts, runStates, type RunState } from './run.ts'

/** The day that the cases are on; a run is due at 23:00 of it, with a grace of one hour. */
const day = Date.UTC(2026, 2, 5)
const at = (hour: number) => day + hours(hour)

function run(startHour: number, lengthMinutes: number, facts: Partial<RunFacts> = {}): RunFacts {
  return aRun({ startedAt: at(startHour), updatedAt: at(startHour) + minutes(lengthMinutes), ...facts })
}

/** What the store says of unended runs: the newest run that has ended, or that is older than its limit. */
function settledOf(runs: readonly RunFacts[], { runLimitMs }: Expectation, now: Instant): RunFacts | null {
  const oldestFirst = runs.toSorted((one, other) => one.startedAt - other.startedAt)
  return oldestFirst.findLast(one => hasEnded(one) || one.startedAt < now - runLimitMs) ?? null
}

function check(runs: RunFacts[], now: Instant, expectation = anExpectation(), policy: Policy = defaultPolicy) {
  const facts = { expectation, history: historyOf(runs), surroundings: calm, policy }
  return deriveCheck({ ...facts, settledRun: settledOf(runs, expectation, now) }, now)
}

const going = { state: 'running' } as const
const lastNight = run(-1, 60)
const failedLastNight = run(-1, 60, { errors: 1 })

describe('a set as a check', () => {
  test.each<[string, RunFacts[], number, string, boolean, number | null]>([
    ['that ran well is up until it is due again', [lastNight], 12, 'up', false, 23],
    ['that has warnings is up', [run(-1, 60, { warnings: 1 })], 12, 'up', false, 23],
    ['that failed is down, and tells no next ping', [failedLastNight], 12, 'down', false, null],
    ['that is due is in grace, since its due time', [lastNight], 23.5, 'grace', false, 23],
    ['is down when its grace has passed', [lastNight], 24.5, 'down', false, null],
    ['that runs stands as before: up', [lastNight, run(23, 0, going)], 23.5, 'up', true, 47],
    ['that runs stands as before: down', [failedLastNight, run(23, 0, going)], 23.5, 'down', true, null],
    ['that runs late stays down until that has ended', [lastNight, run(24.5, 0, going)], 25, 'down', true, null],
    ['whose run outlasts its limit is down', [lastNight, run(12, 0, going)], 36.5, 'down', false, null],
    [
      'is down while it runs if the run before never ended',
      [run(-26, 0, going), run(23, 0, going)],
      23.5,
      'down',
      true,
      null,
    ],
    [
      'that has failed while an older run goes on is down',
      [run(20, 0, going), run(22, 9, { errors: 1 })],
      23,
      'down',
      true,
      null,
    ],
    ['that is due while a run goes on waits for that', [lastNight, run(22, 0, going)], 24.5, 'grace', true, 23],
    [
      'that a later run failed stays down while an older one goes on',
      [run(12, 0, going), run(13, 9, { errors: 1 })],
      24.5,
      'down',
      true,
      null,
    ],
  ])('%s', (_, runs, hour, status, isStarted, nextHour) => {
    const { nextDueAt, ...standing } = check(runs, at(hour))
    expect(standing).toMatchObject({ status, isStarted })
    expect(nextDueAt).toBe(nextHour === null ? null : at(nextHour))
  })

  test('that nobody has heard of is new until its first due time was missed', () => {
    const expectation = anExpectation({ expectedFrom: at(12) })
    expect(check([], at(13), expectation)).toEqual({
      status: 'new',
      isStarted: false,
      lastEnded: null,
      nextDueAt: null,
    })
    expect(check([], at(23.5), expectation).status).toBe('new')
    expect(check([], at(24.5), expectation).status).toBe('down')
    expect(check([run(23, 0, going)], at(24.5), expectation)).toMatchObject({ status: 'new', isStarted: true })
  })

  test('that is switched off is paused, whatever it was', () => {
    expect(check([failedLastNight], at(12), anExpectation({ isEnabled: false })).status).toBe('paused')
  })

  test('is called by the policy', () => {
    expect(check([failedLastNight], at(12), anExpectation(), { ERRORS: 'WARNING' }).status).toBe('up')
    expect(check([run(-1, 60, { warnings: 1 })], at(12), anExpectation(), { WARNINGS: 'FAILURE' }).status).toBe('down')
    // A miss that is a warning is late all the same.
    expect(check([lastNight], at(25), anExpectation(), { MISSED: 'WARNING' }).status).toBe('grace')
    // A policy that calls it no failure does not make it good.
    const outlasting = check([failedLastNight, run(12, 0, going)], at(40), anExpectation(), {
      EXCEPTION: 'COMPLETED',
      MISSED: 'COMPLETED',
    })
    expect([outlasting.status, outlasting.isStarted]).toEqual(['new', false])
  })

  test('has no next ping where nothing is due', () => {
    const { status, nextDueAt } = check([lastNight], at(12), anExpectation({ schedule: 'manual' }))
    expect([status, nextDueAt]).toEqual(['up', null])
  })

  test('tells the run that ended last, not the one that goes on', () => {
    expect(check([lastNight, run(23, 0, going)], at(23.5)).lastEnded).toEqual(lastNight)
    expect(check([run(23, 0, going)], at(23.5)).lastEnded).toBeNull()
  })
})

describe('whatever was reported', () => {
  const states = fc.constantFrom(...(Object.keys(runStates) as RunState[]))
  const runs = fc.array(
    fc.record({
      start: fc.integer({ min: -72, max: 30 }),
      length: fc.integer({ min: 0, max: 600 }),
      state: states,
      errors: fc.nat(1),
      warnings: fc.nat(1),
    }),
    { maxLength: 6 },
  )
  const given = {
    runs: runs.map(all => all.map(({ start, length, ...facts }) => run(start, length, facts))),
    now: fc.integer({ min: at(0), max: at(40) }),
    isEnabled: fc.boolean(),
    rpoMs: fc.option(fc.constant(days(1))),
    schedule: fc.constantFrom('cron 0 23 * * *', 'every 6h', 'manual'),
    policy: fc.dictionary(fc.constantFrom('ERRORS', 'WARNINGS'), fc.constantFrom(...conditionStatuses)),
  }

  test('a check is up or in grace only after a run that is no failure, and a failure is always down', () => {
    fc.assert(
      fc.property(fc.record(given), ({ runs, now, policy, ...own }) => {
        const expectation = anExpectation({ ...own, expectedFrom: at(-72) })
        const { status, lastEnded, nextDueAt } = check(runs, now, expectation, policy)
        const facts = { expectation, history: historyOf(runs), surroundings: calm, policy }
        const { condition } = judgeSet(facts, now)
        expect(status === 'paused').toBe(!own.isEnabled)
        if (own.isEnabled && condition?.status === 'FAILURE') expect(status).toBe('down')
        if (status !== 'up' && status !== 'grace') return
        expect(condition?.status).not.toBe('FAILURE')
        expect(lastEnded && deriveRunCondition(lastEnded, Infinity, now, policy).status).not.toBe('FAILURE')
        expect(status === 'grace').toBe(nextDueAt !== null && nextDueAt <= now)
      }),
    )
  })
})
