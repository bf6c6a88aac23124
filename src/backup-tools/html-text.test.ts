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

test('a megabyte of brackets is read in little time', () => {
  const start = performance.now()
  toHtmlTexts('<'.repeat(1_000_000))
  toHtmlTexts('<a '.repeat(300_000))
  toHtmlTexts('&'.repeat(1_000_000))
  expect(performance.now() - start).toBeLessThan(2_000)
})
