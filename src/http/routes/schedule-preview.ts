import { parseFrom, previewBounds, previewSchedule } from '../../app/preview-schedule.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { requiredText, text, wholeNumber } from '../../wire/parameters.ts'
import { SchedulePreview, toSchedulePreview } from '../../wire/schedule-preview.ts'
import { defineOperation, message } from '../operation.ts'

/** When a schedule is due, before anybody gives it to a backup set. */
export const previewScheduleText = defineOperation({
  id: 'previewSchedule',
  method: 'GET',
  path: '/v1/general/schedule_preview',
  scope: 'any',
  tag: 'General',
  summary: 'The next due times of a schedule, and what it means in words.',
  query: {
    schedule: requiredText('The schedule, such as `cron 0 23 * * *` or `every 6h`.', 'cron 0 23 * * *'),
    time_zone: text('Whose clock it follows, unless the schedule names one; UTC when left out.'),
    from: text('From when on; now when left out.', '2026-03-06'),
    count: wholeNumber('How many due times.', { least: 1, ...previewBounds }),
  },
  answer: message(SchedulePreview),
  handle({ query: { schedule, time_zone, from, count }, now }) {
    const zone = parseTimeZone(time_zone ?? 'UTC')
    const start = from === undefined ? now : parseFrom(from, zone, 'from')
    return { value: toSchedulePreview(previewSchedule(schedule, { zone, from: start, count })) }
  },
})
