import { type Static, Type } from 'typebox'
import type { Instant } from '../domain/instant.ts'
import { toDateText } from './backup-status.ts'
import { Count, DateText } from './schema.ts'

/** What backups took up over one period. */
export const Usage = Type.Object(
  {
    date: DateText({ description: 'The first moment of the period, on the clock that is asked.' }),
    bytes: Count({
      description:
        'At the end of the period, or now: the sum over the backup sets of the bytes of the newest good backup of each.',
    }),
  },
  { title: 'Usage', xml: { name: 'usage' } },
)
export type Usage = Static<typeof Usage>

/** The row of one period. */
export function toUsage({ startsAt, bytes }: { startsAt: Instant; bytes: number }, zone: string): Usage {
  return { date: toDateText(startsAt, null, zone), bytes }
}
