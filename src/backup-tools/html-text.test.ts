import { expect, test } from 'vitest'
import { toHtmlTexts } from './html-text.ts'

test.each([
  ['', []],
  ['plain\r\n  text ', ['plain', 'text']],
  ['<td class="a">Total size</td><td>1.2&nbsp;TB</td>', ['Total size', '1.2 TB']],
  ['<b>A &amp; B</b> &unknown; &#39;', ['A & B', "&unknown; '"]],
  ['a < b <i>c', ['a < b', 'c']],
])('%s', (html, texts) => {
  expect(toHtmlTexts(html)).toEqual(texts)
})

test.each(['<', '<a ', '&'])('a megabyte of %j is read', piece => {
  expect(() => toHtmlTexts(piece.repeat(1_000_000 / piece.length))).not.toThrow()
})
