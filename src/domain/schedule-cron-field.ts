import { AppError } from './app-error.ts'
import type { WeekdayPattern } from './schedule-pattern.ts'

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The five fields: their values, the names of these from the least on, and a right schedule for messages. */
const cronFields = {
  minute: { least: 0, most: 59, names: [], example: 'cron */15 * * * *' },
  hour: { least: 0, most: 23, names: [], example: 'cron 0 1,13 * * *' },
  'day of the month': { least: 1, most: 31, names: [], example: 'cron 0 23 1,L * *' },
  month: { least: 1, most: 12, names: monthNames, example: 'cron 0 23 1 jan,jul *' },
  'day of the week': { least: 0, most: 7, names: weekdayNames, example: 'cron 0 23 * * mon-fri' },
} as const satisfies Record<string, { least: number; most: number; names: readonly string[]; example: string }>

/** As messages call a field. */
export type CronFieldName = keyof typeof cronFields

/** A field as it is kept, and what it says. */
export type CronField = {
  text: string
  /** All values that it names, ascending; of weekdays 0 to 6, without those that are bound to a week. */
  values: readonly number[]
  /** Whether it begins with `*`, as all that cron asks of a star. */
  hasStar: boolean
  /** Whether it names the last day of the month. */
  hasLast: boolean
  /** What it says when it is the day of the week. */
  weekdays: readonly WeekdayPattern[]
}

/** Reads one field. Throws `invalid`, naming the field and quoting the part that is wrong. */
export function readCronField(name: CronFieldName, text: string): CronField {
  const parts = text
    .toLowerCase()
    .split(',')
    .map(part => readPart(name, part))
  // A star goes first only where it stood first: elsewhere it means less.
  const hasStar = text.startsWith('*')
  const orderOf = (part: Part) => (part.order < 0 && !hasStar ? Infinity : part.order)
  const sorted = parts.toSorted((a, b) => orderOf(a) - orderOf(b) || (a.text < b.text ? -1 : 1))
  const values = new Set(parts.flatMap(part => part.values))
  return {
    text: [...new Set(sorted.map(part => part.text))].join(','),
    values: [...values].toSorted((a, b) => a - b),
    hasStar,
    hasLast: parts.some(part => part.text === 'L'),
    weekdays: [...[...values].map(weekday => ({ weekday, nth: 'every' as const })), ...parts.flatMap(nthOf)],
  }
}

/** One part of a list: as it is kept, where it stands in the list, and its values. */
type Part = { text: string; order: number; values: number[]; nth?: WeekdayPattern }

function nthOf({ nth }: Part): WeekdayPattern[] {
  return nth ? [nth] : []
}

function readPart(name: CronFieldName, part: string): Part {
  if (part === 'l' && name === 'day of the month') return { text: 'L', order: 100, values: [] }
  const [, weekday = '', week = ''] = /^([0-9a-z]{1,3}?)(#\d+|l)$/.exec(part) ?? []
  if (week !== '' && name === 'day of the week') return readNthWeekday(part, weekday, week)
  const match = /^(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:\/(\d+))?$/.exec(part)
  if (!match) throw wrong(name, part, reasonOf(part))
  const [, first = '', last, step] = match
  if (first === '*' && last === undefined) return toStar(name, readStep(name, part, step))
  const start = readValue(name, part, first)
  if (last === undefined) {
    if (step !== undefined) throw wrong(name, part, 'has a step without a range')
    return toRange(name, { start, stop: start, step: 1 })
  }
  const stop = readValue(name, part, last)
  // Where a week ends with Sunday, Sunday is 7.
  const end = name === 'day of the week' && stop === 0 && start > 0 ? 7 : stop
  if (end < start) throw wrong(name, part, 'runs backwards')
  return toRange(name, { start, stop: end, step: readStep(name, part, step) })
}

function readNthWeekday(part: string, weekday: string, week: string): Part {
  const name = 'day of the week'
  const value = readValue(name, part, weekday) % 7
  const nth = week === 'l' ? 'last' : Number(week.slice(1))
  if (nth !== 'last' && (nth < 1 || nth > 5))
    throw wrong(name, part, 'names a week that no month has: there are #1 to #5, and L')
  return { text: `${value}${week.toUpperCase()}`, order: value + 0.5, values: [], nth: { weekday: value, nth } }
}

function toStar(name: CronFieldName, step: number): Part {
  const { least, most } = cronFields[name]
  const { values } = toRange(name, { start: least, stop: name === 'day of the week' ? 6 : most, step })
  return { text: step === 1 ? '*' : `*/${step}`, order: -1, values }
}

function toRange(name: CronFieldName, { start, stop, step }: { start: number; stop: number; step: number }): Part {
  const isWeekday = name === 'day of the week'
  const numbers = Array.from({ length: Math.floor((stop - start) / step) + 1 }, (_, index) => start + index * step)
  const values = isWeekday ? numbers.map(number => number % 7) : numbers
  if (start === stop) return { text: String(values[0]), order: values[0] ?? 0, values }
  return { text: `${start}-${stop}${step === 1 ? '' : `/${step}`}`, order: start, values }
}

function readStep(name: CronFieldName, part: string, step = '1'): number {
  const { least, most } = cronFields[name]
  const size = most - least + 1
  const value = Number(step)
  if (value >= 1 && value <= size) return value
  throw wrong(name, part, `has a step that is not between 1 and ${size}`)
}

function readValue(name: CronFieldName, part: string, text: string): number {
  const { least, most, names } = cronFields[name]
  const named = (names as readonly string[]).indexOf(text)
  if (named >= 0) return least + named
  const value = Number(text)
  if (/^\d{1,4}$/.test(text) && value >= least && value <= most) return value
  throw wrong(
    name,
    part,
    `is not between ${least} and ${most}${names.length > 0 ? ` or a name such as ${names[1]}` : ''}`,
  )
}

function reasonOf(part: string): string {
  if (part === '') return 'is empty'
  if (part === '?') return 'is not known to cron, which has * for any value'
  if (part.includes('~')) return 'is drawn by chance on each computer, so that nobody can tell when it is due'
  return 'cannot be read'
}

function wrong(name: CronFieldName, part: string, reason: string): AppError {
  const quoted = JSON.stringify(part.slice(0, 40))
  return new AppError('invalid', `The ${name} ${quoted} ${reason}; write for example: ${cronFields[name].example}.`)
}
