import { describe, expect, test } from 'vitest'
import { formatLocalTime, toLocalTime } from './local-time.ts'
import { dueTimes, nextDue, parseSchedule, previousDue } from './schedule.ts'

/** A row: what it is about, the schedule, the zone, from when on, and all that is due then, on the clocks there. */
type Row = [about: string, text: string, zone: string, from: string, due: readonly string[]]

const gaps: Row[] = [
  [
    'a fixed time of cron in the gap is due when it ends',
    'cron 30 2 * * *',
    'America/New_York',
    '2026-03-07T12:00Z',
    ['2026-03-08T03:00:00-04:00', '2026-03-09T02:30:00-04:00'],
  ],
  [
    'a calendar event in the gap is passed over',
    'calendar 02:30',
    'America/New_York',
    '2026-03-07T12:00Z',
    ['2026-03-09T02:30:00-04:00', '2026-03-10T02:30:00-04:00'],
  ],
  [
    'all times of cron in one gap are due once, together with the one at its end',
    'cron 0,20,40 2,3 * * *',
    'Europe/Berlin',
    '2026-03-29T00:00Z',
    [
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T03:20:00+02:00',
      '2026-03-29T03:40:00+02:00',
      '2026-03-30T02:00:00+02:00',
    ],
  ],
  [
    'a list of hours is as fixed as one hour',
    'cron 0 2,14 * * *',
    'Europe/Berlin',
    '2026-03-29T00:00Z',
    ['2026-03-29T03:00:00+02:00', '2026-03-29T14:00:00+02:00'],
  ],
  [
    'every hour of cron follows elapsed time',
    'cron 30 * * * *',
    'Europe/Berlin',
    '2026-03-29T00:00Z',
    ['2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'],
  ],
  [
    'every second hour of cron follows elapsed time',
    'cron 0 */2 * * *',
    'Europe/Berlin',
    '2026-03-28T23:00Z',
    ['2026-03-29T00:00:00+01:00', '2026-03-29T04:00:00+02:00'],
  ],
  [
    'a step through a range of hours of cron has fixed hours',
    'cron 0 0-6/2 * * *',
    'Europe/Berlin',
    '2026-03-28T23:00Z',
    ['2026-03-29T00:00:00+01:00', '2026-03-29T03:00:00+02:00', '2026-03-29T04:00:00+02:00'],
  ],
  [
    'minutes of cron that begin with a star follow elapsed time',
    'cron */30 2 * * *',
    'Europe/Berlin',
    '2026-03-29T00:00Z',
    ['2026-03-30T02:00:00+02:00', '2026-03-30T02:30:00+02:00'],
  ],
  [
    'a star behind other minutes of cron does not count as one',
    'cron 5,*/30 2 * * *',
    'Europe/Berlin',
    '2026-03-29T00:00Z',
    ['2026-03-29T03:00:00+02:00', '2026-03-30T02:00:00+02:00'],
  ],
  [
    'a gap at midnight',
    'cron 0 0 * * *',
    'Africa/Cairo',
    '2026-04-23T12:00Z',
    ['2026-04-24T01:00:00+03:00', '2026-04-25T00:00:00+03:00'],
  ],
  [
    'a gap at midnight takes the event of the whole day',
    'calendar *-04-24',
    'Africa/Cairo',
    '2026-04-01T00:00Z',
    ['2027-04-24T00:00:00+02:00'],
  ],
  [
    'a gap of half an hour',
    'cron 15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00Z',
    ['2026-10-04T02:30:00+11:00', '2026-10-05T02:15:00+11:00'],
  ],
  [
    'half an hour is passed over, the other half is not',
    'calendar 02:15,45',
    'Australia/Lord_Howe',
    '2026-10-03T00:00Z',
    ['2026-10-04T02:45:00+11:00', '2026-10-05T02:15:00+11:00'],
  ],
  [
    'a gap of two hours',
    'cron 30 1,2 * * *',
    'Antarctica/Troll',
    '2026-03-29T00:00Z',
    ['2026-03-29T03:00:00+02:00', '2026-03-30T01:30:00+02:00'],
  ],
  [
    'a gap without a return',
    'cron 30 22 * * *',
    'America/Nuuk',
    '2023-03-25T12:00Z',
    ['2023-03-25T23:00:00-02:00', '2023-03-26T22:30:00-02:00'],
  ],
  [
    'a missing day: cron is due when the next begins',
    'cron 0 12 * * *',
    'Pacific/Apia',
    '2011-12-29T12:00Z',
    ['2011-12-29T12:00:00-10:00', '2011-12-31T00:00:00+14:00', '2011-12-31T12:00:00+14:00'],
  ],
  [
    'a missing day: the last Friday of 2011 is no event',
    'calendar Fri 12:00',
    'Pacific/Apia',
    '2011-12-24T00:00Z',
    ['2012-01-06T12:00:00+14:00'],
  ],
  [
    'a missing day: every hour of cron goes on',
    'cron 0 */12 * * *',
    'Pacific/Apia',
    '2011-12-29T22:00Z',
    ['2011-12-29T12:00:00-10:00', '2011-12-31T00:00:00+14:00'],
  ],
]

const overlaps: Row[] = [
  [
    'a fixed time of cron that comes twice is due at the first',
    'cron 30 1 * * *',
    'America/New_York',
    '2026-11-01T00:00Z',
    ['2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00'],
  ],
  [
    'a calendar event that comes twice is due at the first',
    'calendar 01:30',
    'America/New_York',
    '2026-11-01T00:00Z',
    ['2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00'],
  ],
  [
    'even every half hour of a calendar pauses while the clock repeats itself',
    'calendar *:00/30',
    'Europe/Berlin',
    '2026-10-25T00:00Z',
    ['2026-10-25T02:00:00+02:00', '2026-10-25T02:30:00+02:00', '2026-10-25T03:00:00+01:00'],
  ],
  [
    'every half hour of cron does not pause',
    'cron */30 * * * *',
    'Europe/Berlin',
    '2026-10-25T00:00Z',
    [
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T02:30:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ],
  ],
  [
    'every second hour of cron comes twice where the clock does',
    'cron 0 */2 * * *',
    'Europe/Berlin',
    '2026-10-24T22:00Z',
    [
      '2026-10-25T00:00:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T04:00:00+01:00',
    ],
  ],
  [
    'from the second time on the next is a day later',
    'cron 30 2 * * *',
    'Europe/Berlin',
    '2026-10-25T01:10Z',
    ['2026-10-26T02:30:00+01:00'],
  ],
  [
    'an overlap of half an hour',
    'cron 45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-04T00:00Z',
    ['2026-04-05T01:45:00+11:00', '2026-04-06T01:45:00+10:30'],
  ],
  [
    'an overlap before midnight repeats the end of the leap day',
    'cron 30 23 29 2 *',
    'Asia/Almaty',
    '2024-01-01T00:00Z',
    ['2024-02-29T23:30:00+06:00', '2028-02-29T23:30:00+05:00'],
  ],
  [
    'an overlap at midnight on the first of a month',
    'calendar *-*-01 00:30',
    'America/Havana',
    '2026-10-31T00:00Z',
    ['2026-11-01T00:30:00-04:00', '2026-12-01T00:30:00-05:00'],
  ],
]

const dates: Row[] = [
  ['the leap day', 'cron 0 12 29 2 *', 'UTC', '2096-03-01T00:00Z', ['2104-02-29T12:00:00+00:00']],
  [
    'the last day of each month',
    'cron 0 12 L * *',
    'UTC',
    '2028-02-01T00:00Z',
    ['2028-02-29T12:00:00+00:00', '2028-03-31T12:00:00+00:00', '2028-04-30T12:00:00+00:00'],
  ],
  [
    'day 31 only where it exists',
    'cron 0 12 31 * *',
    'UTC',
    '2026-02-01T00:00Z',
    ['2026-03-31T12:00:00+00:00', '2026-05-31T12:00:00+00:00'],
  ],
  [
    'the second Tuesday',
    'cron 0 12 * * tue#2',
    'UTC',
    '2026-09-01T00:00Z',
    ['2026-09-08T12:00:00+00:00', '2026-10-13T12:00:00+00:00'],
  ],
  ['the fifth Friday in February', 'cron 0 12 * 2 5#5', 'UTC', '2037-01-01T00:00Z', ['2064-02-29T12:00:00+00:00']],
  [
    'the last Sunday',
    'cron 0 12 * * 0L',
    'UTC',
    '2026-02-01T00:00Z',
    ['2026-02-22T12:00:00+00:00', '2026-03-29T12:00:00+00:00'],
  ],
  [
    'a date or a weekday, as crontab(5) joins them',
    'cron 0 12 13 * fri',
    'UTC',
    '2026-02-10T00:00Z',
    [
      '2026-02-13T12:00:00+00:00',
      '2026-02-20T12:00:00+00:00',
      '2026-02-27T12:00:00+00:00',
      '2026-03-06T12:00:00+00:00',
      '2026-03-13T12:00:00+00:00',
    ],
  ],
  [
    'a date and a weekday where one has a star',
    'cron 0 12 */2 * mon',
    'UTC',
    '2026-04-01T00:00Z',
    ['2026-04-13T12:00:00+00:00', '2026-04-27T12:00:00+00:00'],
  ],
  [
    'Sunday as 7, and as the end of a week',
    'cron 0 12 * * 6-7',
    'UTC',
    '2026-04-06T00:00Z',
    ['2026-04-11T12:00:00+00:00', '2026-04-12T12:00:00+00:00'],
  ],
  [
    'the last Monday in May',
    'calendar Mon *-05~07/1',
    'UTC',
    '2026-01-01T00:00Z',
    ['2026-05-25T00:00:00+00:00', '2027-05-31T00:00:00+00:00'],
  ],
  ['the third last day of February', 'calendar *-02~03', 'UTC', '2028-01-01T00:00Z', ['2028-02-27T00:00:00+00:00']],
  [
    'a weekday and a date of a calendar must both fit',
    'calendar Fri *-*-13 12:00',
    'UTC',
    '2026-01-01T00:00Z',
    ['2026-02-13T12:00:00+00:00', '2026-03-13T12:00:00+00:00', '2026-11-13T12:00:00+00:00'],
  ],
  [
    'seconds',
    'calendar 12:00:10..30/10',
    'UTC',
    '2026-01-01T12:00:11Z',
    ['2026-01-01T12:00:20+00:00', '2026-01-01T12:00:30+00:00', '2026-01-02T12:00:10+00:00'],
  ],
  [
    'a zone of its own goes before the zone of the computer',
    'calendar 12:00 Asia/Kathmandu',
    'America/New_York',
    '2026-01-01T00:00Z',
    ['2026-01-01T01:15:00-05:00'],
  ],
  [
    'a zone that gives up its summer time',
    'cron 30 2 * * *',
    'America/Mexico_City',
    '2022-10-29T12:00Z',
    ['2022-10-30T02:30:00-06:00', '2022-10-31T02:30:00-06:00'],
  ],
  [
    'a winter time that is one only by name',
    'cron 30 2 * * *',
    'Africa/Casablanca',
    '2026-02-14T12:00Z',
    ['2026-02-15T02:30:00+01:00', '2026-02-16T02:30:00+00:00'],
  ],
]

describe.each([
  ['where the clock is set forward', gaps],
  ['where the clock is set back', overlaps],
  ['the date', dates],
])('%s', (_, rows) => {
  test.each(rows)('%s', (_about, text, zone, from, due) => {
    const schedule = parseSchedule(text)
    const count = due.length
    const times = dueTimes(schedule, { from: Date.parse(from), zone, count })
    expect(times.map(time => formatLocalTime(toLocalTime(time, zone)))).toEqual(due)
    for (const [index, time] of times.entries()) {
      expect(previousDue(schedule, time, { zone })).toBe(time)
      if (index > 0) expect(previousDue(schedule, time - 1, { zone })).toBe(times[index - 1])
      if (index > 0) expect(nextDue(schedule, (times[index - 1] ?? 0) - 1, { zone })).toBe(times[index - 1])
    }
  })
})
