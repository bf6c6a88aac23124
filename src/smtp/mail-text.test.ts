import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toReportText, toVisibleText } from './mail-text.ts'

test.each([
  ['cells', '<table><tr><td>Success</td><td>2</td></tr></table>', 'Success\n2'],
  ['a style sheet', '<style>.success { color: green }</style><p>failed</p>', 'failed'],
  ['a style sheet in other letters', '<STYLE type="text/css">.success{}</Style >failed', 'failed'],
  ['a script', 'a<script>success()</script>b', 'a b'],
  ['a comment', 'a<!-- <p>success</p> -->b', 'a b'],
  ['a title', '<title>success</title>failed', 'failed'],
  ['a style sheet that never ends', 'failed<style>.success{}', 'failed'],
  ['a comment that never ends', 'failed<!-- success', 'failed'],
  ['what only begins like one', '<styled>seen</styled>', 'seen'],
  ['entities', 'a &amp; b&nbsp;c', 'a & b c'],
])('of %s only what is seen is text', (_, html, text) => {
  expect(toVisibleText(html)).toBe(text)
})

test('of text and HTML the longer one is the report', () => {
  expect(toReportText('This mail needs HTML.', '<p>Backup of 12 machines failed</p>')).toBe(
    'Backup of 12 machines failed',
  )
  expect(toReportText('Backup of 12 machines failed', '<p>see text</p>')).toBe('Backup of 12 machines failed')
  expect(toReportText('', '')).toBe('')
})

test('a megabyte of anything is read in no more time than its length asks for', () => {
  for (const piece of ['<style>', '<!--', '<script', '</style', '<', '&', '<!-- -->', '<title></title>', '<p>']) {
    toVisibleText(piece.repeat(Math.ceil(1_000_000 / piece.length)))
  }
})

test('any text is read', () => {
  const pieces = fc.constantFrom('<style>', '</style>', '<!--', '-->', '<script ', '>', 'word', '<p>', '&amp;', '<')
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string())), parts => void toVisibleText(parts.join(''))))
})
