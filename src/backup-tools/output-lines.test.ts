import { expect, test } from 'vitest'
import { toOutputLines } from './output-lines.ts'

test.each([
  ['line ends of every system', 'a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
  ['a last line without an end', 'a\nb', ['a', 'b']],
  ['empty lines and blanks at the end of a line', '\n  a  \n \n', ['  a']],
  ['colours and cursor movements', '\u001B[2K\u001B[1;31msignal\u001B[0m received', ['signal received']],
  ['a window title', '\u001B]0;backup\u0007a', ['a']],
  ['a broken escape code, which costs no line', '\u001B]0;x\na\nb', ['0;x', 'a', 'b']],
])('%s', (_, text, lines) => {
  expect(toOutputLines(text)).toEqual(lines)
})

test.each([['\u001B['], ['\u001B]'], ['\u001B[0'], [' '], ['\r'], ['0;']])('a megabyte of %j is read', piece => {
  expect(() => toOutputLines(piece.repeat(1_000_000 / piece.length))).not.toThrow()
})
