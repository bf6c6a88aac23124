import { type Instant, lastInstant, minutes } from '../domain/instant.ts'
import { type LocalTime, parseLocalTime, toLocalTime } from '../domain/local-time.ts'
import { describeSchedule } from '../domain/schedule-describe.ts'
import { dueTimes, parseSchedule } from '../domain/schedule.ts'
import type { TimeZone } from '../domain/time-zone.ts'

/** The greatest number of due times that a preview shows, and how many it shows unless told otherwise. */
export const previewBounds = { most: 1_000, usual: 10 } as const

/** What a schedule amounts to: its canonical text, the zone of the clock that it follows, and when it is due. */
export type SchedulePreview = {
  text: string
  zone: TimeZone
  /** In words, to follow "Due". */
  description: string
  due: LocalTime[]
  /** Whether nothing is due because it never is: it waits for somebody. */
  isManual: boolean
}

/**
 * The next due times, at or after `from`, of the schedule that `text` names; of an interval those that follow a start at
 * `from`. `zone` holds where the schedule names none. Throws `invalid` for a wrong text, with the part that is wrong.
 */
export function previewSchedule(
  text: string,
  { zone, from, count }: { zone: TimeZone; from: Instant; count: number },
): SchedulePreview {
  const schedule = parseSchedule(text)
  const shownZone = 'zone' in schedule ? (schedule.zone ?? zone) : zone
  const due = dueTimes(schedule, { from, zone, count }).map(time => toLocalTime(time, shownZone))
  return {
    text: schedule.text,
    zone: shownZone,
    description: describeSchedule(schedule, zone),
    due: due.filter(hasFourDigitYear),
    isManual: schedule.kind === 'manual',
  }
}

/** Reads a date; one without a time is its midnight in `zone`. Throws `invalid`, naming `member`. */
export function parseFrom(text: string, zone: TimeZone, member: string): Instant {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text
  return parseLocalTime(date, zone, member).at
}

/** On a clock east of Greenwich the year 9999 ends before it does in UTC. */
function hasFourDigitYear({ at, offsetMinutes }: LocalTime): boolean {
  return at + minutes(offsetMinutes) <= lastInstant
}
