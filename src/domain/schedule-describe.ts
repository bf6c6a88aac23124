import { days, hours, minutes } from './instant.ts'
import type { DayPattern, WallPattern, WeekdayPattern } from './schedule-pattern.ts'
import type { Schedule } from './schedule.ts'
import type { TimeZone } from './time-zone.ts'

/**
 * A schedule in words, to follow "Due": `at 23:00 on weekdays, America/New_York`. What has no short description is
 * named by its own text. `zone` is the one that a clock schedule without a zone of its own is read in.
 */
export function describeSchedule(schedule: Schedule, zone: TimeZone): string {
  if (schedule.kind === 'manual') return 'only when somebody starts it'
  if (schedule.kind === 'every') return `${describeInterval(schedule.intervalMs)} after the last start`
  return `${describePattern(schedule.pattern) ?? describeText(schedule)}, ${schedule.zone ?? zone}`
}

const mostListed = 4
const everyHour = 24

function describeText({ text, zone = '' }: Extract<Schedule, { zone: unknown }>): string {
  return `at the times of ${text.slice(0, text.length - zone.length).trimEnd()}`
}

function describeInterval(intervalMs: number): string {
  const units = [
    ['day', days(1)],
    ['hour', hours(1)],
    ['minute', minutes(1)],
  ] as const
  const [unit, unitMs] = units.find(([, unitMs]) => intervalMs % unitMs === 0) ?? ['minute', minutes(1)]
  return counted(intervalMs / unitMs, unit)
}

function describePattern(pattern: WallPattern): string | undefined {
  const time = describeTime(pattern)
  const day = describeDays(pattern)
  if (time === undefined || day === undefined) return undefined
  return day === 'every day' && time.startsWith('every') ? time : `${time} ${day}`
}

function describeTime({ hours, minutes, seconds }: WallPattern): string | undefined {
  const [second, another] = seconds
  if (!second || another || second.start !== 0 || second.stop !== 0) return undefined
  const times = hours.flatMap(hour => minutes.map(minute => clock(hour, minute)))
  if (times.length <= mostListed) return `at ${listed(times)}`
  const gap = gapOf(hours)
  const rate = gap === undefined ? undefined : describeRate(gap, minutes)
  if (rate === undefined) return undefined
  const isWholeDay = gap !== undefined && hours[0] === 0 && hours.length * gap === everyHour
  if (isWholeDay && (gap === 1 || minutes[0] === 0)) return rate
  return `${rate} from ${times[0]} ${isWholeDay ? 'on' : `to ${times.at(-1)}`}`
}

/** How often in hours that are `gap` apart. */
function describeRate(gap: number, minutes: readonly number[]): string | undefined {
  const [first = 0] = minutes
  if (minutes.length === 1) {
    const rate = gap === 1 ? 'every hour' : `every ${gap} hours`
    return gap === 1 && first > 0 ? `every hour at ${counted(first, 'minute')} past` : rate
  }
  const minuteGap = gapOf(minutes)
  if (gap !== 1 || first !== 0 || minuteGap === undefined || minutes.length * minuteGap !== 60) return undefined
  return minuteGap === 1 ? 'every minute' : `every ${minuteGap} minutes`
}

/** What lies between each value and the next, when it is always the same. */
function gapOf(values: readonly number[]): number | undefined {
  const [first = 0, second = first + 1] = values
  return values.every((value, index) => value === first + index * (second - first)) ? second - first : undefined
}

function describeDays({ years, months, days }: WallPattern): string | undefined {
  const { dates, datesFromEnd, weekdays } = days
  if (years || (dates && weekdays)) return undefined
  const isEveryMonth = months.length === monthNames.length
  const inMonths = listed(months.map(month => monthNames[month - 1] ?? ''))
  const ofMonth = isEveryMonth ? 'of the month' : `of ${inMonths}`
  if (dates) return describeDates(dates, datesFromEnd, ofMonth)
  const some = weekdays?.filter(({ nth }) => nth !== 'every') ?? []
  if (weekdays && some.length > 0) {
    return some.length === weekdays.length ? `on the ${listed(some.map(describeNth))} ${ofMonth}` : undefined
  }
  const everyWeek = weekdays ? describeWeekdays(weekdays) : 'every day'
  return isEveryMonth ? everyWeek : `${everyWeek} in ${inMonths}`
}

function describeDates(
  dates: DayPattern['dates'] = [],
  datesFromEnd: DayPattern['datesFromEnd'],
  ofMonth: string,
): string | undefined {
  if (dates.length + datesFromEnd.length > mostListed) return undefined
  const fromStart = dates.length > 0 ? [`${dates.length === 1 ? 'day' : 'days'} ${listed(dates.map(String))}`] : []
  const fromEnd = datesFromEnd.map(date => (date === 1 ? 'the last day' : `the last day but ${date - 1}`))
  return `on ${listed([...fromStart, ...fromEnd])} ${ofMonth}`
}

function describeWeekdays(weekdays: readonly WeekdayPattern[]): string {
  const fromMonday = weekdays.map(({ weekday }) => (weekday + 6) % 7).toSorted((a, b) => a - b)
  if (fromMonday.join('') === '01234') return 'on weekdays'
  if (fromMonday.length === 7) return 'every day'
  return `on ${listed(fromMonday.map(index => `${weekdayNames[(index + 1) % 7]}s`))}`
}

function describeNth({ weekday, nth }: WeekdayPattern): string {
  const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']
  return `${typeof nth === 'number' ? ordinals[nth - 1] : 'last'} ${weekdayNames[weekday]}`
}

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
