import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../domain/instant.ts'
import { parseDuration } from './duration.ts'

test.each([
  ['90s', seconds(90)],
  ['30m', minutes(30)],
  ['6h', hours(6)],
  [' 1d ', days(1)],
  ['24d', days(24)],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text, '--timeout')).toBe(ms)
})

test.each(['', '0s', '90', '1.5h', '-1h', '25d', '6 h', '1w', '1H', '9999999d', 'constructor'])('%j is none', text => {
  expect(() => parseDuration(text, '--timeout')).toThrow(/^--timeout must be a duration of at most 24 days such as 90s/)
})

test('any text is a duration that a timer can take, or is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,8}[smhd]$/)), text => {
      try {
        const ms = parseDuration(text, '--wait')
        expect(ms > 0 && ms < 2 ** 31).toBe(true)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'invalid' })
      }
    }),
  )
})
