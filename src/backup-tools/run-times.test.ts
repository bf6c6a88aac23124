import { expect, test } from 'vitest'
import { earliestTime, latestTime, readMailTime } from './run-times.ts'

test.each([
  ['Thu, 02 Jan 2020 03:04:05 +0000', { at: Date.UTC(2020, 0, 2, 3, 4, 5), offsetMinutes: 0 }],
  ['Mon, 3 Nov 2025 23:04:05 -0500', { at: Date.UTC(2025, 10, 4, 4, 4, 5), offsetMinutes: -300 }],
  ['Thu, 02 Foo 2020 03:04:05 +0000', null],
  ['Thu, 02 Jan 2020 03:04:05', null],
  ['02 Jan 2020', null],
])('%s in a mail', (text, time) => {
  expect(readMailTime(text)).toEqual(time)
})

test('the earliest and the latest of several times are those that are known', () => {
  const [one, other] = [1, 2].map(at => ({ at, offsetMinutes: 0 }))
  expect(earliestTime([null, other ?? null, one ?? null])).toEqual(one)
  expect(latestTime([one ?? null, null, other ?? null])).toEqual(other)
  expect(earliestTime([null])).toBeNull()
})
