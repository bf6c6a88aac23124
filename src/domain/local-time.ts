import { AppError } from './app-error.ts'
import { type Instant, lastInstant, minutes } from './instant.ts'
import { offsetMinutesAt, type TimeZone } from './time-zone.ts'

/** An instant as a computer's own clock showed it: with its offset from UTC, in minutes, east positive. */
export type LocalTime = { at: Instant; offsetMinutes: number }

/** The time that a clock in `zone` shows at `instant`. */
export function toLocalTime(instant: Instant, zone: TimeZone): LocalTime {
  return { at: instant, offsetMinutes: offsetMinutesAt(instant, zone) }
}

/** ISO 8601 with seconds and a numeric offset, never `Z`, no fraction: `2026-03-05T01:00:00-05:00`. */
export function formatLocalTime({ at, offsetMinutes }: LocalTime): string {
  const wallSecond = Math.floor((at + minutes(offsetMinutes)) / 1_000)
  const day = Math.floor(wallSecond / secondsOfDay)
  return dateText(day) + timeText(wallSecond - day * secondsOfDay) + offsetText(offsetMinutes)
}

/** The same of an instant that is on nobody's clock: `2026-03-05T06:00:00+00:00`. */
export function formatUtc(at: Instant): string {
  return formatLocalTime({ at, offsetMinutes: 0 })
}

const secondsOfDay = 86_400
const mostRemembered = 10_000
const dateTexts = new Map<number, string>()

/** `2026-03-05T` of the day that is so many days after 1970-01-01. Rows of a report share few days. */
function dateText(day: number): string {
  const known = dateTexts.get(day)
  if (known !== undefined) return known
  if (dateTexts.size >= mostRemembered) dateTexts.clear()
  const text = new Date(day * secondsOfDay * 1_000).toISOString().slice(0, 11)
  dateTexts.set(day, text)
  return text
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

function timeText(secondOfDay: number): string {
  const minute = Math.floor(secondOfDay / 60)
  const [hours, minutesPast] = [Math.floor(minute / 60), minute % 60]
  return `${twoDigits[hours]}:${twoDigits[minutesPast]}:${twoDigits[secondOfDay % 60]}`
}

const offsetTexts = new Map<number, string>()

function offsetText(offsetMinutes: number): string {
  const known = offsetTexts.get(offsetMinutes)
  if (known !== undefined) return known
  const size = Math.abs(offsetMinutes)
  const text =
    (offsetMinutes < 0 ? '-' : '+') +
    String(Math.floor(size / 60)).padStart(2, '0') +
    ':' +
    String(size % 60).padStart(2, '0')
  offsetTexts.set(offsetMinutes, text)
  return text
}

const iso8601 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?$/

/**
 * Reads an ISO 8601 date and time. A numeric offset is kept; with `Z` or without an offset the time is shown on a
 * clock in `zone`, where a wall time that a clock change skips or repeats is read as RFC 5545 (3.3.5) says.
 * Throws `invalid`, naming `member`, for anything else and for years outside 1970 to 9999.
 */
export function parseLocalTime(text: string, zone: TimeZone, member: string): LocalTime {
  const match = iso8601.exec(text)
  const wall = match ? wallInstant(match) : undefined
  if (!match || wall === undefined) throw notADate(text, member)
  const time = localTimeOf(match, wall, zone)
  if (!time || time.at < 0 || time.at > lastInstant) throw notADate(text, member)
  return time
}

/**
 * Reads what a list is to begin with: a date and time, or a day, which stands for its first moment on a clock in `zone`. A
 * plus sign before an offset may have become a space, as it does in a query. Throws `invalid`, naming `member`.
 */
export function parseBeginning(text: string, zone: TimeZone, member: string): Instant {
  const offsetRestored = text.replace(/(?<=[Tt ].*) (?=\d{2}:?\d{2}$)/, '+')
  try {
    // East of UTC the first moment of 1970-01-01 is before 1970, and yet a day like others.
    if (isDay(text)) return instantOfWallTime(parseLocalTime(`${text}T00:00Z`, 'UTC', member).at, zone)
    return parseLocalTime(offsetRestored, zone, member).at
  } catch (error) {
    const those = 'a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00'
    const message = `${member} must be ${those}, not ${JSON.stringify(text.slice(0, 40))}.`
    throw new AppError('invalid', message, { cause: error })
  }
}

/** Whether a text looks like a day, `2026-03-05`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}

function localTimeOf(match: RegExpExecArray, wall: Instant, zone: TimeZone): LocalTime | undefined {
  const [, , , , , , , , zulu, sign, hours, minutesPast] = match
  if (zulu) return toLocalTime(wall, zone)
  if (!sign) {
    const at = instantOfWallTime(wall, zone)
    return toLocalTime(at, zone)
  }
  const size = Number(hours) * 60 + Number(minutesPast)
  if (size > 18 * 60 || Number(minutesPast) > 59) return undefined
  const offsetMinutes = sign === '-' ? -size : size
  return { at: wall - minutes(offsetMinutes), offsetMinutes }
}

function wallInstant(match: RegExpExecArray): Instant | undefined {
  const [, year, month, day, hour, minute, second = '0', fraction = ''] = match
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  // 60 is a leap second: the second that POSIX clocks show twice.
  const [y, mo, d, h, mi, s] = parts
  // Before 1970 nothing was reported, and of years before 100 Date.UTC makes others.
  if (y < 1970 || mo < 1 || mo > 12 || h > 23 || mi > 59 || s > 60) return undefined
  const midnight = Date.UTC(y, mo - 1, d)
  if (new Date(midnight).getUTCDate() !== d) return undefined
  return midnight + ((h * 60 + mi) * 60 + Math.min(s, 59)) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

function instantOfWallTime(wall: Instant, zone: TimeZone): Instant {
  const plain = Temporal.PlainDateTime.from(new Date(wall).toISOString().slice(0, -1))
  return plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

function notADate(text: string, member: string): AppError {
  return new AppError(
    'invalid',
    `${member} must be a date such as 2026-03-05T01:00:00-05:00, not ${JSON.stringify(text.slice(0, 40))}.`,
  )
}
