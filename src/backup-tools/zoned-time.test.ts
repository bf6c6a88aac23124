import { expect, test } from 'vitest'
import { readZonedTime } from './zoned-time.ts'

test.each([
  ['2026-11-23T02:00:01Z', 0],
  ['2026-11-23T02:00:01.123456789Z', 0],
  ['2026-11-23T02:00:01+01:00', 60],
  ['2026-11-23T02:00:01-0530', -330],
])('%s carries its zone', (text, offsetMinutes) => {
  expect(readZonedTime(text)).toMatchObject({ offsetMinutes })
})

test.each(['2026-11-23T02:00:01', '2026-11-23 02:00', 'yesterday', '', 5, null, '2026-13-01T00:00:00Z'])(
  '%s is no time that carries its zone',
  value => {
    expect(readZonedTime(value)).toBeNull()
  },
)
