import { AppError, isAppError } from './app-error.ts'
import {
  type CalendarList,
  formatCalendarList,
  readCalendarList,
  toMicroseconds,
  toNumbers,
  toNumbersFromEnd,
} from './schedule-calendar-list.ts'
import { formatCalendarWeekdays, readCalendarWeekdays } from './schedule-calendar-weekdays.ts'
import type { WallPattern } from './schedule-pattern.ts'
import { buildZoneSpans } from './schedule-spans.ts'
import { parseTimeZone, type TimeZone } from './time-zone.ts'

/** What the words behind `calendar` say, as systemd normalizes them; `zone` only where they end with one. */
export type Calendar = { text: string; pattern: WallPattern; zone: TimeZone | undefined }

/** The words for common events, in every spelling that systemd reads. */
const shorthands = new Map([
  ['minutely', '*-*-* *:*:00'],
  ['hourly', '*-*-* *:00:00'],
  ['daily', '*-*-* 00:00:00'],
  ['weekly', 'Mon *-*-* 00:00:00'],
  ['monthly', '*-*-01 00:00:00'],
  ['quarterly', '*-01,04,07,10-01 00:00:00'],
  ['semiannually', '*-01,07-01 00:00:00'],
  ['semi-annually', '*-01,07-01 00:00:00'],
  ['biannually', '*-01,07-01 00:00:00'],
  ['bi-annually', '*-01,07-01 00:00:00'],
  ['yearly', '*-01-01 00:00:00'],
  ['annually', '*-01-01 00:00:00'],
  ['anually', '*-01-01 00:00:00'],
])

/** Reads a calendar event of systemd.time(7), such as `Mon..Fri *-*-* 23:00 Europe/Berlin`. Throws `invalid`. */
export function parseCalendar(words: readonly string[]): Calendar {
  const zone = words.length > 1 ? readZone(words.at(-1) ?? '') : undefined
  const event = zone === undefined ? words : words.slice(0, -1)
  const [first = ''] = event
  if (first.startsWith('@')) return readTimestamp(event)
  const shorthand = shorthands.get(first.toLowerCase())
  if (!shorthand) return readEvent(event, zone)
  if (event[1] !== undefined) throw notAnEvent(event[1])
  return readEvent(shorthand.split(' '), zone)
}

function readEvent(words: readonly string[], zone: TimeZone | undefined): Calendar {
  const rest = [...words]
  const weekdays = /^[a-z]/i.test(rest[0] ?? '') ? readCalendarWeekdays(rest.shift() ?? '') : []
  const date = rest[0]?.includes(':') ? undefined : rest.shift()
  const time = rest.shift()
  if (words.length === 0 || rest[0] !== undefined) throw notAnEvent(rest[0] ?? '')
  const { year, month, day, isFromEnd } = readDate(date ?? '*-*-*')
  const { hour, minute, second } = readTime(time ?? '00:00')
  const dateText = `${formatCalendarList(year)}-${formatCalendarList(month)}${isFromEnd ? '~' : '-'}${formatCalendarList(day)}`
  const timeText = [hour, minute, second].map(formatCalendarList).join(':')
  const parts = [formatCalendarWeekdays(weekdays), dateText, timeText, zone ?? '']
  return {
    text: parts.filter(part => part !== '').join(' '),
    pattern: {
      years: year.parts ? toNumbers(year) : undefined,
      months: toNumbers(month),
      days: {
        dates: isFromEnd ? [] : day.parts && toNumbers(day),
        datesFromEnd: isFromEnd ? toNumbersFromEnd(day) : [],
        weekdays: weekdays.length === 0 ? undefined : weekdays.map(weekday => ({ weekday, nth: 'every' })),
        join: 'and',
      },
      hours: toNumbers(hour),
      minutes: toNumbers(minute),
      seconds: toMicroseconds(second),
    },
    zone,
  }
}

type CalendarDate = { year: CalendarList; month: CalendarList; day: CalendarList; isFromEnd: boolean }

function readDate(text: string): CalendarDate {
  // Only before the day may `~` stand, which then counts from the end of the month.
  const [, year = '*', month, mark, day] = /^(?:([^-~]*)-)?([^-~]*)([-~])([^-~]*)$/.exec(text) ?? []
  if (month === undefined || day === undefined) throw notAnEvent(text)
  const isFromEnd = mark === '~' && day !== '*'
  return {
    year: readCalendarList('year', year),
    month: readCalendarList('month', month),
    day: readCalendarList(isFromEnd ? 'day from the end' : 'day', day),
    isFromEnd,
  }
}

function readTime(text: string): Record<'hour' | 'minute' | 'second', CalendarList> {
  const [hour = '', minute, second = '0', more] = text.split(':')
  if (minute === undefined || more !== undefined) throw notAnEvent(text)
  return {
    hour: readCalendarList('hour', hour),
    minute: readCalendarList('minute', minute),
    second: readCalendarList('second', second),
  }
}

/** `@` and the seconds since 1970 in UTC. */
function readTimestamp(words: readonly string[]): Calendar {
  const [first = '', second] = words
  const instant = new Date(Number(first.slice(1)) * 1_000)
  if (!/^@\d{1,12}$/.test(first) || second !== undefined || instant.getUTCFullYear() > 2199)
    throw notAnEvent(words.join(' '))
  return readEvent(instant.toISOString().slice(0, 19).split('T'), 'UTC')
}

function readZone(word: string): TimeZone | undefined {
  if (word.toUpperCase() === 'UTC') return 'UTC'
  if (!/^[a-z]/i.test(word)) return undefined
  try {
    const zone = parseTimeZone(word)
    buildZoneSpans(zone)
    return zone
  } catch (error) {
    if (isAppError(error, 'invalid')) return undefined
    throw error
  }
}

function notAnEvent(text: string): AppError {
  const quoted = JSON.stringify(text.slice(0, 60))
  if (/^[a-z]/i.test(text)) {
    const message = `${quoted} is not an IANA time zone; write for example: calendar Mon..Fri 23:00 Europe/Berlin.`
    return new AppError('invalid', message)
  }
  const reason = text === '' ? 'A calendar event says when' : `${quoted} is not a part of a calendar event`
  return new AppError(
    'invalid',
    `${reason}: weekdays, a date, a time and a time zone, in this order, each of which may be left out; write for example: calendar Mon..Fri *-*-* 23:00 Europe/Berlin.`,
  )
}
