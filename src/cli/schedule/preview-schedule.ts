import type { Instant } from '../../domain/instant.ts'
import { formatLocalTime, parseLocalTime, toLocalTime } from '../../domain/local-time.ts'
import { describeSchedule } from '../../domain/schedule-describe.ts'
import { dueTimes, parseSchedule } from '../../domain/schedule.ts'
import type { TimeZone } from '../../domain/time-zone.ts'
import type { Answer } from '../admin/administer.ts'

/** The greatest number of due times that a preview shows. */
export const mostPreviewed = 1_000

/**
 * The next due times of the schedule that `text` names, on the clock that it follows: for programs an array of dates
 * with offsets, for people the schedule in words and one date a line. Throws `invalid` for a wrong text.
 */
export function previewSchedule(
  text: string,
  { zone, from, count }: { zone: TimeZone; from: Instant; count: number },
): Answer {
  const schedule = parseSchedule(text)
  const shownZone = 'zone' in schedule ? (schedule.zone ?? zone) : zone
  const dates = dueTimes(schedule, { from, zone, count }).map(due => formatLocalTime(toLocalTime(due, shownZone)))
  const none = dates.length === 0 && schedule.kind !== 'manual' ? ['No due time comes any more.'] : []
  return { json: dates, text: [`Due ${describeSchedule(schedule, zone)}.`, ...dates, ...none].join('\n') }
}

/** Reads the date that `--from` gives; one without a time is its midnight in `zone`. Throws `invalid`. */
export function parseFrom(text: string, zone: TimeZone): Instant {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text
  return parseLocalTime(date, zone, '--from').at
}
