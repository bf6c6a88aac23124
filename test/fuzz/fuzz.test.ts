import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fuzzTargets } from './index.ts'
import { mutated } from './mutations.ts'
import { defineTarget } from './target.ts'

// `npm run fuzz` goes further; here is a little of each, of other inputs in every run.
const runs = 100
const seed = randomInt(2 ** 31)

const light = fuzzTargets.filter(({ mostRuns }) => mostRuns === null)

describe('whatever the input', () => {
  test.each(light.map(target => [target.name, target] as const))('%s keeps its promises', async (_, target) => {
    expect(await target.run({ seed, runs })).toBeNull()
  })
})

test('targets have names of their own', () => {
  expect(new Set(fuzzTargets.map(({ name }) => name)).size).toBe(fuzzTargets.length)
})

test('a broken promise is found, shrunk, and found again by its seed', async () => {
  let closed = 0
  const target = defineTarget('picky', mutated(['one\ntwo', 'three']), () =>
    Promise.resolve({
      check: text => {
        if (text.length > 5) throw new Error(`too long: ${text}`)
      },
      close: () => {
        closed += 1
        return Promise.resolve()
      },
    }),
  )
  const found = await target.run({ seed: 1, runs: 2_000 })
  expect(found?.error).toContain('too long')
  const again = await target.run({ seed: found?.seed ?? 0, runs: found?.runs ?? 0 })
  expect(again?.input).toBe(found?.input)
  expect(closed).toBe(2)
})

test('texts are changed in many ways', () => {
  const seen = new Set(fc.sample(mutated(['one\ntwo\n{"a": 1}']), { numRuns: 200, seed: 1 }))
  expect(seen.size).toBeGreaterThan(100)
})
