import { expect, test } from 'vitest'
import { withoutCutEnd, withoutCutStart } from './cut.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (kept: Uint8Array) => new TextDecoder().decode(kept)

test.each([
  ['a line', 'one\ntwo thr', 'one\n', 'ee\nfour five', 'four five'],
  ['a word', 'one two thr', 'one two ', 'ee four five', 'four five'],
  ['a member', '{"a":"b","password":"hun', '{"a":"b",', 'ter2","c":1}', '"c":1}'],
  ['nothing that was cut right', 'one\n', 'one\n', '\ntwo', 'two'],
  ['nothing', '', '', '', ''],
])('half of %s is left out at a cut', (_, head, keptHead, tail, keptTail) => {
  expect(text(withoutCutEnd(bytes(head)))).toBe(keptHead)
  expect(text(withoutCutStart(bytes(tail)))).toBe(keptTail)
})

test('of text without an end near the cut nothing is left out', () => {
  const long = 'x'.repeat(9_000)
  expect(text(withoutCutEnd(bytes(`a\n${long}`)))).toBe(`a\n${long}`)
  expect(text(withoutCutStart(bytes(`${long}\na`)))).toBe(`${long}\na`)
})
