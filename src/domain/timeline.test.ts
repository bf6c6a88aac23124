import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExpectation, calm, judge } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { defaultCatchUpMs } from './absence.ts'
import { defaultPolicy, type Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import { days, hours, type Instant, minutes } from './instant.ts'
import type { Surroundings } from './occurrence.ts'
import { hasEnded, type RunFacts, type RunState, runStates } from './run.ts'
import { type ConditionMoment, deriveTimeline, type TimelineFacts, type TimelineRun } from './timeline.ts'

// 1 March 2026 is a Sunday; the set of `anExpectation` is due at 23:00 UTC with a grace of an hour.
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 2, day, hour, minute)
const nightly = (day: number, facts: Partial<RunFacts> = {}) =>
  aRun({ startedAt: at(day, 23), updatedAt: at(day + 1, 1), ...facts })

const timeline = (facts: Partial<TimelineFacts>) =>
  deriveTimeline({
    expectation: anExpectation(),
    runs: [],
    surroundings: calm,
    policy: defaultPolicy,
    from: at(2, 12),
    until: at(4, 12),
    ...facts,
  })
const statuses = (facts: Partial<TimelineFacts>) =>
  timeline(facts).map(moment => [moment.at, moment.condition?.status ?? 'none'])

describe('the timeline of a nightly set', () => {
  test('has its beginning, the starts and the ends of its runs', () => {
    expect(statuses({ runs: [nightly(3), nightly(1), nightly(2)] })).toEqual([
      [at(2, 12), 'COMPLETED'],
      [at(2, 23), 'RUNNING'],
      [at(3, 1), 'COMPLETED'],
      [at(3, 23), 'RUNNING'],
      [at(4, 1), 'COMPLETED'],
    ])
  })

  test('tells the run and the due time that were judged', () => {
    const runs = [nightly(1), nightly(3)]
    expect(timeline({ runs }).map(({ dueAt, run }) => [dueAt, run?.startedAt, run?.state])).toEqual([
      [null, at(1, 23), 'finished'],
      [at(2, 23), undefined, undefined],
      [null, at(3, 23), 'running'],
      [null, at(3, 23), 'finished'],
    ])
  })

  test('finds a run missed one millisecond after its grace', () => {
    expect(statuses({ runs: [nightly(1)] })).toEqual([
      [at(2, 12), 'COMPLETED'],
      [at(3, 0) + 1, 'FAILURE'],
    ])
  })

  test('does not know at a moment what was reported of a later one', () => {
    const runs = [nightly(1), nightly(2, { state: 'failed', errors: 3 })]
    const [, running, failed] = timeline({ runs, until: at(3, 12) })
    expect(running).toMatchObject({ condition: { types: ['RUNNING'] }, run: { errors: 0, updatedAt: at(2, 23) } })
    expect(failed).toMatchObject({ at: at(3, 1), condition: { types: ['ERRORS'] }, run: { errors: 3 } })
  })

  test('says when a run that never ended passed its limit, and when the next run was missed', () => {
    const runs = [nightly(1, { state: 'running' })]
    const policy: Policy = { EXCEPTION: 'WARNING' }
    const expectation = anExpectation({ runLimitMs: hours(24.5) })
    expect(statuses({ runs, policy, expectation, until: at(4, 12) })).toEqual([
      [at(2, 12), 'RUNNING'],
      [at(2, 23, 30) + 1, 'WARNING'],
      [at(3, 0) + 1, 'FAILURE'],
    ])
  })

  test('begins with the first condition that there was', () => {
    const expectation = anExpectation({ expectedFrom: at(2, 12) })
    expect(statuses({ expectation })).toEqual([[at(3, 0) + 1, 'FAILURE']])
    expect(statuses({ expectation: anExpectation({ schedule: 'manual' }) })).toEqual([])
  })

  test('tells the run that was still going when another was due', () => {
    const runs = [nightly(1, { updatedAt: at(3, 2) }), aRun({ startedAt: at(2, 10), updatedAt: at(2, 11) })]
    const moments = timeline({ runs, expectation: anExpectation({ runLimitMs: days(3) }) })
    expect(moments.slice(1, 3)).toMatchObject([
      { at: at(3, 0) + 1, condition: { status: 'RUNNING' }, dueAt: at(2, 23), run: { startedAt: at(1, 23) } },
      { condition: { status: 'FAILURE' }, dueAt: at(2, 23), run: null },
    ])
  })
})

test('of runs that started and ended at the same moment the worse is the newest, in whatever order they come', () => {
  const runs: TimelineRun[] = [
    { ...nightly(1), runKey: 'b' },
    { ...nightly(1, { state: 'failed' }), runKey: 'a' },
  ]
  for (const inOrder of [runs, runs.toReversed()]) {
    expect(statuses({ runs: inOrder, until: at(2, 20) })).toEqual([[at(2, 12), 'FAILURE']])
  }
})

test('an objective passes, and a good backup meets it again when it has ended', () => {
  const expectation = anExpectation({ schedule: 'manual', rpoMs: hours(24) })
  const bad = aRun({ startedAt: at(3, 3), updatedAt: at(3, 4), state: 'failed' })
  expect(statuses({ expectation, runs: [nightly(1), bad, nightly(3)] })).toEqual([
    [at(2, 12), 'COMPLETED'],
    [at(2, 23) + 1, 'FAILURE'],
    [at(4, 1), 'COMPLETED'],
  ])
})

test('a computer that must be seen is judged by what had been seen by then', () => {
  const expectation = anExpectation({ presence: { kind: 'required', notSeenMs: hours(24) } })
  const sightings = [
    { from: at(1, 8), until: at(1, 18) },
    { from: at(3, 8), until: at(3, 18) },
  ]
  const surroundings = { ...calm, sightings }
  const runs = [aRun({ startedAt: at(1, 9), updatedAt: at(1, 10) })]
  expect(statuses({ expectation, surroundings, runs })).toEqual([
    [at(2, 12), 'COMPLETED'],
    [at(2, 18) + 1, 'FAILURE'],
    [at(3, 8), 'COMPLETED'],
    [at(3, 9) + 1, 'FAILURE'],
  ])
})

test('nothing is missed in an absence of the server, nor in the time to catch up after it', () => {
  const gap = { from: at(2, 23, 30), until: at(3, 6) }
  const surroundings = { ...calm, absences: { gaps: [gap], catchUpMs: minutes(15) } }
  expect(statuses({ surroundings, runs: [nightly(1)] })).toEqual([
    [at(2, 12), 'COMPLETED'],
    [at(3, 6, 15) + 1, 'FAILURE'],
  ])
})

/** The timeline once more: the status of every minute, judged by all that had been reported by then. */
function statusAt({ expectation, runs, surroundings, policy }: TimelineFacts, now: Instant): string | undefined {
  const begun = runs.filter(({ startedAt }) => startedAt <= now)
  const asKnown = begun.map((run): RunFacts => {
    const isOver = run.updatedAt <= now
    return isOver ? run : { ...run, state: 'running', errors: 0, warnings: 0, updatedAt: now }
  })
  const seen = surroundings.sightings.filter(({ from }) => from <= now)
  const sightings = seen.map(({ from, until }) => ({ from, until: Math.min(until, now) }))
  const facts = { expectation, runs: asKnown, surroundings: { ...surroundings, sightings } }
  return judge(facts, now, policy).condition?.status
}

const begin = at(26, 12)
const week = days(7)
const aMinute = fc.nat({ max: week / minutes(1) }).map(minutes)
// To the minute, where deadlines meet, and anywhere.
const aTime = fc.oneof(aMinute, fc.nat({ max: week })).map(time => begin + time)
const aSpan = fc.oneof(fc.nat({ max: 90 }).map(minutes), fc.nat({ max: hours(30) }))
const states = Object.keys(runStates) as RunState[]

const someRuns: fc.Arbitrary<RunFacts[]> = fc.uniqueArray(
  fc
    .record({
      startedAt: fc.oneof({ weight: 5, arbitrary: aTime }, { weight: 1, arbitrary: fc.constant(begin - hours(10)) }),
      tookMs: aSpan,
      state: fc.oneof(fc.constant<RunState>('finished'), fc.constantFrom(...states)),
      errors: fc.constantFrom(0, 0, 0, 1),
      warnings: fc.constantFrom(0, 0, 0, 1),
      processedFiles: fc.constantFrom(10, 10, 0),
    })
    .map(({ tookMs, ...run }) => aRun({ ...run, updatedAt: run.startedAt + tookMs })),
  { selector: ({ startedAt }) => startedAt, maxLength: 12 },
)

function apart(spans: readonly [Instant, number][]): { from: Instant; until: Instant }[] {
  const inOrder = spans.map(([from, length]) => ({ from, until: from + length })).toSorted((a, b) => a.from - b.from)
  return inOrder.filter(({ from }, index) => from > Math.max(...inOrder.slice(0, index).map(({ until }) => until)))
}

const spans = fc.array(fc.tuple(aTime, aSpan), { maxLength: 6 }).map(apart)
const someSurroundings: fc.Arbitrary<Surroundings> = fc.record({
  absences: fc.record({ gaps: spans, catchUpMs: fc.constantFrom(0, defaultCatchUpMs) }),
  sightings: spans,
})

const someExpectation: fc.Arbitrary<Expectation> = fc
  .record({
    schedule: fc.constantFrom(
      'cron 0 23 * * *',
      'cron */20 * * * *',
      'cron 30 2 * * 1-5',
      'calendar Sun 02:30',
      'every 6h',
      'every 7m',
      'manual',
    ),
    zone: fc.constantFrom('UTC', 'Europe/Berlin'),
    graceMs: fc.constantFrom(0, minutes(10), hours(1), hours(26)),
    runLimitMs: fc.constantFrom(minutes(30), hours(5), hours(24)),
    rpoMs: fc.constantFrom(null, hours(8), hours(50)),
    presence: fc.constantFrom<Expectation['presence']>(
      { kind: 'ignored' },
      { kind: 'required', notSeenMs: hours(20) },
      { kind: 'required', notSeenMs: days(3) },
    ),
    isEnabled: fc.constantFrom(true, true, true, false),
    expectedFrom: fc.constantFrom(0, begin - days(1), begin + days(2)),
    missedBefore: fc.constantFrom(null, null, begin - days(2)),
  })
  .map(anExpectation)

const somePolicy = fc.constantFrom<Policy>(
  defaultPolicy,
  { MISSED: 'WARNING', EXCEPTION: 'COMPLETED' },
  { MISSED: 'COMPLETED', NOT_SEEN: 'WARNING', WARNINGS: 'COMPLETED' },
  { MISSED: 'RUNNING', RPO_EXCEEDED: 'WARNING' },
)

const someFacts: fc.Arbitrary<TimelineFacts> = fc.record({
  expectation: someExpectation,
  runs: someRuns,
  surroundings: someSurroundings,
  policy: somePolicy,
  from: fc.constantFrom(begin, begin + 1),
  until: fc.constant(begin + week),
})

const statusOf = (moments: readonly ConditionMoment[], now: Instant) =>
  moments.findLast(moment => moment.at <= now)?.condition?.status

describe('for any set in any week', () => {
  test('the timeline says what judging every minute of it says', () => {
    fc.assert(
      fc.property(someFacts, facts => {
        const moments = deriveTimeline(facts)
        const wrong: unknown[] = []
        for (let now = facts.from; now <= facts.until; now += minutes(1)) {
          const [told, judged] = [statusOf(moments, now), statusAt(facts, now)]
          if (told !== judged) wrong.push({ now: new Date(now), told, judged })
        }
        expect(wrong.slice(0, 3)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('every change is the first millisecond of it', () => {
    fc.assert(
      fc.property(someFacts, facts => {
        for (const { at, condition } of deriveTimeline(facts)) {
          expect(statusAt(facts, at)).toBe(condition?.status)
          if (at > facts.from) expect(statusAt(facts, at - 1)).not.toBe(condition?.status)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('moments are in order within their bounds, and each has another status than the one before it', () => {
    fc.assert(
      fc.property(someFacts, facts => {
        const moments = deriveTimeline(facts)
        expect(moments[0]?.condition?.status).not.toBe(moments.length === 0 ? null : undefined)
        for (const [index, moment] of moments.entries()) {
          const before = moments[index - 1]
          expect(moment.at).toBeGreaterThanOrEqual(before ? before.at + 1 : facts.from)
          expect(moment.at).toBeLessThanOrEqual(facts.until)
          if (before) expect(moment.condition?.status).not.toBe(before.condition?.status)
        }
      }),
    )
  })

  test('a timeline that is cut in two says the same', () => {
    fc.assert(
      fc.property(someFacts, aTime, (facts, time) => {
        const cut = Math.max(time, facts.from)
        const whole = deriveTimeline(facts)
        const first = deriveTimeline({ ...facts, until: cut })
        const second = deriveTimeline({ ...facts, from: cut })
        expect(first).toEqual(whole.filter(moment => moment.at <= cut))
        expect(second.filter(moment => moment.at > cut)).toEqual(whole.filter(moment => moment.at > cut))
      }),
    )
  })

  test('the order in which runs are handed in does not matter', () => {
    fc.assert(
      fc.property(someFacts, facts => {
        expect(deriveTimeline({ ...facts, runs: facts.runs.toReversed() })).toEqual(deriveTimeline(facts))
      }),
    )
  })
})

test('only a run that has ended leaves a good backup', () => {
  const running = nightly(2, { state: 'running' })
  expect(hasEnded(running)).toBe(false)
  const expectation = anExpectation({ schedule: 'manual', rpoMs: hours(24), runLimitMs: days(9) })
  expect(statuses({ expectation, runs: [nightly(1), running] })).toEqual([
    [at(2, 12), 'COMPLETED'],
    [at(2, 23), 'RUNNING'],
    [at(2, 23) + 1, 'FAILURE'],
  ])
})
