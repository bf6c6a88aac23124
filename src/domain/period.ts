import { AppError } from './app-error.ts'
import type { Instant } from './instant.ts'
import { isDay, parseBeginning } from './local-time.ts'
import type { TimeZone } from './time-zone.ts'

/** How long a period is: a day, a week from Monday on (ISO 8601), a month of the calendar, or so many days. */
export type Resolution = { kind: 'day' | 'week' | 'month' } | { kind: 'custom'; days: number }

/** A period on some clock: its first moment, and that of the next one. */
export type Period = { startsAt: Instant; endsAt: Instant }

/** The days that periods are wanted of, as they were written; what is left out follows from the rest. */
export type DayRange = { start: string | undefined; end: string | undefined }

/** The most days that one range may have: ten years. */
export const mostDays = 3_660

/**
 * The periods that have a day of a range, oldest first, as far as they have begun at `now`, on the clock of `zone`. Without
 * an end the range ends today; without a start it begins so that there are `usual` periods. Those of so many days are
 * counted from the start. Throws `invalid` for what is not a day, for an end before the start, and for a range of more
 * than `mostDays` days.
 */
export function derivePeriods(
  { start, end }: DayRange,
  { resolution, usual, zone, now }: { resolution: Resolution; usual: number; zone: TimeZone; now: Instant },
): Period[] {
  const today = dayAt(now, zone)
  const last = end === undefined ? today : parseDay(end, zone, 'end_date')
  const first = start === undefined ? usualStart(last, resolution, usual) : parseDay(start, zone, 'start_date')
  checkRange(first, last)
  const until = earlier(last, today)
  const periods: Period[] = []
  let day = beginningOf(first, resolution)
  while (Temporal.PlainDate.compare(day, until) <= 0) {
    const next = day.add(durationOf(resolution))
    periods.push({ startsAt: startOfDay(day, zone), endsAt: startOfDay(next, zone) })
    day = next
  }
  return periods
}

/** Reads a day, or the day of a date and time on the clock of `zone`. */
function parseDay(text: string, zone: TimeZone, member: string): Temporal.PlainDate {
  const at = parseBeginning(text, zone, member)
  return isDay(text) ? Temporal.PlainDate.from(text) : dayAt(at, zone)
}

function checkRange(first: Temporal.PlainDate, last: Temporal.PlainDate): void {
  const days = first.until(last).days + 1
  if (days < 1)
    throw new AppError('invalid', `end_date (${last.toString()}) must not be before start_date (${first.toString()}).`)
  if (days <= mostDays) return
  throw new AppError(
    'invalid',
    `From start_date to end_date there may be ${mostDays} days, not ${days}; ask for a part at a time.`,
  )
}

/** So many periods, the last of which has the last day. */
function usualStart(last: Temporal.PlainDate, resolution: Resolution, usual: number): Temporal.PlainDate {
  const start =
    resolution.kind === 'custom'
      ? last.subtract({ days: resolution.days * usual - 1 })
      : beginningOf(last, resolution).subtract(timesOf(resolution, usual - 1))
  const oldest = Temporal.PlainDate.from('1970-01-01')
  return Temporal.PlainDate.compare(start, oldest) < 0 ? oldest : start
}

/** The first day of the period that a day is in. */
function beginningOf(day: Temporal.PlainDate, { kind }: Resolution): Temporal.PlainDate {
  if (kind === 'week') return day.subtract({ days: day.dayOfWeek - 1 })
  return kind === 'month' ? day.with({ day: 1 }) : day
}

function durationOf(resolution: Resolution): Temporal.DurationLike {
  return timesOf(resolution, 1)
}

function timesOf(resolution: Resolution, times: number): Temporal.DurationLike {
  if (resolution.kind === 'custom') return { days: resolution.days * times }
  return { [`${resolution.kind}s`]: times }
}

function dayAt(at: Instant, zone: TimeZone): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
}

function startOfDay(day: Temporal.PlainDate, zone: TimeZone): Instant {
  return day.toZonedDateTime(zone).epochMilliseconds
}

function earlier(one: Temporal.PlainDate, other: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(one, other) < 0 ? one : other
}
