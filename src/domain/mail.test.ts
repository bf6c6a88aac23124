import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { days, hours } from './instant.ts'
import { deriveMailTime, isForMail, parseKeywords, parseMailPattern, picksMails, readKeywords } from './mail.ts'

const aMail = { sender: 'Backup@NAS.example.net', subject: 'PC backup: done', text: 'All files\n were saved.' }
const nothing = { from: null, subject: null, body: null }

test.each([
  ['nothing', {}, true],
  ['a part of the sender in another letter case', { from: '@nas.EXAMPLE' }, true],
  ['a part of the subject', { subject: 'pc backup' }, true],
  ['words of the text that a line end parts', { body: 'files were' }, true],
  ['a part of the subject, and a text that is not there', { subject: 'pc', body: 'failed' }, false],
  ['another sender', { from: 'somebody' }, false],
])('a rule that asks for %s', (_, asked, isFor) => {
  expect(isForMail({ ...nothing, ...asked }, aMail)).toBe(isFor)
})

test('a rule picks mails of the inbox only when it asks for something', () => {
  expect(picksMails(nothing)).toBe(false)
  expect(picksMails({ ...nothing, subject: 'PC' })).toBe(true)
})

describe('the words of a rule', () => {
  const words = { success: ['success', 'done', 'war erfolgreich'], failure: ['fail', 'error'] }

  test.each([
    ['Backup done', 'success'],
    ['done.', 'success'],
    ['BACKUP: SUCCESS!', 'success'],
    ['Sicherung war\r\n  erfolgreich', 'success'],
    ['Backup unsuccessful', null],
    ['Backup successless', null],
    ['abandoned', null],
    ['done, but it failed', 'failure'],
    ['done, 1 Error', 'failure'],
    ['', null],
  ])('say of %j %s', (text, said) => {
    expect(readKeywords(words, { sender: '', subject: '', text })).toBe(said)
    expect(readKeywords(words, { sender: '', subject: text, text: '' })).toBe(said)
  })

  test('never call a mail a success that has a word of a failure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const text = `${before} done ${after} FAILED ${before}`
        expect(readKeywords(words, { sender: '', subject: after, text })).toBe('failure')
      }),
    )
  })

  test('never call a mail a success that has none of them', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'd', 'o', 'n', 'e', 'r', ' ', '\n', '.', ',') })
    fc.assert(
      fc.property(letters, text => {
        const said = readKeywords({ success: ['done'], failure: [] }, { sender: '', subject: '', text })
        expect(said === 'success').toBe(/(?<![a-z])done(?![a-z])/.test(text))
      }),
    )
  })
})

test.each(['', '   ', 'a\nb', 'x'.repeat(201), '\uD800'])('%j is nothing to look for', text => {
  expect(() => parseMailPattern(text, '--subject')).toThrow(expect.objectContaining({ kind: 'invalid' }))
})

test('words are separated by commas, and none may be empty', () => {
  expect(parseKeywords('done, all good ,ok', '--success')).toEqual(['done', 'all good', 'ok'])
  expect(() => parseKeywords('done,,ok', '--success')).toThrow('--success must not be empty')
  expect(() => parseKeywords(Array.from({ length: 51 }, String).join(), '--success')).toThrow('at most 50')
})

test.each([
  ['no date', null, 0, false],
  ['a date some hours before', -hours(5), -hours(5), false],
  ['a date 7 days before', -days(7), -days(7), false],
  ['a date more than that before', -days(7) - 1, 0, true],
  ['the date of a device without a clock', -Date.UTC(2026, 0), 0, true],
  ['a date in the future', hours(30), 0, false],
])('a mail with %s', (_, sent, at, isDoubted) => {
  const receivedAt = Date.UTC(2026, 0)
  const time = deriveMailTime({ sentAt: sent === null ? null : receivedAt + sent, receivedAt })
  expect(time.at).toBe(receivedAt + at)
  expect(time.doubt !== null).toBe(isDoubted)
})
