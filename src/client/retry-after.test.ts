import { expect, test } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.parse('2026-03-05T15:00:00Z')

test.each<[string | null, number | undefined]>([
  ['5', 5_000],
  ['0', 0],
  [' 120 ', 120_000],
  ['Thu, 05 Mar 2026 15:00:30 GMT', 30_000],
  ['Thursday, 05-Mar-26 15:00:30 GMT', 30_000],
  ['Thu, 05 Mar 2026 14:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Soon', undefined],
  ['99999999999', undefined],
])('Retry-After: %s', (header, pauseMs) => {
  expect(parseRetryAfter(header, now)).toBe(pauseMs)
})
