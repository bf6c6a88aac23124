import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aRun } from '../../test/support/tree.ts'
import { mergeRun, outranks, type RunFacts, runStates, type RunState } from './run.ts'

describe('of two reports of one run', () => {
  test.each([
    ['an end outranks an update', aRun({ state: 'finished', updatedAt: 1 }), aRun({ state: 'running', updatedAt: 9 })],
    ['a later end outranks an earlier', aRun({ updatedAt: 9 }), aRun({ state: 'crashed', updatedAt: 1 })],
    [
      'a later update outranks an earlier',
      aRun({ state: 'running', updatedAt: 9 }),
      aRun({ state: 'paused', updatedAt: 1 }),
    ],
    ['a worse end outranks a better at the same time', aRun({ state: 'failed' }), aRun({ state: 'finished' })],
    ['more errors outrank fewer at the same time', aRun({ errors: 2 }), aRun({ errors: 1, warnings: 5 })],
    ['more warnings outrank fewer', aRun({ warnings: 2 }), aRun({ warnings: 1 })],
  ])('%s', (_, winner, loser) => {
    expect(outranks(winner, loser)).toBe(true)
    expect(outranks(loser, winner)).toBe(false)
    expect(mergeRun(loser, winner)).toMatchObject({ state: winner.state, errors: winner.errors })
  })

  test('the earlier start is the true one', () => {
    const end = aRun({ startedAt: 50, startedOffset: null })
    const start = aRun({ state: 'running', startedAt: 10, startedOffset: -300 })
    expect(mergeRun(end, start)).toEqual({ ...end, startedAt: 10, startedOffset: -300 })
    expect(mergeRun(start, end)).toEqual({ ...end, startedAt: 10, startedOffset: -300 })
  })

  test('equal reports outrank each other in no direction', () => {
    expect(outranks(aRun(), aRun())).toBe(false)
  })
})

const aReport: fc.Arbitrary<RunFacts> = fc
  .record({
    state: fc.constantFrom(...(Object.keys(runStates) as RunState[])),
    startedAt: fc.nat({ max: 3 }),
    startedOffset: fc.option(fc.constantFrom(0, 60)),
    updatedAt: fc.nat({ max: 3 }),
    errors: fc.nat({ max: 1 }),
    bytes: fc.option(fc.nat({ max: 1 })),
  })
  .map(aRun)

test('in whatever order and how often reports are merged, the facts are the same', () => {
  fc.assert(
    fc.property(fc.array(aReport, { minLength: 1, maxLength: 6 }), fc.func(fc.nat()), (reports, weigh) => {
      const merged = (list: RunFacts[]) => list.reduce((facts, report) => mergeRun(facts, report))
      const shuffled = [...reports, ...reports].sort((one, other) => weigh(one) - weigh(other))
      expect(merged(shuffled)).toEqual(merged(reports))
    }),
  )
})
