import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExpectation, calm } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { backtest, compareTimelines, type JudgedBy } from './backtest.ts'
import { type ConditionStatus, conditionStatuses, defaultPolicy, type Policy } from './condition.ts'
import { days, hours, minutes } from './instant.ts'
import type { ConditionMoment } from './timeline.ts'

const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 2, day, hour, minute)

function aMoment({
  status = 'FAILURE',
  ...moment
}: Partial<Omit<ConditionMoment, 'condition'>> & { status?: ConditionStatus | 'none' } = {}): ConditionMoment {
  const condition = status === 'none' ? undefined : { status, types: [], rules: [] }
  return { at: at(3, 0), dueAt: null, run: null, ...moment, condition }
}

describe('a change of status', () => {
  const run = aRun()
  const [onTime, late] = [at(3, 0), at(3, 6)]

  test.each([
    ['at the same moment to the same status stays', aMoment({ dueAt: 1 }), aMoment({ dueAt: 2 }), 1],
    ['to another status does not stay', aMoment(), aMoment({ status: 'WARNING' }), 0],
    [
      'stays when it moves for the same due time',
      aMoment({ dueAt: 1, at: late }),
      aMoment({ dueAt: 1, at: onTime }),
      1,
    ],
    ['stays when it moves for the same run', aMoment({ run, at: late }), aMoment({ run, at: onTime }), 1],
    ['of another due time does not stay', aMoment({ dueAt: 1, at: late }), aMoment({ dueAt: 2, at: onTime }), 0],
    ['of another run does not stay', aMoment({ run, at: late }), aMoment({ run: aRun({ startedAt: 1 }) }), 0],
    ['that moves and is about nothing does not stay', aMoment({ at: late }), aMoment({ at: onTime }), 0],
    ['to no condition is one as well', aMoment({ status: 'none' }), aMoment({ status: 'none' }), 1],
  ])('%s', (_, present, proposed, stay) => {
    const different = stay === 0
    expect(compareTimelines([present], [proposed])).toEqual({
      vanish: different ? [present] : [],
      appear: different ? [proposed] : [],
      stay,
    })
  })

  test('stands for one other at most', () => {
    const [first, second] = [aMoment({ dueAt: 1, at: onTime }), aMoment({ dueAt: 1, at: late })]
    expect(compareTimelines([first, second], [second])).toEqual({ vanish: [first], appear: [], stay: 1 })
    expect(compareTimelines([first], [first, second])).toEqual({ vanish: [], appear: [second], stay: 1 })
  })
})

// A set that is due at 23:00, and ran at 01:30 the night after the first: late by more than its grace.
const runs = [
  aRun({ startedAt: at(1, 23), updatedAt: at(2, 0) }),
  aRun({ startedAt: at(3, 1, 30), updatedAt: at(3, 2) }),
  aRun({ startedAt: at(3, 23), updatedAt: at(4, 2), warnings: 1 }),
]
const facts = { runs, surroundings: calm, from: at(2, 12), until: at(4, 12) }
const by = (expectation: Parameters<typeof anExpectation>[0] = {}, policy: Policy = defaultPolicy): JudgedBy => ({
  expectation: anExpectation(expectation),
  policy,
})
const told = (moments: readonly ConditionMoment[]) => moments.map(({ at, condition }) => [at, condition?.status])

test('a longer grace lets the failure of a late run vanish, and nothing else', () => {
  const { vanish, appear, stay } = backtest({ ...facts, present: by(), proposed: by({ graceMs: hours(4) }) })
  expect(told(vanish)).toEqual([[at(3, 0) + 1, 'FAILURE']])
  expect(vanish).toMatchObject([{ condition: { types: ['MISSED'] }, dueAt: at(2, 23) }])
  expect(appear).toEqual([])
  expect(stay).toBe(5)
})

test('a grace that is still too short moves the failure, which stays', () => {
  expect(backtest({ ...facts, present: by(), proposed: by({ graceMs: hours(2) }) })).toEqual({
    vanish: [],
    appear: [],
    stay: 6,
  })
})

test('another policy exchanges the changes whose status it sets', () => {
  const { vanish, appear } = backtest({ ...facts, present: by(), proposed: by({}, { WARNINGS: 'FAILURE' }) })
  expect(told(vanish)).toEqual([[at(4, 2), 'WARNING']])
  expect(told(appear)).toEqual([[at(4, 2), 'FAILURE']])
})

test('an objective lets a failure appear, and how the timeline begins counts', () => {
  const { vanish, appear } = backtest({ ...facts, present: by(), proposed: by({ rpoMs: hours(10) }) })
  expect(told(vanish)).toEqual([
    [at(2, 12), 'COMPLETED'],
    [at(3, 0) + 1, 'FAILURE'],
    [at(3, 1, 30), 'RUNNING'],
    [at(3, 23), 'RUNNING'],
  ])
  expect(told(appear)).toEqual([
    [at(2, 12), 'FAILURE'],
    [at(3, 11, 30) + 1, 'FAILURE'],
    [at(4, 9) + 1, 'FAILURE'],
  ])
})

const someSettings: fc.Arbitrary<JudgedBy> = fc.record({
  expectation: fc
    .record({
      schedule: fc.constantFrom('cron 0 23 * * *', 'cron 0 */8 * * *', 'every 6h', 'manual'),
      graceMs: fc.constantFrom(minutes(10), hours(1), hours(5)),
      rpoMs: fc.constantFrom(null, hours(12), hours(30)),
      isEnabled: fc.boolean(),
    })
    .map(anExpectation),
  policy: fc.constantFrom<Policy>(defaultPolicy, { MISSED: 'WARNING' }, { WARNINGS: 'FAILURE' }),
})
const someRuns = fc.array(
  fc
    .record({
      startedAt: fc.nat({ max: days(4) }).map(time => at(1, 0) + time),
      tookMs: fc.nat({ max: hours(8) }),
      warnings: fc.nat({ max: 1 }),
    })
    .map(({ tookMs, ...run }) => aRun({ ...run, updatedAt: run.startedAt + tookMs })),
  { maxLength: 8 },
)

describe('for any runs and any settings', () => {
  test('the same settings change nothing', () => {
    fc.assert(
      fc.property(someSettings, someRuns, (settings, runs) => {
        const result = backtest({ ...facts, runs, present: settings, proposed: settings })
        expect(result).toMatchObject({ vanish: [], appear: [] })
      }),
    )
  })

  test('the way back lets appear what vanished on the way there', () => {
    fc.assert(
      fc.property(someSettings, someSettings, someRuns, (present, proposed, runs) => {
        const there = backtest({ ...facts, runs, present, proposed })
        const back = backtest({ ...facts, runs, present: proposed, proposed: present })
        expect(back).toEqual({ vanish: there.appear, appear: there.vanish, stay: there.stay })
      }),
    )
  })
})

test('every change vanishes, appears or stays, and is counted once', () => {
  const someMoment = fc
    .record({
      status: fc.constantFrom('none' as const, ...conditionStatuses),
      at: fc.nat({ max: 4 }),
      dueAt: fc.option(fc.nat({ max: 3 })),
      run: fc.option(fc.nat({ max: 3 }).map(startedAt => aRun({ startedAt }))),
    })
    .map(aMoment)
  const someMoments = fc.array(someMoment, { maxLength: 8 })
  fc.assert(
    fc.property(someMoments, someMoments, (present, proposed) => {
      const { vanish, appear, stay } = compareTimelines(present, proposed)
      expect([vanish.length + stay, appear.length + stay]).toEqual([present.length, proposed.length])
      expect(vanish.every(moment => present.includes(moment))).toBe(true)
      expect(appear.every(moment => proposed.includes(moment))).toBe(true)
    }),
  )
})
