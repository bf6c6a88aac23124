import { expect, test } from 'vitest'
import { type ChangeMessage, nextAttempt, parseChannelUrl, tellChange } from './channel.ts'
import { days, hours, seconds } from './instant.ts'

const change: ChangeMessage = {
  username: 'acme',
  computerId: '0000',
  computerName: 'File server',
  backupsetName: 'Documents',
  zone: 'America/New_York',
  status: 'FAILURE',
  previousStatus: 'COMPLETED',
  rules: ['ERRORS', 'RPO_EXCEEDED'],
  at: Date.UTC(2026, 2, 5, 15),
  foundAt: Date.UTC(2026, 2, 5, 16),
}

test.each<[string, Partial<ChangeMessage>, string]>([
  [
    'what fails',
    {},
    'Documents on File server (acme 0000) is FAILURE (ERRORS, MISSED) since 2026-03-05T10:00:00-05:00; it was COMPLETED.',
  ],
  [
    'what never ran before',
    { previousStatus: null, rules: ['MISSED'] },
    'Documents on File server (acme 0000) is FAILURE (MISSED) since 2026-03-05T10:00:00-05:00.',
  ],
  [
    'what is all right again',
    { status: 'COMPLETED', previousStatus: 'WARNING', rules: ['COMPLETED'] },
    'Documents on File server (acme 0000) is COMPLETED since 2026-03-05T10:00:00-05:00; it was WARNING.',
  ],
])('%s is told in one sentence', (_, facts, sentence) => {
  expect(tellChange({ ...change, ...facts })).toBe(sentence)
})

test('what does not arrive is tried again after longer and longer pauses, for three days', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 50].map(attempts => nextAttempt(0, attempts, 0))
  expect(pauses).toEqual([10, 30, 60, 300, 900, 1_800, 3_600, 3_600].map(count => seconds(count)))
  expect(nextAttempt(0, 80, days(3) - 1)).toBe(days(3) - 1 + hours(1))
  expect(nextAttempt(0, 80, days(3))).toBeUndefined()
})

test.each(['', 'chat.example.net', 'ftp://chat.example.net', 'https://a:b@chat.example.net/', 'javascript:alert(1)'])(
  'the address of a channel is none of %j',
  text => {
    expect(() => parseChannelUrl(text)).toThrow('The address of a channel must be one such as https://')
  },
)

test('the address of a channel has a length', () => {
  const ofLength = (length: number) => `https://a.example/${'x'.repeat(length - 18)}`
  expect(parseChannelUrl(ofLength(2_000))).toHaveLength(2_000)
  expect(() => parseChannelUrl(ofLength(2_001))).toThrow('2000 characters')
})
