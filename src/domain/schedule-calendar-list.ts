import { AppError } from './app-error.ts'
import { firstYear, type Progression } from './schedule-pattern.ts'

const usPerSecond = 1_000_000

/** The components of a calendar event and the limits that systemd sets them; seconds are counted in microseconds. */
const calendarFields = {
  year: { least: firstYear, most: 2199, width: 4, unit: 1, example: 'calendar 2026..2028-*-* 23:00' },
  month: { least: 1, most: 12, width: 2, unit: 1, example: 'calendar *-01,07-01 23:00' },
  day: { least: 1, most: 31, width: 2, unit: 1, example: 'calendar *-*-1,15 23:00' },
  // So that every month has such a day.
  'day from the end': { least: 1, most: 28, width: 2, unit: 1, example: 'calendar *-*~01 23:00' },
  hour: { least: 0, most: 23, width: 2, unit: 1, example: 'calendar 1,13:00' },
  minute: { least: 0, most: 59, width: 2, unit: 1, example: 'calendar *:00/15' },
  second: { least: 0, most: 60 * usPerSecond - 1, width: 2, unit: usPerSecond, example: 'calendar 23:00:30' },
} as const

/** As messages call a component. */
export type CalendarFieldName = keyof typeof calendarFields

/** One component of a calendar event: undefined `parts` for `*`. */
export type CalendarList = { name: CalendarFieldName; parts: readonly CalendarPart[] | undefined }

/** A value, which has neither `stop` nor `repeat`, or what starts there and repeats up to `stop`, else to the end. */
type CalendarPart = { start: number; stop: number | undefined; repeat: number | undefined }

/** Reads one component: `*` or a list of values, ranges `..` and repetitions `/`. Throws `invalid`, quoting the part. */
export function readCalendarList(name: CalendarFieldName, text: string): CalendarList {
  if (text === '*') {
    // Every second, not every microsecond.
    return { name, parts: name === 'second' ? [{ start: 0, stop: undefined, repeat: usPerSecond }] : undefined }
  }
  const parts = text.split(',').map(part => readPart(name, part))
  return { name, parts: unique(parts.toSorted(compare)) }
}

/** As systemd writes it. */
export function formatCalendarList({ name, parts }: CalendarList): string {
  const [first, second] = parts ?? []
  if (!first) return '*'
  const isEverySecond =
    name === 'second' && first.start === 0 && first.repeat === usPerSecond && first.stop === undefined
  if (isEverySecond && !second) return '*'
  return (parts ?? []).map(part => formatPart(name, part)).join(',')
}

/** The values that a component names, ascending. */
export function toNumbers({ name, parts }: CalendarList): number[] {
  const { least, most } = calendarFields[name]
  const all = [{ start: least, stop: undefined, repeat: 1 }]
  return ascending((parts ?? all).flatMap(part => valuesOf(toProgression(name, part, most))))
}

/** The days that a component names, counted from the end of the month, ascending. */
export function toNumbersFromEnd({ parts }: CalendarList): number[] {
  // It begins with the day that is the furthest from the end, and repeats towards the end.
  const days = (parts ?? []).flatMap(({ start, stop, repeat }) => {
    const [first, last] = stop === undefined ? [start, repeat === undefined ? start : 1] : [stop, start]
    return valuesOf({ start: -first, stop: -last, step: repeat ?? 1 }).map(day => -day)
  })
  return ascending(days)
}

/** The seconds that a component names, as microseconds of a minute. */
export function toMicroseconds({ name, parts }: CalendarList): Progression[] {
  return (parts ?? []).map(part => toProgression(name, part, calendarFields[name].most))
}

function toProgression(name: CalendarFieldName, { start, stop, repeat }: CalendarPart, most: number): Progression {
  return { start, stop: stop ?? (repeat === undefined ? start : most), step: repeat ?? calendarFields[name].unit }
}

function valuesOf({ start, stop, step }: Progression): number[] {
  return Array.from({ length: Math.floor((stop - start) / step) + 1 }, (_, index) => start + index * step)
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b)
}

function readPart(name: CalendarFieldName, text: string): CalendarPart {
  const number = name === 'second' ? String.raw`\d{1,9}(?:\.\d{1,20})?` : String.raw`\d{1,9}`
  const match = new RegExp(String.raw`^(${number})(?:\.\.(${number}))?(?:/(${number}))?$`).exec(text)
  if (!match) throw wrong(name, text, text.startsWith('*') ? 'adds to "*", which stands alone' : 'cannot be read')
  const [, first = '', last, every] = match
  const { unit } = calendarFields[name]
  const start = readValue(name, text, first)
  const stop = last === undefined ? undefined : toValue(name, last)
  const repeat = every === undefined ? undefined : toUnits(every, unit)
  if (repeat === 0) throw wrong(name, text, 'repeats after nothing')
  if (stop === undefined) return checkRepeat(name, text, { start, stop, repeat })
  if (stop < start) throw wrong(name, text, 'runs backwards')
  // A second and less is no range of whole seconds.
  if (repeat === undefined && unit > 1 && stop < start + unit)
    throw wrong(name, text, 'is a range of less than a second')
  const step = repeat ?? unit
  const end = stop - ((stop - start) % step)
  checkValue(name, text, end)
  return end === start ? { start, stop: undefined, repeat: undefined } : { start, stop: end, repeat: step }
}

function checkRepeat(name: CalendarFieldName, text: string, part: CalendarPart): CalendarPart {
  const { least, most } = calendarFields[name]
  const { start, repeat = 0 } = part
  const reaches = name === 'day from the end' ? start - repeat >= least : start + repeat <= most
  if (reaches) return part
  throw wrong(name, text, 'has no room to repeat')
}

function readValue(name: CalendarFieldName, part: string, text: string): number {
  const value = toValue(name, text)
  checkValue(name, part, value)
  return value
}

function checkValue(name: CalendarFieldName, part: string, value: number): void {
  const { least, most, unit } = calendarFields[name]
  if (value >= least && value <= most) return
  throw wrong(name, part, `is not between ${least} and ${Math.floor(most / unit)}`)
}

function toValue(name: CalendarFieldName, text: string): number {
  return name === 'year' ? toFullYear(Number(text)) : toUnits(text, calendarFields[name].unit)
}

/** 12 is 2012, 89 is 1989. */
function toFullYear(year: number): number {
  if (year >= 100) return year
  return year < 70 ? year + 2_000 : year + 1_900
}

/** Fractions are rounded to six digits by the seventh. */
function toUnits(text: string, unit: number): number {
  const [whole = '', fraction = ''] = text.split('.')
  const digits = fraction.padEnd(7, '0')
  return Number(whole) * unit + Number(digits.slice(0, 6)) + (digits.charAt(6) >= '5' ? 1 : 0)
}

function formatPart(name: CalendarFieldName, { start, stop, repeat }: CalendarPart): string {
  const { unit, width } = calendarFields[name]
  const range = stop === undefined ? '' : `..${formatValue(stop, unit, width)}`
  const isImplied = repeat === undefined || (stop !== undefined && repeat === unit)
  return formatValue(start, unit, width) + range + (isImplied ? '' : `/${formatValue(repeat, unit, 1)}`)
}

function formatValue(value: number, unit: number, width: number): string {
  const whole = String(Math.floor(value / unit)).padStart(width, '0')
  return value % unit === 0 ? whole : `${whole}.${String(value % unit).padStart(6, '0')}`
}

function compare(a: CalendarPart, b: CalendarPart): number {
  return a.start - b.start || (a.stop ?? -1) - (b.stop ?? -1) || (a.repeat ?? 0) - (b.repeat ?? 0)
}

function unique(parts: readonly CalendarPart[]): CalendarPart[] {
  return parts.filter((part, index) => {
    const previous = parts[index - 1]
    return !previous || compare(previous, part) !== 0
  })
}

function wrong(name: CalendarFieldName, part: string, reason: string): AppError {
  const quoted = JSON.stringify(part.slice(0, 40))
  return new AppError(
    'invalid',
    `The ${name} ${quoted} of a calendar event ${reason}; write for example: ${calendarFields[name].example}.`,
  )
}
