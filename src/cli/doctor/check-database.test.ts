import { expect, test } from 'vitest'
import { minutes, seconds } from '../../domain/instant.ts'
import { checkWatch } from './check-database.ts'

const now = Date.UTC(2026, 2, 5, 15)

test.each([
  ['a server that has just been awake', now - seconds(5), 'OK', 'judges what becomes due'],
  ['one that was awake a while ago', now - minutes(3), 'WARNING', 'since 2026-03-05T14:57:00+00:00'],
  ['none so far', undefined, 'WARNING', 'start one with lastgood serve'],
])('%s', (_, pulseAt, status, words) => {
  expect(checkWatch(pulseAt, now)).toEqual({
    check: 'watch',
    status,
    message: expect.stringContaining(words) as string,
  })
})
