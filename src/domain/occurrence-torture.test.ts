// Longer than others because it is one table: each row is a case that some backup monitor gets wrong.
import { describe, expect, test } from 'vitest'
import { anExpectation, calm, type Facts, historyOf, judge, type Judgement } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { days, hours, type Instant, minutes } from './instant.ts'
import { formatLocalTime, toLocalTime } from './local-time.ts'
import { deriveNextDeadline } from './occurrence.ts'
import type { RunFacts } from './run.ts'

/** What is known of a set, and when somebody asks. Times are ISO texts, lengths are `90m`, `26h` or `7d`. */
type Case = {
  now: string
  /** A schedule and the zone of the set: `cron 0 23 * * * in Europe/Berlin`; every night at 23:00 UTC if left out. */
  due?: string
  /** Runs: a start, then a length or `going`, then what is special: `2026-03-05T23:00Z 10m errors`. */
  runs?: readonly string[]
  grace?: string
  early?: string
  limit?: string
  rpo?: string
  isEnabled?: boolean
  /** Since when the schedule holds; since ever if left out. */
  from?: string
  missedBefore?: string
  /** When the server was away, and how long computers get after that: `from until`. */
  gaps?: readonly string[]
  catchUp?: string
  /** When the computer was seen: `from until`. Its presence is required if this is there, and 7 days are allowed. */
  seen?: readonly string[]
}

/**
 * A row: what it is about, the case, and its status with what is listed, worst first; of a missed due time also when that
 * was, on the clock of the set. `nothing`: there is no condition.
 */
type Row = [about: string, row: Case, expected: string]

/** What words after a run mean. */
const specials: Record<string, Partial<RunFacts>> = {
  going: { state: 'running' },
  paused: { state: 'paused' },
  canceling: { state: 'canceling' },
  failed: { state: 'failed' },
  crashed: { state: 'crashed' },
  canceled: { state: 'canceled' },
  errors: { errors: 1 },
  warnings: { warnings: 1 },
  empty: { totalFiles: 0, processedFiles: 0, newFiles: 0 },
  unchanged: { newFiles: 0 },
  restore: { type: 'restore' },
  delete: { type: 'delete' },
  maintenance: { type: 'maintenance' },
}

function toRun(text: string): RunFacts {
  const [start = '', length = '', ...words] = text.split(' ')
  const startedAt = Date.parse(start)
  const updatedAt = length === 'going' ? startedAt : startedAt + toMs(length)
  const facts = [length, ...words].map(word => specials[word] ?? {})
  return Object.assign(aRun({ startedAt, updatedAt }), ...facts)
}

function toMs(length: string): number {
  const [, count = '', unit] = /^(\d+)([mhd])$/.exec(length) ?? []
  if (unit === 'd') return days(Number(count))
  return unit === 'h' ? hours(Number(count)) : minutes(Number(count))
}

function toSpan(text: string): { from: Instant; until: Instant } {
  const [from = '', until = ''] = text.split(' ')
  return { from: Date.parse(from), until: Date.parse(until) }
}

function toFacts({ runs = [], gaps = [], catchUp = '15m', seen, ...row }: Case): Facts {
  const [schedule = '', zone = 'UTC'] = (row.due ?? 'cron 0 23 * * *').split(' in ')
  const expectation = anExpectation({
    schedule,
    zone,
    isEnabled: row.isEnabled ?? true,
    presence: seen ? { kind: 'required', notSeenMs: days(7) } : { kind: 'ignored' },
    ...(row.grace !== undefined && { graceMs: toMs(row.grace) }),
    ...(row.early !== undefined && { earlyToleranceMs: toMs(row.early) }),
    ...(row.limit !== undefined && { runLimitMs: toMs(row.limit) }),
    ...(row.rpo !== undefined && { rpoMs: toMs(row.rpo) }),
    ...(row.from !== undefined && { expectedFrom: Date.parse(row.from) }),
    ...(row.missedBefore !== undefined && { missedBefore: Date.parse(row.missedBefore) }),
  })
  const absences = { gaps: gaps.map(toSpan), catchUpMs: toMs(catchUp) }
  return {
    expectation,
    runs: runs.map(toRun),
    surroundings: { ...calm, absences, sightings: (seen ?? []).map(toSpan) },
  }
}

function toWords({ occurrence, condition }: Judgement, zone: string): string {
  if (!occurrence || !condition) return 'nothing'
  const { status, rules } = condition
  const telling = rules.filter(name => name !== 'RUNNING' && name !== 'COMPLETED')
  const due = occurrence.kind === 'due' && rules.includes('MISSED') ? [toTime(occurrence.dueAt, zone)] : []
  return [status, ...(telling.length > 0 ? telling : rules), ...due].join(' ')
}

function toTime(at: Instant, zone: string): string {
  return formatLocalTime(toLocalTime(at, zone))
}

const clockSetForward: Row[] = [
  [
    'a fixed time of cron in the gap has its grace from the end of the gap on',
    {
      due: 'cron 30 2 * * * in America/New_York',
      runs: ['2026-03-07T02:30-05:00 9m'],
      now: '2026-03-08T04:00-04:00',
    },
    'COMPLETED COMPLETED',
  ],
  [
    'a fixed time of cron in the gap is missed after that grace',
    {
      due: 'cron 30 2 * * * in America/New_York',
      runs: ['2026-03-07T02:30-05:00 9m'],
      now: '2026-03-08T04:01-04:00',
    },
    'FAILURE MISSED 2026-03-08T03:00:00-04:00',
  ],
  [
    'a run at the end of the gap answers it until the next day',
    { due: 'cron 30 2 * * * in US/Eastern', runs: ['2026-03-08T03:00-04:00 9m'], now: '2026-03-09T03:30-04:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run before the gap is early enough by elapsed time, not by the clock',
    { due: 'cron 30 2 * * * in US/Eastern', runs: ['2026-03-08T01:45-05:00 9m'], now: '2026-03-08T12:00-04:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run before the gap is too early by elapsed time, too',
    { due: 'cron 30 2 * * * in US/Eastern', runs: ['2026-03-08T01:44-05:00 9m'], now: '2026-03-08T12:00-04:00' },
    'FAILURE MISSED 2026-03-08T03:00:00-04:00',
  ],
  [
    'half of a gap between due times that the clock change shortens is half of its elapsed time',
    {
      due: 'cron 0 1,3 * * * in Europe/Berlin',
      early: '45m',
      runs: ['2026-03-29T01:30+01:00 9m'],
      now: '2026-03-29T04:01+02:00',
    },
    'COMPLETED COMPLETED',
  ],
  [
    'before that half a run still answers the due time before',
    {
      due: 'cron 0 1,3 * * * in Europe/Berlin',
      early: '45m',
      runs: ['2026-03-29T01:29+01:00 9m'],
      now: '2026-03-29T04:01+02:00',
    },
    'FAILURE MISSED 2026-03-29T03:00:00+02:00',
  ],
  [
    'a calendar event in the gap is not missed',
    { due: 'calendar 02:30 in America/New_York', runs: ['2026-03-07T02:30-05:00 9m'], now: '2026-03-09T03:30-04:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'the next calendar event is missed',
    { due: 'calendar 02:30 in America/New_York', runs: ['2026-03-07T02:30-05:00 9m'], now: '2026-03-09T03:31-04:00' },
    'FAILURE MISSED 2026-03-09T02:30:00-04:00',
  ],
  [
    'every second hour of cron leaves out the hour that is skipped',
    { due: 'cron 0 */2 * * * in Europe/Berlin', runs: ['2026-03-29T00:00+01:00 9m'], now: '2026-03-29T05:00+02:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'every second hour of cron is missed at the next one that exists',
    { due: 'cron 0 */2 * * * in Europe/Berlin', runs: ['2026-03-29T00:00+01:00 9m'], now: '2026-03-29T05:01+02:00' },
    'FAILURE MISSED 2026-03-29T04:00:00+02:00',
  ],
  [
    'all times of cron in one gap are one due time',
    {
      due: 'cron 0,20,40 2,3 * * * in Europe/Berlin',
      grace: '10m',
      runs: ['2026-03-29T03:00+02:00 9m'],
      now: '2026-03-29T03:30+02:00',
    },
    'COMPLETED COMPLETED',
  ],
  [
    'the one after them is another',
    {
      due: 'cron 0,20,40 2,3 * * * in Europe/Berlin',
      grace: '10m',
      runs: ['2026-03-29T03:00+02:00 9m'],
      now: '2026-03-29T03:31+02:00',
    },
    'FAILURE MISSED 2026-03-29T03:20:00+02:00',
  ],
  [
    'an interval of a day is 24 hours long',
    { due: 'every 1d in Europe/Berlin', runs: ['2026-03-28T02:30+01:00 9m'], now: '2026-03-29T04:31+02:00' },
    'FAILURE MISSED 2026-03-29T03:30:00+02:00',
  ],
  [
    'a gap at midnight is due at one',
    { due: 'cron 0 0 * * * in Africa/Cairo', runs: ['2026-04-23T00:00+02:00 9m'], now: '2026-04-24T02:01+03:00' },
    'FAILURE MISSED 2026-04-24T01:00:00+03:00',
  ],
  [
    'a day without a midnight has no daily event of a calendar',
    { due: 'calendar daily in Africa/Cairo', runs: ['2026-04-23T00:00+02:00 9m'], now: '2026-04-25T01:00+03:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'Lebanon sets its clock forward when the tz database says so',
    { due: 'cron 30 0 * * * in Asia/Beirut', runs: ['2023-03-25T00:30+02:00 9m'], now: '2023-03-26T02:01+03:00' },
    'FAILURE MISSED 2023-03-26T01:00:00+03:00',
  ],
  [
    'half an hour is skipped on Lord Howe',
    {
      due: 'cron 15 2 * * * in Australia/Lord_Howe',
      runs: ['2026-10-03T02:15+10:30 9m'],
      now: '2026-10-04T03:31+11:00',
    },
    'FAILURE MISSED 2026-10-04T02:30:00+11:00',
  ],
  [
    'the other half hour is not skipped',
    {
      due: 'calendar 02:15,45 in Australia/Lord_Howe',
      runs: ['2026-10-03T02:45+10:30 9m'],
      now: '2026-10-04T03:46+11:00',
    },
    'FAILURE MISSED 2026-10-04T02:45:00+11:00',
  ],
  [
    'two hours are skipped at Troll, and are due once',
    { due: 'cron 30 1,2 * * * in Antarctica/Troll', runs: ['2026-03-28T02:30Z 9m'], now: '2026-03-29T04:01+02:00' },
    'FAILURE MISSED 2026-03-29T03:00:00+02:00',
  ],
  [
    'a whole day is skipped in Samoa, and cron is due when the next begins',
    { due: 'cron 0 12 * * * in Pacific/Apia', runs: ['2011-12-29T12:00-10:00 9m'], now: '2011-12-31T01:01+14:00' },
    'FAILURE MISSED 2011-12-31T00:00:00+14:00',
  ],
  [
    'the last Friday of 2011 in Samoa is no event of a calendar',
    { due: 'calendar Fri 12:00 in Pacific/Apia', runs: ['2011-12-23T12:00-10:00 9m'], now: '2012-01-06T13:00+14:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'Greenland moves its clock for good in 2023',
    { due: 'cron 30 22 * * * in America/Nuuk', runs: ['2023-03-24T22:30-03:00 9m'], now: '2023-03-26T00:01-02:00' },
    'FAILURE MISSED 2023-03-25T23:00:00-02:00',
  ],
  [
    'Greenland has summer time by its new rule in 2024',
    { due: 'cron 30 23 * * * in America/Nuuk', runs: ['2024-03-29T23:30-02:00 9m'], now: '2024-03-31T01:01-01:00' },
    'FAILURE MISSED 2024-03-31T00:00:00-01:00',
  ],
  [
    'Paraguay sets its clock forward for the last time in 2024',
    { due: 'cron 0 0 * * * in America/Asuncion', runs: ['2024-10-05T00:00-04:00 9m'], now: '2024-10-06T02:01-03:00' },
    'FAILURE MISSED 2024-10-06T01:00:00-03:00',
  ],
]

const clockSetBack: Row[] = [
  [
    'a time of cron that comes twice is missed after the grace of the first',
    { due: 'cron 30 1 * * * in US/Eastern', runs: ['2026-10-31T01:30-04:00 9m'], now: '2026-11-01T01:31-05:00' },
    'FAILURE MISSED 2026-11-01T01:30:00-04:00',
  ],
  [
    'a run at the second answers the first, just within its grace',
    { due: 'cron 30 1 * * * in US/Eastern', runs: ['2026-11-01T01:30-05:00 9m'], now: '2026-11-02T02:30-05:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run at the first is all that is due that day',
    { due: 'cron 30 1 * * * in US/Eastern', runs: ['2026-11-01T01:30-04:00 9m'], now: '2026-11-02T02:30-05:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'a calendar event that comes twice is missed after the grace of the first',
    { due: 'calendar 01:30 in US/Eastern', runs: ['2026-10-31T01:30-04:00 9m'], now: '2026-11-01T01:31-05:00' },
    'FAILURE MISSED 2026-11-01T01:30:00-04:00',
  ],
  [
    'every hour of cron is due in both',
    { due: 'cron 30 * * * * in US/Eastern', runs: ['2026-11-01T01:30-04:00 9m'], now: '2026-11-01T02:31-05:00' },
    'FAILURE MISSED 2026-11-01T01:30:00-05:00',
  ],
  [
    'every hour of a calendar pauses',
    { due: 'calendar *:30 in US/Eastern', runs: ['2026-11-01T01:30-04:00 9m'], now: '2026-11-01T03:30-05:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'every hour of a calendar goes on after the pause',
    { due: 'calendar *:30 in US/Eastern', runs: ['2026-11-01T01:30-04:00 9m'], now: '2026-11-01T03:31-05:00' },
    'FAILURE MISSED 2026-11-01T02:30:00-05:00',
  ],
  [
    'every second hour of cron is due twice where it comes twice',
    { due: 'cron 0 */2 * * * in Europe/Berlin', runs: ['2026-10-25T02:00+02:00 9m'], now: '2026-10-25T03:01+01:00' },
    'FAILURE MISSED 2026-10-25T02:00:00+01:00',
  ],
  [
    'an interval of a day ends an hour earlier by the clock',
    { due: 'every 1d in Europe/Berlin', runs: ['2026-10-24T03:30+02:00 9m'], now: '2026-10-25T03:31+01:00' },
    'FAILURE MISSED 2026-10-25T02:30:00+01:00',
  ],
  [
    'half an hour comes twice on Lord Howe',
    {
      due: 'cron 45 1 * * * in Australia/Lord_Howe',
      runs: ['2026-04-04T01:45+11:00 9m'],
      now: '2026-04-05T02:16+10:30',
    },
    'FAILURE MISSED 2026-04-05T01:45:00+11:00',
  ],
  [
    'Kazakhstan repeats the last hour of the leap day of 2024',
    { due: 'cron 30 23 29 2 * in Asia/Almaty', from: '2024-01-01T00:00Z', now: '2024-02-29T23:31+05:00' },
    'FAILURE MISSED 2024-02-29T23:30:00+06:00',
  ],
  [
    'Greenland repeats an hour before midnight in 2024',
    { due: 'cron 30 23 * * * in America/Nuuk', runs: ['2024-10-25T23:30-01:00 9m'], now: '2024-10-26T23:31-02:00' },
    'FAILURE MISSED 2024-10-26T23:30:00-01:00',
  ],
  [
    'Egypt repeats an hour before midnight, and a run in its second pass is late but there',
    { due: 'cron 30 23 * * * in Africa/Cairo', runs: ['2026-10-29T23:30+02:00 9m'], now: '2026-10-30T12:00+02:00' },
    'COMPLETED COMPLETED',
  ],
  [
    'Cuba repeats the first hour of a month',
    {
      due: 'calendar *-*-01 00:30 in America/Havana',
      runs: ['2026-10-01T00:30-04:00 9m'],
      now: '2026-11-01T00:31-05:00',
    },
    'FAILURE MISSED 2026-11-01T00:30:00-04:00',
  ],
  [
    'Vostok sets its clock back by two hours for good',
    { due: 'cron 30 0 * * * in Antarctica/Vostok', runs: ['2023-12-17T00:30+07:00 9m'], now: '2023-12-18T00:30+05:00' },
    'FAILURE MISSED 2023-12-18T00:30:00+07:00',
  ],
  [
    'Paraguay does not set its clock back any more in 2025',
    { due: 'cron 30 23 * * * in America/Asuncion', runs: ['2025-03-21T23:30-03:00 9m'], now: '2025-03-23T00:31-03:00' },
    'FAILURE MISSED 2025-03-22T23:30:00-03:00',
  ],
  [
    'Mexico does not set its clock forward any more in 2023',
    {
      due: 'cron 30 2 * * * in America/Mexico_City',
      runs: ['2023-04-01T02:30-06:00 9m'],
      now: '2023-04-02T03:31-06:00',
    },
    'FAILURE MISSED 2023-04-02T02:30:00-06:00',
  ],
]

const dates: Row[] = [
  [
    'a legacy name of a zone is as good as its new one',
    { due: 'cron 0 23 * * * in Asia/Calcutta', runs: ['2026-03-04T23:00+05:30 9m'], now: '2026-03-06T00:01+05:30' },
    'FAILURE MISSED 2026-03-05T23:00:00+05:30',
  ],
  [
    'a zone in the words of a calendar goes before the zone of the set',
    {
      due: 'calendar 23:00 Europe/Berlin in America/New_York',
      runs: ['2026-03-04T17:00-05:00 9m'],
      now: '2026-03-05T18:01-05:00',
    },
    'FAILURE MISSED 2026-03-05T17:00:00-05:00',
  ],
  [
    'the leap day is not missed in other years',
    { due: 'cron 0 12 29 2 *', runs: ['2024-02-29T12:00Z 9m'], now: '2028-02-29T13:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the leap day is missed in the next leap year',
    { due: 'cron 0 12 29 2 *', runs: ['2024-02-29T12:00Z 9m'], now: '2028-02-29T13:01Z' },
    'FAILURE MISSED 2028-02-29T12:00:00+00:00',
  ],
  [
    'the last day of February is the 28th',
    { due: 'cron 0 23 L * *', runs: ['2026-01-31T23:00Z 9m'], now: '2026-03-01T00:01Z' },
    'FAILURE MISSED 2026-02-28T23:00:00+00:00',
  ],
  [
    'the last day of February is the 29th in a leap year',
    { due: 'cron 0 23 L * *', runs: ['2028-01-31T23:00Z 9m'], now: '2028-02-29T23:30Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the last day of a month of a calendar, too',
    { due: 'calendar *-*~01 23:00', runs: ['2028-01-31T23:00Z 9m'], now: '2028-03-01T00:01Z' },
    'FAILURE MISSED 2028-02-29T23:00:00+00:00',
  ],
  [
    'the 31st is not missed in a month that has none',
    { due: 'cron 0 23 31 * *', runs: ['2026-01-31T23:00Z 9m'], now: '2026-04-01T00:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the 31st is missed in the next month that has one',
    { due: 'cron 0 23 31 * *', runs: ['2026-01-31T23:00Z 9m'], now: '2026-04-01T00:01Z' },
    'FAILURE MISSED 2026-03-31T23:00:00+00:00',
  ],
  [
    'the second Tuesday',
    { due: 'cron 0 3 * * tue#2', runs: ['2026-02-10T03:00Z 9m'], now: '2026-03-10T04:01Z' },
    'FAILURE MISSED 2026-03-10T03:00:00+00:00',
  ],
  [
    'a fifth Friday is not missed in months that have four',
    { due: 'cron 0 3 * * 5#5', runs: ['2026-01-30T03:00Z 9m'], now: '2026-05-29T04:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the last Sunday of March, on which the clock is set forward',
    { due: 'cron 30 2 * * sunL in Europe/Berlin', runs: ['2026-02-22T02:30+01:00 9m'], now: '2026-03-29T04:01+02:00' },
    'FAILURE MISSED 2026-03-29T03:00:00+02:00',
  ],
  [
    'each 13th and each Friday of cron',
    { due: 'cron 0 23 13 * fri', runs: ['2026-02-27T23:00Z 9m'], now: '2026-03-07T00:01Z' },
    'FAILURE MISSED 2026-03-06T23:00:00+00:00',
  ],
  [
    'a Friday the 13th of a calendar',
    { due: 'calendar Fri *-*-13 23:00', runs: ['2026-03-13T23:00Z 9m'], now: '2026-11-13T23:59Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a weekend is not missed where only weekdays are due',
    { due: 'calendar Mon..Fri 23:00', runs: ['2026-03-06T23:00Z 9m'], now: '2026-03-10T00:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the grace of the last night of a year ends in the next',
    { runs: ['2026-12-30T23:00Z 9m'], now: '2027-01-01T00:01Z' },
    'FAILURE MISSED 2026-12-31T23:00:00+00:00',
  ],
]

const graces: Row[] = [
  [
    'grace over midnight has not passed at its end',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T00:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'grace over midnight has passed a millisecond later',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T00:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'without grace a due time is not missed when it comes',
    { grace: '0m', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T23:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'without grace a due time is missed a millisecond later',
    { grace: '0m', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T23:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a grace longer than the interval waits beyond the next due time',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m'], now: '2026-03-06T01:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a grace longer than the interval passes for the older due time first',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m'], now: '2026-03-06T01:00:00.001Z' },
    'FAILURE MISSED 2026-03-04T23:00:00+00:00',
  ],
  [
    'a run for the next due time replaces an older one that nobody answered',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m', '2026-03-05T22:45Z 9m'], now: '2026-03-07T01:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run within a long grace answers the older due time and not the next',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m', '2026-03-05T22:44Z 9m'], now: '2026-03-07T01:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a run that is later than its grace retracts the miss',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-06T05:00Z 9m'], now: '2026-03-06T06:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run that is reported late is judged as if it had been reported in time',
    { runs: ['2026-03-05T23:05Z 9m warnings', '2026-03-04T23:00Z 9m'], now: '2026-03-06T08:00Z' },
    'WARNING WARNINGS',
  ],
  [
    'a late report of a run before the due time retracts nothing',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T20:00Z 9m'], now: '2026-03-06T08:00Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
]

const earlyStarts: Row[] = [
  [
    'a start at the edge of the early tolerance answers',
    { runs: ['2026-03-05T22:45Z 9m'], now: '2026-03-06T00:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a start a millisecond before it does not',
    { runs: ['2026-03-05T22:44:59.999Z 9m'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'without early tolerance a start a millisecond early does not answer',
    { early: '0m', runs: ['2026-03-05T22:59:59.999Z 9m'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'without early tolerance a start on time answers',
    { early: '0m', runs: ['2026-03-05T23:00Z 9m'], now: '2026-03-06T00:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a tolerance of more than half the gap is cut to half of it',
    { due: 'cron 0 * * * *', early: '2h', runs: ['2026-03-05T22:30Z 9m'], now: '2026-03-06T00:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a start before half the gap answers the due time before',
    { due: 'cron 0 * * * *', early: '2h', runs: ['2026-03-05T22:29Z 9m'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'uneven gaps are each halved for themselves: the long one leaves the tolerance whole',
    { due: 'cron 0 22,23 * * *', early: '45m', runs: ['2026-03-05T21:15Z 9m'], now: '2026-03-05T23:30Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'uneven gaps are each halved for themselves: the short one cuts it',
    { due: 'cron 0 22,23 * * *', early: '45m', runs: ['2026-03-05T22:29Z 9m'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
]

const severalRuns: Row[] = [
  [
    'a second run in the slot makes a failed first good',
    { runs: ['2026-03-05T23:00Z 5m failed', '2026-03-05T23:10Z 5m'], now: '2026-03-06T08:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a second run in the slot makes a good first bad',
    { runs: ['2026-03-05T23:00Z 5m', '2026-03-05T23:10Z 5m failed'], now: '2026-03-06T08:00Z' },
    'FAILURE ERRORS',
  ],
  [
    'the newer counts even when it is told first',
    { runs: ['2026-03-05T23:10Z 5m canceled', '2026-03-05T23:00Z 5m crashed'], now: '2026-03-06T08:00Z' },
    'WARNING CANCELED',
  ],
  [
    'of overlapping runs the one that started last counts, though it ended first',
    { runs: ['2026-03-05T23:00Z 60m failed', '2026-03-05T23:10Z 5m'], now: '2026-03-06T08:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run that ended counts while an older one is still going',
    { runs: ['2026-03-05T23:00Z going', '2026-03-05T23:10Z 5m'], now: '2026-03-05T23:30Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run that is going replaces the one before it at once',
    { runs: ['2026-03-05T22:00Z 5m failed', '2026-03-05T23:00Z going'], now: '2026-03-05T23:30Z' },
    'RUNNING RUNNING',
  ],
  [
    'nothing is missed while an older run is still going',
    { runs: ['2026-03-05T12:00Z going', '2026-03-05T13:00Z 5m'], now: '2026-03-06T12:00Z' },
    'RUNNING RUNNING',
  ],
  [
    'it is missed once the limit of that older run has passed',
    { runs: ['2026-03-05T12:00Z going', '2026-03-05T13:00Z 5m'], now: '2026-03-06T12:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'it is missed once that older run has ended',
    { runs: ['2026-03-05T12:00Z 13h', '2026-03-05T13:00Z 5m'], now: '2026-03-06T01:00Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a run is still going beside another that started with it',
    { runs: ['2026-03-05T12:00Z going canceling', '2026-03-05T12:00Z 5m'], now: '2026-03-06T00:01Z' },
    'RUNNING RUNNING',
  ],
]

const stillGoing: Row[] = [
  [
    'a run still going when the grace ends puts off the miss',
    { runs: ['2026-03-05T22:00Z going'], now: '2026-03-06T00:01Z' },
    'RUNNING RUNNING',
  ],
  ['so does a paused one', { runs: ['2026-03-05T22:00Z going paused'], now: '2026-03-06T00:01Z' }, 'RUNNING RUNNING'],
  ['its errors show already', { runs: ['2026-03-05T22:00Z going errors'], now: '2026-03-06T00:01Z' }, 'FAILURE ERRORS'],
  [
    'when it has ended, the due time is missed',
    { runs: ['2026-03-05T22:00Z 210m'], now: '2026-03-06T01:31Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'an end by a clock that is ahead of ours is an end',
    { runs: ['2026-03-05T22:00Z 210m'], now: '2026-03-06T01:25Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'an end at this very moment is an end',
    { runs: ['2026-03-05T22:00Z 210m'], now: '2026-03-06T01:30Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a run that ended between the due time and the end of its grace leaves the rest of the grace',
    { runs: ['2026-03-05T22:00Z 90m'], now: '2026-03-06T00:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'at its limit it still puts off the miss',
    { limit: '4h', runs: ['2026-03-05T22:00Z going'], now: '2026-03-06T02:00Z' },
    'RUNNING RUNNING',
  ],
  [
    'beyond its limit it does not',
    { limit: '4h', runs: ['2026-03-05T22:00Z going'], now: '2026-03-06T02:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'beyond its limit it is an exception where nothing was missed',
    { limit: '4h', runs: ['2026-03-05T23:00Z going'], now: '2026-03-06T03:00:00.001Z' },
    'FAILURE EXCEPTION',
  ],
  [
    'an end that comes after the limit counts',
    { limit: '4h', runs: ['2026-03-05T23:00Z 5h warnings'], now: '2026-03-06T05:00Z' },
    'WARNING WARNINGS',
  ],
  [
    'a start in the last minute of the grace answers',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T23:59Z going'], now: '2026-03-06T00:01Z' },
    'RUNNING RUNNING',
  ],
  [
    'a run of two days is no reason to miss the night between',
    { limit: '3d', runs: ['2026-03-05T23:00Z going'], now: '2026-03-07T12:00Z' },
    'RUNNING RUNNING',
  ],
  [
    'a crash is replaced by the due time that is missed after it',
    { runs: ['2026-03-04T23:00Z 5m crashed'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
]

const notBackups: Row[] = [
  [
    'a restore does not answer',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T23:00Z 9m restore'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a deletion does not answer',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T23:00Z 9m delete'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'maintenance does not answer',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T23:00Z 9m maintenance'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a restore that is still going does not put off a miss',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T22:30Z going restore'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a restore that failed does not make a backup bad',
    { runs: ['2026-03-05T23:00Z 9m', '2026-03-06T01:00Z 9m failed restore'], now: '2026-03-06T08:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a restore is no good backup',
    {
      due: 'manual',
      rpo: '1d',
      runs: ['2026-03-04T23:00Z 9m', '2026-03-05T22:00Z 9m restore'],
      now: '2026-03-06T00:00Z',
    },
    'FAILURE RPO_EXCEEDED',
  ],
]

const beginnings: Row[] = [
  [
    'a set that never ran and is not yet due has no condition',
    { from: '2026-03-05T12:00Z', now: '2026-03-06T00:00Z' },
    'nothing',
  ],
  [
    'a set that never ran and was due is missed',
    { from: '2026-03-05T12:00Z', now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a due time at the moment from which it is expected does not count',
    { from: '2026-03-05T23:00Z', now: '2026-03-06T23:30Z' },
    'nothing',
  ],
  [
    'a due time a millisecond after it counts',
    { from: '2026-03-05T22:59:59.999Z', now: '2026-03-06T00:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a due time of which only the grace ends after it does not count',
    { from: '2026-03-05T23:30Z', now: '2026-03-06T00:01Z' },
    'nothing',
  ],
  [
    'a run before it answers a due time after it',
    { from: '2026-03-05T22:55Z', runs: ['2026-03-05T22:50Z 3m'], now: '2026-03-06T00:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an old run stays until the first due time after it is missed',
    { from: '2026-03-05T23:30Z', runs: ['2026-03-01T23:00Z 9m'], now: '2026-03-07T00:01Z' },
    'FAILURE MISSED 2026-03-06T23:00:00+00:00',
  ],
  [
    'a disabled set keeps its last run and is never missed',
    { isEnabled: false, runs: ['2026-03-01T23:00Z 9m warnings'], now: '2026-03-09T12:00Z' },
    'WARNING WARNINGS',
  ],
  ['a disabled set that never ran has no condition', { isEnabled: false, now: '2026-03-09T12:00Z' }, 'nothing'],
  [
    'a run of a disabled set still has its limit',
    { isEnabled: false, runs: ['2026-03-05T23:00Z going'], now: '2026-03-07T00:00Z' },
    'FAILURE EXCEPTION',
  ],
  [
    'a disabled set has no objective, and nobody asks for its computer',
    { isEnabled: false, rpo: '1d', seen: [], runs: ['2026-03-01T23:00Z 9m'], now: '2026-03-31T12:00Z' },
    'COMPLETED COMPLETED',
  ],
]

const changed: Row[] = [
  [
    'what was missed stays so',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T10:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'what was missed stays so where nothing ever ran',
    { now: '2026-03-06T10:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'it makes room for the next that is missed',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T23:01Z' },
    'FAILURE MISSED 2026-03-06T22:00:00+00:00',
  ],
  [
    'a later run answers it',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-06T09:00Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run within its early tolerance answers it',
    { due: 'cron 0 8 * * *', runs: ['2026-03-05T22:45Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a run before its early tolerance does not',
    { due: 'cron 0 8 * * *', runs: ['2026-03-05T22:44Z 9m'], now: '2026-03-06T10:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a run that is still going puts it off',
    { runs: ['2026-03-05T20:00Z going'], now: '2026-03-06T10:01Z' },
    'RUNNING RUNNING',
  ],
  [
    'a schedule under which the last run is new enough retracts it',
    { due: 'cron 0 23 * * sun', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a schedule that the last run answered retracts it, at least until it finds something missing',
    { due: 'cron 30 9,22 * * *', runs: ['2026-03-05T22:30Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a schedule by hand retracts it',
    { due: 'manual', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an interval that is longer than the last run is old retracts it',
    { due: 'every 2d', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T10:01Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an interval that is shorter keeps it',
    { due: 'every 1d', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T10:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a grace that became longer gives it that long',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m'], now: '2026-03-07T01:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a grace that became longer ends for it, too',
    { grace: '26h', runs: ['2026-03-03T23:00Z 9m'], now: '2026-03-07T01:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
]

const downtimes: Row[] = [
  [
    'nobody is missed when the server comes back',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T03:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'nobody is missed in the time to catch up',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T03:15Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'what did not arrive in the time to catch up is missed',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T03:15:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'without time to catch up it is missed at once',
    { catchUp: '0m', gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T03:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a deadline at which the gap begins falls into it',
    { gaps: ['2026-03-06T00:00Z 2026-03-06T03:00Z'], now: '2026-03-06T03:15Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a deadline a millisecond before the gap has passed',
    { gaps: ['2026-03-06T00:00:00.001Z 2026-03-06T03:00Z'], now: '2026-03-06T00:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a miss stays one while the server is away and catches up',
    { gaps: ['2026-03-06T01:00Z 2026-03-06T03:00Z'], now: '2026-03-06T03:10Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a deadline at which the gap ends waits for the time to catch up',
    { gaps: ['2026-03-05T23:00Z 2026-03-06T00:00Z'], now: '2026-03-06T00:15Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a deadline in the time to catch up waits for the end of that',
    { gaps: ['2026-03-05T22:00Z 2026-03-05T23:50Z'], now: '2026-03-06T00:05Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a deadline at the end of the time to catch up is as it was',
    { gaps: ['2026-03-05T22:00Z 2026-03-05T23:45Z'], now: '2026-03-06T00:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a second gap in the time to catch up puts it off again',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T00:30Z', '2026-03-06T00:40Z 2026-03-06T02:00Z'], now: '2026-03-06T02:15Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'it is missed after the second time to catch up',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T00:30Z', '2026-03-06T00:40Z 2026-03-06T02:00Z'], now: '2026-03-06T02:16Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a second gap after the time to catch up comes too late',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T00:30Z', '2026-03-06T01:00Z 2026-03-06T02:00Z'], now: '2026-03-06T01:30Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a gap within the grace changes nothing',
    { gaps: ['2026-03-05T23:01Z 2026-03-05T23:05Z'], now: '2026-03-06T00:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'a run limit that falls into the gap waits as well',
    {
      limit: '4h',
      runs: ['2026-03-05T23:00Z going'],
      gaps: ['2026-03-06T02:00Z 2026-03-06T05:00Z'],
      now: '2026-03-06T05:15Z',
    },
    'RUNNING RUNNING',
  ],
  [
    'a run limit has passed after the time to catch up',
    {
      limit: '4h',
      runs: ['2026-03-05T23:00Z going'],
      gaps: ['2026-03-06T02:00Z 2026-03-06T05:00Z'],
      now: '2026-03-06T05:16Z',
    },
    'FAILURE EXCEPTION',
  ],
  [
    'an objective that falls into the gap waits as well',
    { due: 'manual', rpo: '1d', gaps: ['2026-03-05T22:00Z 2026-03-05T23:30Z'], now: '2026-03-05T23:45Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an objective has passed after the time to catch up',
    { due: 'manual', rpo: '1d', gaps: ['2026-03-05T22:00Z 2026-03-05T23:30Z'], now: '2026-03-05T23:46Z' },
    'FAILURE RPO_EXCEEDED',
  ],
]

const presence: Row[] = [
  [
    'a laptop asleep since before the due time is not missed',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z'], now: '2026-03-06T08:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a laptop that woke and was seen for 59 minutes is not missed',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z', '2026-03-06T08:00Z 2026-03-06T08:59Z'], now: '2026-03-06T12:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a laptop that woke and was seen for 61 minutes is missed',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z', '2026-03-06T08:00Z 2026-03-06T09:01Z'], now: '2026-03-06T09:01Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'the hour has not passed at its end',
    { seen: ['2026-03-06T08:00Z 2026-03-06T09:00Z'], now: '2026-03-06T09:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'the hour has passed a millisecond later',
    { seen: ['2026-03-06T08:00Z 2026-03-06T09:00Z'], now: '2026-03-06T09:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'times in which it was seen add up',
    { seen: ['2026-03-06T08:00Z 2026-03-06T08:30Z', '2026-03-06T10:00Z 2026-03-06T10:31Z'], now: '2026-03-06T10:31Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'of a time around the due time only what follows it counts',
    { seen: ['2026-03-05T22:00Z 2026-03-05T23:30Z', '2026-03-06T08:00Z 2026-03-06T08:30Z'], now: '2026-03-06T08:30Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a laptop that woke and ran is good',
    {
      runs: ['2026-03-06T08:20Z 9m'],
      seen: ['2026-03-06T08:00Z 2026-03-06T12:00Z'],
      now: '2026-03-06T12:00Z',
    },
    'COMPLETED COMPLETED',
  ],
  [
    'a laptop asleep for three nights missed the last of them',
    { seen: ['2026-03-09T08:00Z 2026-03-09T09:01Z'], now: '2026-03-09T09:01Z' },
    'FAILURE MISSED 2026-03-08T23:00:00+00:00',
  ],
  [
    'without grace it is missed at the first sign of life',
    { grace: '0m', seen: ['2026-03-06T08:00Z 2026-03-06T08:00Z'], now: '2026-03-06T08:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T23:00:00+00:00',
  ],
  [
    'without grace it is not missed before',
    { grace: '0m', seen: ['2026-03-05T20:00Z 2026-03-05T22:59Z'], now: '2026-03-06T08:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a computer that was seen for the last time 7 days ago is not yet a finding',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z'], now: '2026-03-12T20:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a computer not seen for more than 7 days is one, next to what the last run left',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z'], now: '2026-03-12T20:00:00.001Z' },
    'FAILURE NOT_SEEN',
  ],
  [
    'a due time can be missed and the computer not be seen',
    { seen: ['2026-03-05T22:00Z 2026-03-06T02:00Z'], now: '2026-03-13T02:01Z' },
    'FAILURE MISSED NOT_SEEN 2026-03-05T23:00:00+00:00',
  ],
  [
    'a computer that was never seen has 7 days from the moment it is expected',
    { runs: [], from: '2026-03-01T00:00Z', seen: [], now: '2026-03-08T00:00Z' },
    'nothing',
  ],
  [
    'a computer that was never seen in 7 days is a finding, though nothing ever ran',
    { runs: [], from: '2026-03-01T00:00Z', seen: [], now: '2026-03-08T00:00:00.001Z' },
    'FAILURE NOT_SEEN',
  ],
]

const objectives: Row[] = [
  [
    'a good backup is new enough at the end of its objective',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T23:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'a good backup that has become too old fails, though nothing went wrong',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T23:00:00.001Z' },
    'FAILURE RPO_EXCEEDED',
  ],
  [
    'its age counts from its start, not from its end',
    { runs: ['2026-03-04T23:00Z 5h'], now: '2026-03-05T23:00:00.001Z' },
    'FAILURE RPO_EXCEEDED',
  ],
  [
    'an older good backup counts while newer ones fail',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T20:00Z 9m failed'], now: '2026-03-05T23:00Z' },
    'FAILURE ERRORS',
  ],
  [
    'it counts until it is too old as well',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T20:00Z 9m failed'], now: '2026-03-05T23:01Z' },
    'FAILURE ERRORS RPO_EXCEEDED',
  ],
  [
    'a set that never had a good backup has the objective from the moment it is expected',
    { from: '2026-03-05T00:00Z', runs: ['2026-03-05T12:00Z 9m canceled'], now: '2026-03-06T00:00Z' },
    'WARNING CANCELED',
  ],
  [
    'a set that never had a good backup exceeds it after that',
    { from: '2026-03-05T00:00Z', runs: ['2026-03-05T12:00Z 9m canceled'], now: '2026-03-06T00:01Z' },
    'FAILURE RPO_EXCEEDED CANCELED',
  ],
  ['a set that never ran is not there before', { from: '2026-03-05T00:00Z', now: '2026-03-06T00:00Z' }, 'nothing'],
  [
    'a set that never ran exceeds it, too',
    { from: '2026-03-05T00:00Z', now: '2026-03-06T00:00:00.001Z' },
    'FAILURE RPO_EXCEEDED',
  ],
  [
    'a backup with warnings is good',
    { runs: ['2026-03-04T23:00Z 9m warnings'], now: '2026-03-05T12:00Z' },
    'WARNING WARNINGS',
  ],
  [
    'a backup without anything new is good',
    { runs: ['2026-03-04T23:00Z 9m unchanged'], now: '2026-03-05T12:00Z' },
    'COMPLETED NO_NEW_FILE_DATA',
  ],
  [
    'a backup with errors is not',
    { runs: ['2026-03-04T23:00Z 9m errors'], now: '2026-03-05T12:00Z' },
    'FAILURE ERRORS RPO_EXCEEDED',
  ],
  [
    'a backup that read nothing is not',
    { runs: ['2026-03-04T23:00Z 9m empty'], now: '2026-03-05T12:00Z' },
    'FAILURE RPO_EXCEEDED NO_FILE_DATA_READ',
  ],
  [
    'a run that is still going is not yet one',
    { runs: ['2026-03-04T23:00Z 9m', '2026-03-05T22:00Z going'], now: '2026-03-05T23:01Z' },
    'FAILURE RPO_EXCEEDED',
  ],
  [
    'a due time can be missed and the objective be exceeded',
    { due: 'cron 0 23 * * *', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T00:01Z' },
    'FAILURE MISSED RPO_EXCEEDED 2026-03-05T23:00:00+00:00',
  ],
]

const intervals: Row[] = [
  [
    'a set by hand is never missed',
    { due: 'manual', runs: ['2020-01-01T00:00Z 9m'], now: '2026-03-05T12:00Z' },
    'COMPLETED COMPLETED',
  ],
  ['a set by hand that never ran has no condition', { due: 'manual', now: '2026-03-05T12:00Z' }, 'nothing'],
  [
    'an interval counts from the last start, not from its end',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z 5h'], now: '2026-03-05T19:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an interval is missed after its grace',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z 5h'], now: '2026-03-05T19:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T18:00:00+00:00',
  ],
  [
    'a second interval without a run is missed after the first',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z 9m'], now: '2026-03-06T01:01Z' },
    'FAILURE MISSED 2026-03-06T00:00:00+00:00',
  ],
  [
    'an interval counts from the newest start, however early it came',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z 9m', '2026-03-05T14:00Z 9m'], now: '2026-03-05T21:00Z' },
    'COMPLETED COMPLETED',
  ],
  [
    'an interval counts from a start that failed, too',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z 9m', '2026-03-05T18:00Z 9m failed'], now: '2026-03-06T01:00Z' },
    'FAILURE ERRORS',
  ],
  [
    'an interval without any run counts from the moment it is expected',
    { due: 'every 6h', from: '2026-03-05T10:00Z', now: '2026-03-05T17:00Z' },
    'nothing',
  ],
  [
    'an interval without any run is missed after its grace',
    { due: 'every 6h', from: '2026-03-05T10:00Z', now: '2026-03-05T17:00:00.001Z' },
    'FAILURE MISSED 2026-03-05T16:00:00+00:00',
  ],
  [
    'an interval that passed before it was expected does not count, the next does',
    { due: 'every 6h', from: '2026-03-05T13:00Z', runs: ['2026-03-05T06:00Z 9m'], now: '2026-03-05T19:01Z' },
    'FAILURE MISSED 2026-03-05T18:00:00+00:00',
  ],
  [
    'an interval shorter than the early tolerance is not answered by the start that it counts from',
    { due: 'every 10m', grace: '5m', runs: ['2026-03-05T12:00Z 1m'], now: '2026-03-05T12:15:00.001Z' },
    'FAILURE MISSED 2026-03-05T12:10:00+00:00',
  ],
  [
    'an interval as long as the early tolerance is not, either',
    { due: 'every 15m', grace: '0m', runs: ['2026-03-05T12:00Z 1m'], now: '2026-03-05T12:15:00.001Z' },
    'FAILURE MISSED 2026-03-05T12:15:00+00:00',
  ],
  [
    'an interval is not missed while the run is still going',
    { due: 'every 6h', runs: ['2026-03-05T12:00Z going'], now: '2026-03-05T20:00Z' },
    'RUNNING RUNNING',
  ],
]

const lastNight = { runs: ['2026-03-04T23:00Z 9m'] }
const changedSince = { due: 'cron 0 22 * * *', from: '2026-03-06T10:00Z', missedBefore: '2026-03-05T23:00Z' }
/** What a group is about, what all its cases have in common, and its rows. */
const groups: [about: string, common: Partial<Case>, rows: readonly Row[]][] = [
  ['where the clock is set forward', {}, clockSetForward],
  ['where the clock is set back', {}, clockSetBack],
  ['on dates and in zones', {}, dates],
  ['with grace', {}, graces],
  ['with early starts', {}, earlyStarts],
  ['with several runs', {}, severalRuns],
  ['with a run that goes on', {}, stillGoing],
  ['with runs that are no backups', {}, notBackups],
  ['at its beginning and its end', {}, beginnings],
  ['after its schedule changed', changedSince, changed],
  ['while the server was away', lastNight, downtimes],
  ['where presence is required', lastNight, presence],
  ['with an objective of a day', { due: 'manual', rpo: '1d', from: '2026-01-01T00:00Z' }, objectives],
  ['by hand and in intervals', {}, intervals],
]

describe.each(groups)('a set is judged %s', (_, common, rows) => {
  test.each(rows)('%s', (_about, row, expected) => {
    const facts = toFacts({ ...common, ...row })
    const [now, { zone }] = [Date.parse(row.now), facts.expectation]
    expect(toWords(judge(facts, now), zone)).toBe(expected)
    const next = nextDeadline(facts, now) ?? now + days(400)
    expect(toWords(judge(facts, next - 1), zone), 'until the next deadline').toBe(expected)
  })
})

const since: Row[] = [
  ['the end of its grace', { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T08:00Z' }, '2026-03-06T00:00:00.000Z'],
  [
    'the end of its grace as far as the computer was seen',
    { seen: ['2026-03-05T23:10Z 2026-03-05T23:30Z', '2026-03-06T08:00Z 2026-03-06T09:00Z'], now: '2026-03-06T09:01Z' },
    '2026-03-06T08:40:00.000Z',
  ],
  [
    'the end of the time to catch up',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T08:00Z' },
    '2026-03-06T03:15:00.000Z',
  ],
  [
    'the end of the run that went on for longer',
    { runs: ['2026-03-05T22:00Z 210m'], now: '2026-03-06T08:00Z' },
    '2026-03-06T01:30:00.000Z',
  ],
  [
    'the limit of a run that did not end',
    { limit: '4h', runs: ['2026-03-05T22:00Z going'], now: '2026-03-06T08:00Z' },
    '2026-03-06T02:00:00.000Z',
  ],
  [
    'the limit of an older run that did not end',
    { limit: '4h', runs: ['2026-03-05T22:00Z going', '2026-03-05T22:10Z 5m'], now: '2026-03-06T08:00Z' },
    '2026-03-06T02:00:00.000Z',
  ],
  [
    'the limit of a run that ended after it',
    { limit: '4h', runs: ['2026-03-05T22:00Z 6h'], now: '2026-03-06T08:00Z' },
    '2026-03-06T02:00:00.000Z',
  ],
  [
    'the last moment before now, where a run ended by a clock that is ahead',
    { runs: ['2026-03-05T22:00Z 210m'], now: '2026-03-06T01:25Z' },
    '2026-03-06T01:24:59.999Z',
  ],
  [
    'the objective that passed first, where nothing was due',
    { due: 'manual', rpo: '1d', seen: [], from: '2026-03-01T00:00Z', now: '2026-03-09T00:00Z' },
    '2026-03-02T00:00:00.000Z',
  ],
]

test.each(since)('a set without a run is missed since %s', (_about, row, expected) => {
  const { occurrence } = judge(toFacts(row), Date.parse(row.now))
  const at = occurrence?.kind === 'due' ? (occurrence.missedAt ?? occurrence.dueAt) : NaN
  expect(new Date(at).toISOString()).toBe(expected)
})

const deadlines: Row[] = [
  [
    'the end of the grace of the next due time',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T12:00Z' },
    '2026-03-06T00:00:00.001Z',
  ],
  [
    'that of the one after it, where a run came early',
    { runs: ['2026-03-05T22:45Z 9m'], now: '2026-03-05T22:55Z' },
    '2026-03-07T00:00:00.001Z',
  ],
  [
    'that of the next one, where one is missed already',
    { runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-06T00:00:00.001Z' },
    '2026-03-07T00:00:00.001Z',
  ],
  [
    'that of the first one from which on it is expected',
    { from: '2026-03-09T23:00Z', now: '2026-03-05T12:00Z' },
    '2026-03-11T00:00:00.001Z',
  ],
  [
    'the end of the time to catch up',
    { gaps: ['2026-03-05T23:30Z 2026-03-06T03:00Z'], now: '2026-03-06T03:00Z' },
    '2026-03-06T03:15:00.001Z',
  ],
  [
    'the limit of the run that is going',
    { limit: '30m', runs: ['2026-03-05T23:00Z going'], now: '2026-03-05T23:10Z' },
    '2026-03-05T23:30:00.001Z',
  ],
  [
    'the limit of an older run that is going',
    { runs: ['2026-03-05T12:00Z going', '2026-03-05T13:00Z 5m'], now: '2026-03-06T00:01Z' },
    '2026-03-06T12:00:00.001Z',
  ],
  [
    'the end of the objective',
    { due: 'manual', rpo: '1d', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T12:00Z' },
    '2026-03-05T23:00:00.001Z',
  ],
  [
    'the end of the days in which the computer must be seen',
    { seen: ['2026-03-05T08:00Z 2026-03-05T20:00Z'], now: '2026-03-06T08:00Z' },
    '2026-03-12T20:00:00.001Z',
  ],
  [
    'the new end of the grace of what was missed when the schedule changed',
    { grace: '26h', from: '2026-03-06T10:00Z', missedBefore: '2026-03-05T23:00Z', now: '2026-03-06T10:01Z' },
    '2026-03-07T01:00:00.001Z',
  ],
  [
    'nothing, where it runs by hand',
    { due: 'manual', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T12:00Z' },
    'none',
  ],
  [
    'nothing, where it is disabled',
    { isEnabled: false, rpo: '1d', runs: ['2026-03-04T23:00Z 9m'], now: '2026-03-05T12:00Z' },
    'none',
  ],
]

test.each(deadlines)('a set is judged anew after %s', (_about, row, expected) => {
  const next = nextDeadline(toFacts(row), Date.parse(row.now))
  expect(next === undefined ? 'none' : new Date(next).toISOString()).toBe(expected)
})

function nextDeadline({ expectation, runs, surroundings }: Facts, now: Instant): Instant | undefined {
  return deriveNextDeadline(expectation, historyOf(runs), surroundings, now)
}
