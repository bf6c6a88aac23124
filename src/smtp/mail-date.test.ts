import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMailDate } from './mail-date.ts'

test.each([
  ['Mon, 23 Nov 2026 07:31:18 +0100', Date.UTC(2026, 10, 23, 6, 31, 18)],
  ['23 Nov 2026 07:31 -0000', Date.UTC(2026, 10, 23, 7, 31)],
  ['Mon,  5 Mar 2026 01:00:00 -0500 (EST)', Date.UTC(2026, 2, 5, 6)],
  ['Mon, 23 Nov 2026 07:31:18 GMT', Date.UTC(2026, 10, 23, 7, 31, 18)],
  ['Mon, 23 Nov 2026 07:31:18', null],
  ['Mon, 23 Nov 2026 07:31:18 CET', null],
  ['Mon, 23 Foo 2026 07:31:18 +0100', null],
  ['Mon, 32 Nov 2026 07:31:18 +0100', null],
  ['1 Jan 1960 00:00:00 +0000', null],
  ['yesterday', null],
  ['', null],
])('%s', (text, at) => {
  expect(readMailDate(text)).toBe(at)
})

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const at = readMailDate(text)
      expect(at === null || Number.isSafeInteger(at)).toBe(true)
    }),
  )
})
