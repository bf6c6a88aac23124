import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinPatterns } from './join-patterns.ts'

const patterns = [/^a|b$/, /^(?:c|d)[|]e/, /f\|g|^\[h/, /^I[^\]|]j/i, /(?<=k)l|(?:m|n)$/, /^.+: a|^(?!b).+: [cd]/]

test('joined patterns fit what any of them fits', () => {
  const joined = joinPatterns(patterns)
  const text = fc.string({ unit: fc.constantFrom(...'abcdefghiIjJklmn|[]: '.split('')) })
  fc.assert(
    fc.property(text, line => {
      expect(joined.test(line)).toBe(patterns.some(pattern => pattern.test(line)))
    }),
    { numRuns: 2_000 },
  )
})

test('no patterns fit nothing', () => {
  expect(joinPatterns([]).test('')).toBe(false)
})
