import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { days } from './instant.ts'
import { formatLocalTime, toLocalTime } from './local-time.ts'
import { derivePeriods, mostDays, type Period, type Resolution } from './period.ts'

// A Thursday, 10 o'clock in New York.
const now = Date.UTC(2026, 2, 5, 15)
const zone = 'America/New_York'
const day: Resolution = { kind: 'day' }

const derive = (
  range: { start?: string; end?: string },
  {
    resolution = day,
    usual = 3,
    at = now,
    on = zone,
  }: { resolution?: Resolution; usual?: number; at?: number; on?: string } = {},
) => derivePeriods({ start: range.start, end: range.end }, { resolution, usual, zone: on, now: at })
const starts = (periods: Period[], on = zone) =>
  periods.map(({ startsAt }) => formatLocalTime(toLocalTime(startsAt, on)).slice(0, 10))

test.each<[string, { start?: string; end?: string }, Resolution, string[]]>([
  ['nothing is said', {}, day, ['2026-03-03', '2026-03-04', '2026-03-05']],
  ['an end is said', { end: '2026-03-01' }, day, ['2026-02-27', '2026-02-28', '2026-03-01']],
  ['a start is said', { start: '2026-03-04' }, day, ['2026-03-04', '2026-03-05']],
  ['both are said', { start: '2024-02-28', end: '2024-03-01' }, day, ['2024-02-28', '2024-02-29', '2024-03-01']],
  ['they are one day', { start: '2026-03-05', end: '2026-03-05' }, day, ['2026-03-05']],
  ['the end is to come', { start: '2026-03-04', end: '2027-01-01' }, day, ['2026-03-04', '2026-03-05']],
  ['all of it is to come', { start: '2026-03-06', end: '2026-03-09' }, day, []],
  [
    'a time is said, on the clock that is asked',
    { start: '2026-03-05T02:00:00Z', end: '2026-03-05T06:00:00Z' },
    day,
    ['2026-03-04', '2026-03-05'],
  ],
  ['weeks are wanted', {}, { kind: 'week' }, ['2026-02-16', '2026-02-23', '2026-03-02']],
  [
    'weeks of days within them',
    { start: '2026-02-22', end: '2026-02-23' },
    { kind: 'week' },
    ['2026-02-16', '2026-02-23'],
  ],
  ['months are wanted', {}, { kind: 'month' }, ['2026-01-01', '2026-02-01', '2026-03-01']],
  [
    'months from a 31st on',
    { start: '2025-12-31', end: '2026-02-01' },
    { kind: 'month' },
    ['2025-12-01', '2026-01-01', '2026-02-01'],
  ],
  ['so many days', {}, { kind: 'custom', days: 10 }, ['2026-02-04', '2026-02-14', '2026-02-24']],
  ['so many days from a start', { start: '2026-02-20' }, { kind: 'custom', days: 10 }, ['2026-02-20', '2026-03-02']],
])('periods when %s', (_, range, resolution, expected) => {
  expect(starts(derive(range, { resolution }))).toEqual(expected)
})

test('days are as long as the clock makes them', () => {
  const changed = derive({ start: '2026-03-08', end: '2026-03-08' }, { at: now + days(30) })
  expect(changed.map(({ startsAt, endsAt }) => (endsAt - startsAt) / 3_600_000)).toEqual([23])
  // At midnight the clocks of Beirut go forward: the day begins at one.
  const [beirut] = derive({ start: '2026-03-29', end: '2026-03-29' }, { on: 'Asia/Beirut', at: now + days(60) })
  expect(formatLocalTime(toLocalTime(beirut?.startsAt ?? 0, 'Asia/Beirut'))).toBe('2026-03-29T01:00:00+03:00')
})

test('today is that of the clock', () => {
  expect(starts(derive({}, { usual: 1, on: 'Pacific/Kiritimati' }), 'Pacific/Kiritimati')).toEqual(['2026-03-06'])
})

test('a usual range does not begin before times do', () => {
  const [first] = derive({ end: '1970-01-02' }, { on: 'UTC', resolution: { kind: 'custom', days: 60 }, usual: 30 })
  expect(first?.startsAt).toBe(0)
})

describe('it is refused when', () => {
  test.each([
    [
      'the end is before the start',
      { start: '2026-03-02', end: '2026-03-01' },
      'end_date (2026-03-01) must not be before start_date (2026-03-02).',
    ],
    [
      'the start is to come',
      { start: '2026-03-06' },
      'end_date (2026-03-05) must not be before start_date (2026-03-06).',
    ],
    [
      'it is longer than ten years',
      { start: '2015-01-01' },
      `From start_date to end_date there may be ${mostDays} days, not 4082; ask for a part at a time.`,
    ],
    ['it is as long as can be', { start: '1970-01-01', end: '9999-12-31' }, 'From start_date to end_date there may be'],
    [
      'a day is none',
      { start: '2026-02-29' },
      'start_date must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "2026-02-29".',
    ],
    [
      'a day is a word',
      { end: 'today' },
      'end_date must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "today".',
    ],
    ['a day is before 1970', { start: '1969-12-31' }, 'start_date must be a date'],
  ])('%s', (_, range, message) => {
    expect(() => derive(range)).toThrow(message)
  })
})

test('the first day of all is a day east of UTC, too', () => {
  const periods = derive({ start: '1970-01-01', end: '1970-01-02' }, { on: 'Asia/Beirut' })
  expect(starts(periods, 'Asia/Beirut')).toEqual(['1970-01-01', '1970-01-02'])
})

test('of any range the periods follow each other without a gap and cover what has begun of it', () => {
  const aDay = fc.integer({ min: 0, max: 25_000 }).map(index => new Date(days(index)).toISOString().slice(0, 10))
  const aResolution = fc.oneof(
    fc.constantFrom<Resolution>({ kind: 'day' }, { kind: 'week' }, { kind: 'month' }),
    fc.integer({ min: 1, max: 60 }).map((count): Resolution => ({ kind: 'custom', days: count })),
  )
  const aZone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Apia')
  fc.assert(
    fc.property(aDay, fc.integer({ min: 0, max: 400 }), aResolution, aZone, (start, length, resolution, on) => {
      const end = new Date(Date.parse(start) + days(length)).toISOString().slice(0, 10)
      const periods = derive({ start, end }, { resolution, on })
      for (const [index, { startsAt, endsAt }] of periods.entries()) {
        expect(endsAt).toBeGreaterThanOrEqual(startsAt)
        expect(startsAt).toBeLessThanOrEqual(now)
        if (index > 0) expect(startsAt).toBe(periods[index - 1]?.endsAt)
      }
      const [first, last] = [starts(periods, on)[0], starts(periods, on).at(-1)]
      if (first !== undefined && last !== undefined) expect([first <= start, last <= end]).toEqual([true, true])
    }),
  )
})
