import { days, hours, minutes } from './instant.ts'
import type { WallTime } from './schedule-spans.ts'

/** Which wall times a `cron` or `calendar` schedule names: those that all members agree on. Lists are ascending. */
export type WallPattern = {
  /** `undefined` for every year. */
  years: readonly number[] | undefined
  /** 1 to 12. */
  months: readonly number[]
  days: DayPattern
  hours: readonly number[]
  minutes: readonly number[]
  seconds: readonly Progression[]
}

/** `start`, `start + step`, … up to `stop`: microseconds of a minute. A single value has itself as `stop`. */
export type Progression = { start: number; stop: number; step: number }

/** Which days of a month: of the date and of the weekday both must fit, or either. */
export type DayPattern = {
  /** Days of the month, 1 to 31; `undefined` when any date fits. */
  dates: readonly number[] | undefined
  /** Days counted from the end of the month, 1 for the last: they fit in addition to `dates`. */
  datesFromEnd: readonly number[]
  /** `undefined` when any weekday fits. */
  weekdays: readonly WeekdayPattern[] | undefined
  join: 'and' | 'or'
}

/** A weekday, 0 for Sunday to 6: every one of a month, the first to fifth, or the last. */
export type WeekdayPattern = { weekday: number; nth: 'every' | 'last' | number }

/** The years in which wall times are looked for: those of an `Instant`. */
export const firstYear = 1970
const lastYear = 9999

/** The first wall time of `pattern` that is not before `from`; undefined when none comes until the year 9999. */
export function findFirstWallTime(pattern: WallPattern, from: WallTime): WallTime | undefined {
  return findNearest(pattern, Math.max(from, 0), 1)
}

/** The last wall time of `pattern` that is not after `from`; undefined when there is none since the year 1970. */
export function findLastWallTime(pattern: WallPattern, from: WallTime): WallTime | undefined {
  return findNearest(pattern, from, -1)
}

/** Forwards or backwards. */
type Step = 1 | -1

const dayMs = days(1)

function findNearest(pattern: WallPattern, from: WallTime, step: Step): WallTime | undefined {
  const day = Math.floor(from / dayMs)
  const sameDay = isDue(pattern, day) ? findTime(pattern, from - day * dayMs, step) : undefined
  if (sameDay !== undefined) return day * dayMs + sameDay
  const otherDay = findDay(pattern, day + step, step)
  const time = findTime(pattern, step === 1 ? 0 : dayMs - 1, step)
  return otherDay === undefined || time === undefined ? undefined : otherDay * dayMs + time
}

/** Days are counted from 1970-01-01, which is 0. */
function isDue(pattern: WallPattern, day: number): boolean {
  const date = new Date(day * dayMs)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  if (!hasMonth(pattern, year, month)) return false
  return fits(pattern.days, date.getUTCDate(), lengthOfMonth(year, month), weekdayOf(day))
}

function findDay(pattern: WallPattern, from: number, step: Step): number | undefined {
  const date = new Date(from * dayMs)
  let [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  const { least, most } = yearsOf(pattern)
  while (step === 1 ? year <= most : year >= least) {
    if (hasMonth(pattern, year, month)) {
      const found = findDayOfMonth(pattern.days, { year, month, from: dayOfMonth }, step)
      if (found !== undefined) return found
    }
    month += step
    if (month < 1 || month > 12) [year, month] = [findYear(pattern, year, step), step === 1 ? 1 : 12]
    dayOfMonth = step === 1 ? 1 : 31
  }
  return undefined
}

function findDayOfMonth(
  pattern: DayPattern,
  { year, month, from }: { year: number; month: number; from: number },
  step: Step,
): number | undefined {
  const length = lengthOfMonth(year, month)
  const beforeFirst = Date.UTC(year, month - 1) / dayMs - 1
  for (let date = Math.min(from, length); date >= 1 && date <= length; date += step) {
    if (fits(pattern, date, length, weekdayOf(beforeFirst + date))) return beforeFirst + date
  }
  return undefined
}

function fits(pattern: DayPattern, date: number, length: number, weekday: number): boolean {
  const { dates, datesFromEnd, weekdays, join } = pattern
  const fitsDate = !dates || dates.includes(date) || datesFromEnd.includes(length + 1 - date)
  if (fitsDate !== (join === 'and')) return fitsDate
  return !weekdays || weekdays.some(one => one.weekday === weekday && isNth(one.nth, date, length))
}

function isNth(nth: WeekdayPattern['nth'], date: number, length: number): boolean {
  if (nth === 'every') return true
  return nth === 'last' ? date > length - 7 : Math.ceil(date / 7) === nth
}

function hasMonth({ years, months }: WallPattern, year: number, month: number): boolean {
  return months.includes(month) && (!years || years.includes(year))
}

/** The year after or before `year`; with a list of years the next that is on it. */
function findYear({ years }: WallPattern, year: number, step: Step): number {
  return (years && findBeyond(years, year, step)) ?? year + step
}

function yearsOf({ years }: WallPattern): { least: number; most: number } {
  return { least: years?.[0] ?? firstYear, most: years?.at(-1) ?? lastYear }
}

function lengthOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

function weekdayOf(day: number): number {
  const thursday = 4
  return (((day + thursday) % 7) + 7) % 7
}

/** The nearest time of day, in milliseconds since midnight, from `from` on or back. */
function findTime({ hours: ofDay, minutes: ofHour, seconds }: WallPattern, from: number, step: Step) {
  const hour = Math.floor(from / hours(1))
  const minute = Math.floor((from % hours(1)) / minutes(1))
  const edge = findSecond(seconds, step === 1 ? 0 : minutes(1) - 1, step) ?? 0
  if (ofDay.includes(hour)) {
    const second = ofHour.includes(minute) ? findSecond(seconds, from % minutes(1), step) : undefined
    if (second !== undefined) return hours(hour) + minutes(minute) + second
    const otherMinute = findBeyond(ofHour, minute, step)
    if (otherMinute !== undefined) return hours(hour) + minutes(otherMinute) + edge
  }
  const otherHour = findBeyond(ofDay, hour, step)
  if (otherHour === undefined) return undefined
  return hours(otherHour) + minutes(ofHour.at(step === 1 ? 0 : -1) ?? 0) + edge
}

function findBeyond(values: readonly number[], value: number, step: Step): number | undefined {
  return step === 1 ? values.find(one => one > value) : values.findLast(one => one < value)
}

/** In milliseconds: the fractions below one are cut off. */
function findSecond(seconds: readonly Progression[], from: number, step: Step): number | undefined {
  let nearest: number | undefined
  for (const progression of seconds) {
    const found = step === 1 ? firstOf(progression, from * 1_000) : lastOf(progression, from * 1_000 + 999)
    if (found !== undefined && (nearest === undefined || (found - nearest) * step < 0)) nearest = found
  }
  return nearest === undefined ? undefined : Math.floor(nearest / 1_000)
}

function firstOf({ start, stop, step }: Progression, from: number): number | undefined {
  const value = from <= start ? start : start + Math.ceil((from - start) / step) * step
  return value <= stop ? value : undefined
}

function lastOf({ start, stop, step }: Progression, from: number): number | undefined {
  if (from < start) return undefined
  return start + Math.floor((Math.min(from, stop) - start) / step) * step
}
