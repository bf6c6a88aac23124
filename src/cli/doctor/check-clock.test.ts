import { expect, test } from 'vitest'
import { days, seconds } from '../../domain/instant.ts'
import { checkClock } from './check-clock.ts'

const serverTime = Date.parse('2026-03-05T15:00:00Z')
const header = new Date(serverTime).toUTCString()

test.each([
  [0, 'OK'],
  [seconds(5), 'OK'],
  [-seconds(5), 'OK'],
  [seconds(5) + 1, 'WARNING'],
  [-seconds(5) - 1, 'WARNING'],
  [days(1), 'WARNING'],
  [days(1) + 1, 'FAILURE'],
  [-days(2), 'WARNING'],
])('a clock that is %i ms ahead of the server is %s', (differenceMs, status) => {
  expect(checkClock(header, serverTime + differenceMs).status).toBe(status)
})

test('a slow clock is told from a fast one', () => {
  expect(checkClock(header, serverTime - seconds(60)).message).toContain("60 seconds behind the server's")
  expect(checkClock(header, serverTime + seconds(60)).message).toContain("60 seconds ahead of the server's")
})

test.each([null, 'yesterday'])('the date %j cannot be compared with', date => {
  expect(checkClock(date, serverTime).status).toBe('WARNING')
})
