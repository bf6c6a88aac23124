import { expect, test } from 'vitest'
import { parsePassword } from './password.ts'

test.each(['correct horse battery', 'ÄÖÜ äöü ß 123', 'x'.repeat(190) + 'abcdefg', '🐎🔋📎🧷 staples'])(
  '%j is a password',
  text => {
    expect(parsePassword(text, 'office')).toBe(text)
  },
)

test.each([
  ['eleven char', 'The password must have from 12 to 200 characters; a few words in a row do well.'],
  ['', 'The password must have from 12 to 200 characters; a few words in a row do well.'],
  [`${'ab cd '.repeat(33)}xyz`, 'The password must have from 12 to 200 characters; a few words in a row do well.'],
  ['aaaaaaaaaaaaaaaa', 'too easily guessed'],
  ['abababababababab', 'too easily guessed'],
  ['OfficeOfficeOffice', 'too easily guessed'],
  ['lastgood-office-1', 'too easily guessed'],
])('%j is none', (text, message) => {
  expect(() => parsePassword(text, 'office')).toThrow(message)
})
