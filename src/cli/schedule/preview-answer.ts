import type { SchedulePreview } from '../../app/preview-schedule.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import type { Answer } from '../admin/administer.ts'

/** A preview for programs, an array of dates with offsets, and for people: the schedule in words and one date a line. */
export function toPreviewAnswer({ description, due, isManual }: SchedulePreview): Answer {
  const dates = due.map(formatLocalTime)
  const none = dates.length === 0 && !isManual ? ['No due time comes any more.'] : []
  return { json: dates, text: [`Due ${description}.`, ...dates, ...none].join('\n') }
}
