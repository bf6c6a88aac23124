import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExpectation, calm, historyOf, judge } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { defaultCatchUpMs } from './absence.ts'
import { conditionRules, defaultPolicy, isGoodBackup, type Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import { judge as judgeFacts, type JudgedFacts } from './explain-judgement.ts'
import { findEndOfStanding } from './explain-standing.ts'
import { type ExplainedSet, explain, type Explanation } from './explain.ts'
import { days, hours, type Instant, minutes } from './instant.ts'
import { hasEnded, plugins, type RunFacts, type RunState, runStates, runTypes } from './run.ts'

// A set that is due at 23:00 in New York, on weekdays. 5 March 2026 is a Thursday.
const at = (day: number, time: string) => Date.parse(`2026-03-${String(day).padStart(2, '0')}T${time}:00-05:00`)
const nightly = (day: number, facts: Partial<RunFacts> = {}) =>
  aRun({ startedAt: at(day, '23:00'), updatedAt: at(day + 1, '00:30'), ...facts })

type Asked = { runs?: RunFacts[]; expectation?: Parameters<typeof anExpectation>[0] } & Partial<
  Pick<ExplainedSet, 'surroundings' | 'policy' | 'now' | 'zone'>
>
const weekdays = { schedule: 'cron 0 23 * * 1-5', zone: 'America/New_York' }
function explained({ runs = [], expectation = {}, ...asked }: Asked): Explanation {
  return explain({
    name: 'Documents',
    expectation: anExpectation({ ...weekdays, ...expectation }),
    history: historyOf(runs),
    runs,
    surroundings: calm,
    policy: defaultPolicy,
    now: at(5, '12:00'),
    ...asked,
  })
}

test('tells what is expected and what was reported', () => {
  expect(explained({ runs: [nightly(3), nightly(4, { errors: 2, warnings: 1 })] })).toMatchObject({
    name: 'Documents',
    at: at(5, '12:00'),
    zone: 'America/New_York',
    condition: { status: 'FAILURE', types: ['ERRORS', 'WARNINGS'] },
    occurrence: { kind: 'run', startedAt: at(4, '23:00') },
    schedule: 'at 23:00 on weekdays, America/New_York',
    due: { dueAt: at(4, '23:00'), graceEndsAt: at(5, '00:00'), answeredBy: { startedAt: at(4, '23:00') } },
    nextDueAt: at(5, '23:00'),
    runLimitAt: null,
    runs: {
      newest: { startedAt: at(4, '23:00'), endedAt: at(5, '00:30'), state: 'finished', errors: 2, warnings: 1 },
      open: null,
      lastGood: { startedAt: at(3, '23:00'), endedAt: at(4, '00:30'), state: 'finished', errors: 0, warnings: 0 },
    },
  })
})

test('tells the start of what it knows nothing else of', () => {
  const runs = [nightly(2), nightly(3, { state: 'running' }), nightly(4, { errors: 1 })]
  const asked = { expectation: anExpectation(), surroundings: calm, policy: defaultPolicy, now: at(5, '12:00') }
  const { open, lastGood } = explain({ name: 'Documents', history: historyOf(runs), ...asked }).runs
  const unknown = { endedAt: null, state: null, errors: null, warnings: null }
  expect(open).toEqual({ startedAt: at(3, '23:00'), ...unknown })
  expect(lastGood).toEqual({ startedAt: at(2, '23:00'), ...unknown })
})

test('a run that is open has a limit', () => {
  const runs = [nightly(4, { state: 'running' })]
  expect(explained({ runs, now: at(5, '00:45') })).toMatchObject({
    runLimitAt: at(5, '23:00'),
    runs: { open: { startedAt: at(4, '23:00'), endedAt: null, state: 'running' } },
  })
})

test('a due time is answered by the first run that started for it', () => {
  const early = nightly(4, { startedAt: at(4, '22:50') })
  const later = aRun({ startedAt: at(5, '08:00'), updatedAt: at(5, '09:00') })
  expect(explained({ runs: [later, early] }).due?.answeredBy?.startedAt).toBe(at(4, '22:50'))
  expect(explained({ runs: [nightly(3)] }).due).toMatchObject({ dueAt: at(4, '23:00'), answeredBy: null })
})

test('without a due time or a run there is nothing to judge', () => {
  expect(explained({ expectation: { expectedFrom: at(5, '08:00') } })).toMatchObject({
    condition: null,
    occurrence: { kind: 'none' },
    due: null,
    nextDueAt: at(5, '23:00'),
    runs: { newest: null, open: null, lastGood: null },
  })
})

test('a policy sets the status of a rule, and times are told on the clock that is asked for', () => {
  const { rules } = explained({ runs: [nightly(4)], policy: { ERRORS: 'WARNING' }, zone: 'Europe/Berlin' })
  expect(rules[1]).toEqual({
    rule: 'ERRORS',
    type: 'ERRORS',
    status: 'WARNING',
    holds: false,
    facts: 'The run of 2026-03-05T05:00:00+01:00 reported no errors and exit status 0.',
  })
})

// To the minute, so that what a sentence says can be read back exactly.
const begin = at(1, '00:00')
const aTime = fc.nat({ max: days(7) / minutes(1) }).map(time => begin + minutes(time))
const aSpan = fc.nat({ max: hours(30) / minutes(1) }).map(minutes)
const aCount = fc.constantFrom(10, 10, null, 0)
const someRun: fc.Arbitrary<RunFacts> = fc
  .record({
    startedAt: aTime,
    tookMs: aSpan,
    type: fc.constantFrom('backup' as const, 'backup' as const, ...runTypes),
    plugin: fc.constantFrom('file' as const, ...plugins),
    state: fc.constantFrom('finished' as const, 'finished' as const, ...(Object.keys(runStates) as RunState[])),
    errors: fc.constantFrom(0, 0, 2),
    warnings: fc.constantFrom(0, 0, 1),
    totalFiles: aCount,
    processedFiles: aCount,
    newFiles: aCount,
    bytes: aCount,
    exitStatus: fc.constantFrom(null, 0, 3),
  })
  .map(({ tookMs, ...run }) => aRun({ ...run, updatedAt: run.startedAt + tookMs }))

const someSpans = fc
  .array(fc.tuple(aTime, aSpan), { maxLength: 3 })
  .map(spans => spans.map(([from, length]) => ({ from, until: from + length })).toSorted((a, b) => a.from - b.from))
  .map(spans => spans.filter(({ from }, index) => from > (spans[index - 1]?.until ?? -Infinity)))

const someSet: fc.Arbitrary<Omit<JudgedFacts, 'history'>> = fc.record({
  expectation: fc
    .record({
      schedule: fc.constantFrom(
        'cron 0 23 * * 1-5',
        'cron */20 * * * *',
        'calendar Sun 02:30',
        'calendar 2026-03-04',
        'every 6h',
        'manual',
      ),
      zone: fc.constantFrom('UTC', 'America/New_York'),
      graceMs: fc.constantFrom(0, minutes(10), hours(1), hours(26)),
      runLimitMs: fc.constantFrom(minutes(30), hours(5), hours(24)),
      rpoMs: fc.constantFrom(null, hours(8), hours(50)),
      presence: fc.constantFrom<Expectation['presence']>(
        { kind: 'ignored' },
        { kind: 'ignored' },
        { kind: 'required', notSeenMs: hours(20) },
      ),
      isEnabled: fc.constantFrom(true, true, true, false),
      expectedFrom: fc.constantFrom(0, begin),
      missedBefore: fc.constantFrom(null, null, begin - days(1)),
    })
    .map(anExpectation),
  runs: fc.uniqueArray(someRun, { selector: ({ startedAt }) => startedAt, maxLength: 5 }),
  surroundings: fc.record({
    absences: fc.record({ gaps: someSpans, catchUpMs: fc.constantFrom(0, defaultCatchUpMs) }),
    sightings: someSpans,
  }),
  policy: fc.constantFrom<Policy>(
    defaultPolicy,
    { MISSED: 'WARNING', EXCEPTION: 'COMPLETED' },
    { MISSED: 'COMPLETED', NOT_SEEN: 'WARNING', WARNINGS: 'COMPLETED' },
    { NO_NEW_FILE_DATA: 'FAILURE', RPO_EXCEEDED: 'RUNNING' },
  ),
  now: aTime,
  zone: fc.constantFrom('UTC', 'Asia/Kolkata'),
})

/** A set of which nobody has reported what lies in the future. */
const somePast = someSet.map(({ runs, surroundings, ...set }) => ({
  ...set,
  runs: runs
    .filter(({ startedAt, type }) => startedAt < set.now && type === 'backup')
    .map(run => (run.updatedAt < set.now ? run : { ...run, state: 'running' as const, updatedAt: set.now })),
  surroundings: {
    absences: { ...surroundings.absences, gaps: surroundings.absences.gaps.filter(({ until }) => until <= set.now) },
    sightings: surroundings.sightings.filter(({ until }) => until <= set.now),
  },
}))

const explainFacts = (set: Omit<JudgedFacts, 'history'>) =>
  explain({ name: 'Documents', ...set, history: historyOf(set.runs) })
const standingOf = (set: Omit<JudgedFacts, 'history'>, now = set.now) => judge(set, now, set.policy).condition?.status

describe('for any set', () => {
  test('the condition is the one that is derived, and every rule is told once in order', () => {
    fc.assert(
      fc.property(someSet, set => {
        const { condition, rules } = explainFacts(set)
        const derived = judge(set, set.now, set.policy).condition
        expect(condition).toEqual(derived ? { status: derived.status, types: derived.types } : null)
        expect(rules.map(({ rule }) => rule)).toEqual(Object.keys(conditionRules))
        expect(rules.filter(({ holds }) => holds).map(({ rule }) => rule)).toEqual(derived?.rules ?? [])
      }),
      { numRuns: 1_000 },
    )
  })

  test('all that is told are whole sentences of known things', () => {
    fc.assert(
      fc.property(someSet, set => {
        const { rules, green } = explainFacts(set)
        expect(green.length).toBeGreaterThan(0)
        for (const sentence of [...rules.map(({ facts }) => facts), ...green]) {
          expect(sentence).toMatch(/^[A-Z].*[^.]\.$/)
          expect(sentence).not.toMatch(/undefined|null|NaN|Infinity|\[object|, {2}| {2}/)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('the newest due time has come, the next one has not, and a run that answered it began in time', () => {
    fc.assert(
      fc.property(someSet, set => {
        const { due, nextDueAt } = explainFacts(set)
        if (due) expect(due.dueAt).toBeLessThanOrEqual(set.now)
        if (nextDueAt !== null) expect(nextDueAt).toBeGreaterThan(set.now)
        if (due?.answeredBy) {
          expect(due.answeredBy.startedAt).toBeGreaterThanOrEqual(due.dueAt - set.expectation.earlyToleranceMs)
        }
      }),
    )
  })

  test('doing what is told turns it green', () => {
    fc.assert(
      fc.property(somePast, set => {
        fc.pre(standingOf(set) !== 'COMPLETED')
        const told = explainFacts(set).green.join(' ')
        const done = follow(set, told)
        expect({ told, status: standingOf(done) }).toEqual({ told, status: 'COMPLETED' })
      }),
      { numRuns: 2_000 },
    )
  })

  test('it stays green, or without a condition, exactly until the moment that is told', () => {
    fc.assert(
      fc.property(somePast, set => {
        const standing = standingOf(set)
        const end = findEndOfStanding(judgeFacts({ ...set, history: historyOf(set.runs) }))
        fc.pre((standing === undefined || standing === 'COMPLETED') && end !== undefined)
        const until = end?.until ?? 0
        expect([standing, standingOf(set, until)]).toEqual([standing, standing])
        expect(standingOf(set, until + 1)).not.toBe(standing)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** A set after somebody did what the sentences told, and a moment later. */
function follow(set: Omit<JudgedFacts, 'history'>, told: string): Omit<JudgedFacts, 'history'> {
  const { runs, surroundings, now } = set
  const finishBy = / finishes without errors(?: or warnings)? by (\S+)\.( |$)/.exec(told)?.[1]
  const lateReport = told.includes('is reported to have finished')
  const open = runs.toSorted((a, b) => a.startedAt - b.startedAt).findLast(run => !hasEnded(run))
  const newRun = aRun({ startedAt: now, updatedAt: now, plugin: open?.plugin ?? 'file' })
  const then: Instant = finishBy === undefined ? now : Date.parse(finishBy)
  const finished = open && { ...open, ...newRun, startedAt: open.startedAt, updatedAt: then - 1 }
  const others = runs.filter(run => run !== open)
  // A report of a run is a sign of life as well.
  const sightings = [...surroundings.sightings, { from: then, until: then }]
  const facts = { ...set, now: then, surroundings: { ...surroundings, sightings } }
  if (finished && (finishBy !== undefined || lateReport)) return { ...facts, runs: [...others, finished] }
  if (!told.includes('backup run that starts now')) {
    expect(told).toContain('heartbeat')
    return facts
  }
  expect(isGoodBackup(newRun)).toBe(true)
  return { ...facts, runs: [...runs, newRun], now: now + 1 }
}
