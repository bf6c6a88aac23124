import { expect, test } from 'vitest'
import { buildRedaction } from '../domain/redaction.ts'
import { longestMessage } from '../domain/text.ts'
import { mostMessages, toRunMessages, toShownMessages } from './run-messages.ts'

const warnings = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ level: 'warning' as const, text: `file ${index}` }))

test('the worst level comes first, otherwise the order stays', () => {
  const messages = toRunMessages([...warnings(2), { level: 'error', text: 'Fatal: no' }])
  expect(messages.map(message => message.text)).toEqual(['Fatal: no', 'file 0', 'file 1'])
})

test('one hundred messages are all kept', () => {
  expect(toRunMessages(warnings(mostMessages))).toHaveLength(mostMessages)
})

test('of more messages the last says how many were left out', () => {
  const messages = toRunMessages(warnings(250))
  expect(messages).toHaveLength(mostMessages)
  expect(messages.at(-1)).toEqual({ level: 'info', text: '… and 151 more' })
})

test('a message is said once and an empty one not at all', () => {
  expect(toRunMessages([...warnings(1), ...warnings(1), { level: 'info', text: ' \n' }])).toEqual(warnings(1))
})

test('a message is one well-formed line of at most 1,000 characters', () => {
  const messages = toRunMessages([{ level: 'info', text: `a\u0000\u001B\nb${'😀'.repeat(2_000)}` }])
  const [message] = toShownMessages(messages, text => text)
  expect(message?.text).toMatch(/^a b😀+.?…$/u)
  expect(message?.text.length).toBeLessThanOrEqual(longestMessage)
  expect(message?.text.isWellFormed()).toBe(true)
})

test('a secret is taken out before a message is cut, wherever the cut would fall', () => {
  const redact = buildRedaction([])
  for (let length = longestMessage - 60; length <= longestMessage; length += 1) {
    const text = `${'x'.repeat(length)} https://me:Zq7hunter29xW@host/ failed`
    expect(toShownMessages([{ level: 'error', text }], redact)[0]?.text).not.toMatch(/Zq|unter/)
  }
})

test('a private key that was told line by line is taken out of all messages', () => {
  const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'
  const lines = ['no key', '-----BEGIN PRIVATE KEY-----', line, `${line}a`, '-----END PRIVATE KEY-----', 'the end']
  const shown = toShownMessages(
    lines.map(text => ({ level: 'error', text })),
    buildRedaction([]),
  )
  expect(shown.map(({ text }) => text)).toEqual([
    'no key',
    '-----BEGIN PRIVATE KEY-----',
    '[redacted]',
    '-----END PRIVATE KEY-----',
    'the end',
  ])
})
