import { type Static, Type } from 'typebox'
import { formatLocalTime, type LocalTime } from '../domain/local-time.ts'
import { DateText } from './schema.ts'

/** What a schedule amounts to. */
export const SchedulePreview = Type.Object(
  {
    schedule: Type.String({ description: 'The text in its canonical form.' }),
    time_zone: Type.String({ description: 'Whose clock it follows: that which the text names, else the one given.' }),
    description: Type.String({
      description: 'When it is due, in words, to follow "Due".',
      examples: ['at 23:00 every day, America/New_York'],
    }),
    due: Type.Array(DateText(), {
      description: 'The next due times, in order.',
      examples: [['2026-03-05T23:00:00-05:00', '2026-03-06T23:00:00-05:00']],
    }),
  },
  { title: 'SchedulePreview', xml: { name: 'schedule_preview' } },
)

export type SchedulePreview = Static<typeof SchedulePreview>

/** The message about one schedule. */
export function toSchedulePreview(preview: {
  text: string
  zone: string
  description: string
  due: readonly LocalTime[]
}): SchedulePreview {
  const { text, zone, description, due } = preview
  return { schedule: text, time_zone: zone, description, due: due.map(formatLocalTime) }
}
