import type { Instant } from '../domain/instant.ts'
import { type DayRange, derivePeriods, type Resolution } from '../domain/period.ts'
import type { TreeNode } from '../domain/principal.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import type { RowWindow, Store } from './ports.ts'

/** What backups took up at the end of a period that began at `startsAt`; of one that has not ended, what they do now. */
export type PeriodUsage = { startsAt: Instant; bytes: number }

/** What is asked of the usage of a node: over which days and in which periods, on its clock. */
export type UsageQuestion = {
  node: TreeNode
  zone: TimeZone
  range: DayRange
  resolution: Resolution
  /** How many periods there are where the range has no start. */
  usual: number
  isDescending: boolean
}

/**
 * One window of the periods of a range with their usage, and how many periods there are. Only the history of the window is
 * looked into. Throws `invalid` for a range that is none.
 */
export async function readUsageHistory(
  store: Store,
  { node, zone, range, resolution, usual, isDescending }: UsageQuestion,
  { skip, most }: RowWindow,
  now: Instant,
): Promise<{ rows: PeriodUsage[]; count: number }> {
  const periods = derivePeriods(range, { resolution, usual, zone, now })
  const ordered = isDescending ? periods.toReversed() : periods
  const window = ordered.slice(skip, skip + most)
  const bytes = await store.usageAt(
    node,
    window.map(({ endsAt }) => Math.min(endsAt - 1, now)),
  )
  return { rows: window.map(({ startsAt }, index) => ({ startsAt, bytes: bytes[index] ?? 0 })), count: periods.length }
}
