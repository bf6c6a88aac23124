import { expect, test } from 'vitest'
import { isUnmodifiedSince, toLastModified } from './last-modified.ts'

const at = Date.UTC(1994, 10, 6, 8, 49, 37)

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', true],
  ['Sunday, 06-Nov-94 08:49:37 GMT', true],
  ['Sun Nov  6 08:49:37 1994', true],
  ['Sun, 06 Nov 1994 08:49:38 GMT', true],
  ['Sun, 06 Nov 1994 08:49:36 GMT', false],
  ['Sun Nov  6 08:49:36 1994', false],
  // Not HTTP dates, although some of them are later.
  ['2026-03-05T00:00:00Z', false],
  ['Sun, 06 Nov 2094 08:49:37 +0000', false],
  ['Sun, 99 Nov 2094 08:49:37 GMT', false],
  ['', false],
  ['9'.repeat(10_000), false],
])('not modified since %j is %s', (field, is) => {
  expect(isUnmodifiedSince(field, at)).toBe(is)
})

test('a moment is told to the second, and only when that second is over', () => {
  expect(toLastModified(at + 400, at + 1_000)).toBe(at)
  expect(toLastModified(at + 400, at + 999)).toBeUndefined()
  expect(toLastModified(at + 400, at - 60_000)).toBeUndefined()
})
