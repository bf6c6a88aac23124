import type { SetDays } from '../../src/wire/days.ts'
import { useLanguage, useWords } from '../language.tsx'
import { DaySquare, type DayStatus, dayStatuses } from './day-square.tsx'

type Day = SetDays['days'][number]

const size = 11
const left = 24
const top = 11
const dayMs = 86_400_000

/** What a set was on each day of a year: a column for each week, and in words which days were not good. */
export function Calendar({ days }: { days: readonly Day[] }) {
  const { locale } = useLanguage()
  const { calendar: words } = useWords()
  const firstDay = firstDayOfWeek(locale)
  const columns = Math.max(...days.map(day => columnOf(day, days, firstDay)), 0) + 1
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' })
  return (
    <figure className="calendar-figure">
      <div className="calendar" role="region" aria-label={words.title} tabIndex={0}>
        <svg viewBox={`0 0 ${left + columns * size} ${top + 7 * size}`} role="img" aria-label={summaryOf(days, words)}>
          <Months days={days} firstDay={firstDay} />
          <Weekdays firstDay={firstDay} />
          {days.map(day => (
            <DaySquare
              key={day.date}
              status={day.condition_status}
              x={left + columnOf(day, days, firstDay) * size}
              y={top + rowOf(day, firstDay) * size}
              title={`${long.format(Date.parse(day.date))}: ${words.statuses[day.condition_status]}${awayText(day, words)}`}
            />
          ))}
        </svg>
      </div>
      <Legend />
      <BadDays days={days} />
    </figure>
  )
}

function Months({ days, firstDay }: { days: readonly Day[]; firstDay: number }) {
  const { locale } = useLanguage()
  const format = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' })
  const firsts = days.filter(({ date }) => date.endsWith('-01'))
  return firsts.map(day => (
    <text key={day.date} x={left + columnOf(day, days, firstDay) * size} y={top - 4}>
      {format.format(Date.parse(day.date))}
    </text>
  ))
}

function Weekdays({ firstDay }: { firstDay: number }) {
  const { locale } = useLanguage()
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  // The fourth of January 1970 was a Sunday.
  return [0, 2, 4].map(row => (
    <text key={row} x={0} y={top + row * size + 8}>
      {format.format((3 + firstDay + row) * dayMs)}
    </text>
  ))
}

/** What each sign means. */
export function Legend() {
  const { calendar: words } = useWords()
  return (
    <ul className="legend">
      {dayStatuses.map(status => (
        <li key={status}>
          <svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true">
            <DaySquare status={status} x={0} y={0} />
          </svg>
          {words.statuses[status]}
        </li>
      ))}
    </ul>
  )
}

/** The days that were not good, newest first, in words. */
function BadDays({ days }: { days: readonly Day[] }) {
  const { locale } = useLanguage()
  const { calendar: words, types } = useWords()
  const bad = days.filter(({ condition_status: status }) => isBad(status)).toReversed()
  if (bad.length === 0) return null
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' })
  return (
    <details>
      <summary>{words.badDays(bad.length)}</summary>
      <ul>
        {bad.map(day => (
          <li key={day.date}>
            {format.format(Date.parse(day.date))}: {words.statuses[day.condition_status]}
            {day.condition_types.length > 0 && ` (${day.condition_types.map(type => types[type]).join(', ')})`}
          </li>
        ))}
      </ul>
    </details>
  )
}

const isBad = (status: DayStatus) => status === 'FAILURE' || status === 'WARNING' || status === 'UNKNOWN'

function awayText({ unknown_minutes: away, condition_status: status }: Day, words: CalendarWords): string {
  return away >= 60 && status !== 'UNKNOWN' ? ` (${words.away(away)})` : ''
}

type CalendarWords = ReturnType<typeof useWords>['calendar']

function summaryOf(days: readonly Day[], words: CalendarWords): string {
  const counts = dayStatuses.map(
    status => [status, days.filter(day => day.condition_status === status).length] as const,
  )
  const told = counts.filter(([, count]) => count > 0).map(([status, count]) => `${words.statuses[status]}: ${count}`)
  return `${words.title}. ${told.join(', ')}`
}

/** 0 is the first day of the reader's week. */
function rowOf({ date }: Day, firstDay: number): number {
  return (new Date(date).getUTCDay() - firstDay + 7) % 7
}

function columnOf(day: Day, [first]: readonly Day[], firstDay: number): number {
  if (!first) return 0
  const since = Math.round((Date.parse(day.date) - Date.parse(first.date)) / dayMs)
  return Math.floor((since + rowOf(first, firstDay)) / 7)
}

/** 0 is Sunday. Where the browser does not tell, weeks begin on Monday (ISO 8601). */
function firstDayOfWeek(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } }
  return (known.getWeekInfo?.().firstDay ?? 1) % 7
}
