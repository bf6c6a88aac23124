import { expect, test } from 'vitest'
import { days, minutes, seconds } from '../../domain/instant.ts'
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
  [days(400), 'WARNING'],
  [-days(2), 'WARNING'],
])('a clock that is %i ms ahead of the server is %s', (differenceMs, status) => {
  expect(checkClock(header, serverTime + differenceMs).status).toBe(status)
})

test('a slow clock is told from a fast one', () => {
  expect(checkClock(header, serverTime - seconds(60)).message).toContain("60 seconds behind the server's")
  expect(checkClock(header, serverTime + seconds(60)).message).toContain("60 seconds ahead of the server's")
})

test('a clock that is far off is told that the server corrects it', () => {
  const corrected = 'the server shifts the times of runs'
  expect(checkClock(header, serverTime + minutes(6)).message).toContain(corrected)
  expect(checkClock(header, serverTime + minutes(4)).message).not.toContain(corrected)
})

test.each([null, 'yesterday'])('the date %j cannot be compared with', date => {
  expect(checkClock(date, serverTime).status).toBe('WARNING')
})
