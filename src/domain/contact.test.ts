import { expect, test } from 'vitest'
import { longestEmail, longestNote, longestPhone, parseEmail, parseNote, parsePhone } from './contact.ts'

const longEmail = `${'x'.repeat(longestEmail - 12)}@example.net`

test.each([
  ['an address', parseEmail, ' it@example.net ', 'it@example.net'],
  ['an address with a tag', parseEmail, 'it+backup@sub.example.net', 'it+backup@sub.example.net'],
  ['an address in another script', parseEmail, 'büro@münchen.example', 'büro@münchen.example'],
  ['the longest address', parseEmail, longEmail, longEmail],
  ['no address', parseEmail, '', ''],
  ['a number', parsePhone, '+1 (555) 0100 ext. 7', '+1 (555) 0100 ext. 7'],
  ['no number', parsePhone, '  ', ''],
  ['a note of two lines', parseNote, ' moved away\r\nin March ', 'moved away\nin March'],
  ['no note', parseNote, '', ''],
])('%s is accepted', (_, parse, text, value) => {
  expect(parse(text, 'member')).toBe(value)
  expect(parse(value, 'member')).toBe(value)
})

test.each([
  ['an address without @', parseEmail, 'example.net'],
  ['an address with two', parseEmail, 'a@b@c'],
  ['half an address', parseEmail, '@example.net'],
  ['two addresses', parseEmail, 'a@example.net, b@example.net'],
  ['an address with a name', parseEmail, 'IT <it@example.net>'],
  ['an address with a header behind it', parseEmail, 'it@example.net\r\nBcc: all@example.net'],
  ['an address that is too long', parseEmail, `x${longEmail}`],
  ['a number that is too long', parsePhone, '1'.repeat(longestPhone + 1)],
  ['a number with an escape', parsePhone, '1\u001b[2J'],
  ['a note that is too long', parseNote, 'x'.repeat(longestNote + 1)],
  ['a note with NUL', parseNote, 'a\0b'],
  ['a note with half a character', parseNote, '\ud83d'],
])('%s is refused by the name of its member', (_, parse, text) => {
  expect(() => parse(text, 'member')).toThrow(/^member must /)
})
