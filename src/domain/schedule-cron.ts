import { AppError } from './app-error.ts'
import { readCronField } from './schedule-cron-field.ts'
import type { ClockChangeRule } from './schedule-due.ts'
import type { WallPattern } from './schedule-pattern.ts'

/** What the words behind `cron` say: the five fields as they are kept, and the wall times they name. */
export type Cron = { text: string; pattern: WallPattern; onClockChange: ClockChangeRule }

/** The words that crontab(5) has for common fields; `@reboot` is no time. */
const nicknames = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
])

/**
 * Reads the five fields of crontab(5): minute, hour, day of the month, month, day of the week, with lists, ranges, steps
 * and names, and the `L` and `#` of Quartz. Minutes or hours that begin with `*` make it follow elapsed time through a
 * clock change, as cronie and Debian's cron have it (entry.c: MIN_STAR, HR_STAR). Throws `invalid`.
 */
export function parseCron(words: readonly string[]): Cron {
  const [nickname = ''] = words
  const fields = words.length === 1 ? (nicknames.get(nickname.toLowerCase())?.split(' ') ?? words) : words
  const [minute, hour, date, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !date || !month || !weekday) throw notFiveFields(fields)
  return toCron({
    minute: readCronField('minute', minute),
    hour: readCronField('hour', hour),
    date: readCronField('day of the month', date),
    month: readCronField('month', month),
    weekday: readCronField('day of the week', weekday),
  })
}

type Fields = Record<'minute' | 'hour' | 'date' | 'month' | 'weekday', ReturnType<typeof readCronField>>

function toCron({ minute, hour, date, month, weekday }: Fields): Cron {
  const text = [minute, hour, date, month, weekday].map(field => field.text).join(' ')
  const isElapsedTime = minute.hasStar || hour.hasStar
  const pattern: WallPattern = {
    years: undefined,
    months: month.values,
    days: {
      dates: date.text === '*' ? undefined : date.values,
      datesFromEnd: date.hasLast ? [1] : [],
      weekdays: weekday.text === '*' ? undefined : weekday.weekdays,
      // crontab(5): "If both fields are restricted (i.e., do not contain the "*" character), the command will be run
      // when either field matches the current time."
      join: date.hasStar || weekday.hasStar ? 'and' : 'or',
    },
    hours: hour.values,
    minutes: minute.values,
    seconds: [{ start: 0, stop: 0, step: 1 }],
  }
  return { text, pattern, onClockChange: { repeats: isElapsedTime, catchesUp: !isElapsedTime } }
}

function notFiveFields(fields: readonly string[]): AppError {
  const given = JSON.stringify(fields.join(' ').slice(0, 60))
  if (fields[0]?.startsWith('@')) {
    const known = [...nicknames.keys()].join(', ')
    return new AppError(
      'invalid',
      `${given} is not a time of cron, which has ${known}; write for example: cron 0 23 * * *.`,
    )
  }
  return new AppError(
    'invalid',
    `${given} has ${fields.length} fields, but cron has five: minute, hour, day of the month, month and day of the week; write for example: cron 0 23 * * *.`,
  )
}
