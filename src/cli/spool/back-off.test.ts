import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../domain/instant.ts'
import { type BackOff, deriveBackOff, readRetryAfter, waitOf } from './back-off.ts'

const now = Date.UTC(2026, 2, 5, 15)
const failure = { reason: 'away', askedMs: undefined }

test('the pause doubles from half a second to 15 minutes', () => {
  let backOff: BackOff | undefined
  const pauses = Array.from({ length: 14 }, () => {
    backOff = deriveBackOff(backOff, failure, now, 0.5)
    return backOff.notBefore - now
  })
  expect(pauses.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000])
  expect(pauses.slice(-2)).toEqual([minutes(15), minutes(15)])
  expect(backOff).toMatchObject({ failures: 14, since: now, reason: 'away' })
})

test('the pause is at least half and at most one and a half of that, for ever', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const before = { failures, since: 0, notBefore: 0, reason: '' }
      const pause = deriveBackOff(before, failure, now, random).notBefore - now
      const usual = Math.min(minutes(15), 500 * 2 ** failures)
      expect(pause).toBeGreaterThanOrEqual(usual * 0.5)
      expect(pause).toBeLessThanOrEqual(usual * 1.5)
    }),
  )
})

test.each([
  ['120', minutes(2)],
  ['0', 0],
  ['Thu, 05 Mar 2026 16:00:00 GMT', hours(1)],
  ['Thu, 05 Mar 2026 14:00:00 GMT', 0],
  ['', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  ['2026-03-05T16:00:00Z', undefined],
])('Retry-After: %j asks for %j', (text, ms) => {
  expect(readRetryAfter(text, now)).toBe(ms)
})

test('what a server asks for is kept, up to a day, and one that asks for nothing is spared all the same', () => {
  const asked = (askedMs: number) => deriveBackOff(undefined, { reason: '', askedMs }, now, 0).notBefore - now
  expect([asked(minutes(2)), asked(0), asked(days(400))]).toEqual([minutes(2), 250, days(1)])
})

test.each([
  [now + seconds(3), seconds(3)],
  [now - seconds(3), 0],
  [now + days(2), 0],
])('a pause until %i is waited for as long as it can be meant', (notBefore, wait) => {
  expect(waitOf({ failures: 1, since: 0, notBefore, reason: '' }, now)).toBe(wait)
})

test('what never failed is not waited for', () => {
  expect(waitOf(undefined, now)).toBe(0)
})
