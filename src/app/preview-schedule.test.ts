import { describe, expect, test } from 'vitest'
import { formatLocalTime } from '../domain/local-time.ts'
import { parseFrom, previewSchedule } from './preview-schedule.ts'

const berlin = { zone: 'Europe/Berlin', from: Date.UTC(2026, 2, 28, 12), count: 3 }
const datesOf = (...given: Parameters<typeof previewSchedule>) => previewSchedule(...given).due.map(formatLocalTime)

describe('a preview', () => {
  test('has the canonical text, the words and the due times on the clock of the zone', () => {
    expect(previewSchedule('cron 00 02 * * *', berlin)).toEqual({
      text: 'cron 0 2 * * *',
      zone: 'Europe/Berlin',
      description: 'at 02:00 every day, Europe/Berlin',
      due: [
        { at: Date.UTC(2026, 2, 29, 1), offsetMinutes: 120 },
        { at: Date.UTC(2026, 2, 30, 0), offsetMinutes: 120 },
        { at: Date.UTC(2026, 2, 31, 0), offsetMinutes: 120 },
      ],
      isManual: false,
    })
  })

  test('shows the clock of the zone that the schedule names', () => {
    const { zone, due } = previewSchedule('calendar 12:00 Asia/Kathmandu', { ...berlin, from: 0, count: 1 })
    expect([zone, ...due.map(formatLocalTime)]).toEqual(['Asia/Kathmandu', '1970-01-01T12:00:00+05:30'])
  })

  test('of an interval counts from a start at the date that is given', () => {
    const dates = datesOf('every 6h', { ...berlin, from: Date.UTC(2026, 2, 28, 23), count: 1 })
    expect(dates).toEqual(['2026-03-29T07:00:00+02:00'])
  })

  test('of manual and of what has passed for good has no dates', () => {
    expect(previewSchedule('manual', berlin)).toMatchObject({ due: [], isManual: true })
    expect(previewSchedule('calendar 2020-01-01', berlin)).toMatchObject({ due: [], isManual: false })
  })

  test('ends with the year 9999 of the clock that it is shown on', () => {
    const last = { zone: 'Pacific/Kiritimati', from: Date.UTC(9999, 11, 31), count: 1_000 }
    expect(datesOf('cron 0 * * * *', last).at(-1)).toBe('9999-12-31T23:00:00+14:00')
  })
})

test('a date without a time is its midnight', () => {
  expect(parseFrom('2026-03-28', 'Europe/Berlin', 'from')).toBe(Date.UTC(2026, 2, 27, 23))
  expect(parseFrom('2026-03-28T01:00:00Z', 'Europe/Berlin', 'from')).toBe(Date.UTC(2026, 2, 28, 1))
  expect(() => parseFrom('2026-02-30', 'UTC', 'from')).toThrow(/^from must be a date such as/)
})
