import type { Absence } from './absence.ts'
import type { Condition, ConditionStatus, ConditionType } from './condition.ts'
import type { Instant } from './instant.ts'
import type { TimeZone } from './time-zone.ts'

/** What a set was on one day. `status` is null where it had no condition, or none that is known. */
export type SetDay = {
  /** `2026-03-05`. */
  date: string
  status: ConditionStatus | 'UNKNOWN' | null
  /** Those of every condition that had the status, in the order in which they came. */
  types: ConditionType[]
  /** For how long of the day no server was awake. */
  unknownMs: number
}

/** A day of a zone: from its first instant to the first one of the next. */
export type Day = { date: string; from: Instant; until: Instant }

/** A change of a condition, as it was found: it holds since `at`. Without a condition there was none from then on. */
export type FoundChange = { at: Instant; condition: Condition | undefined; isRetracted: boolean }

/** The last `count` days of a zone, oldest first; the last one is that of `now`. */
export function listDays(zone: TimeZone, now: Instant, count: number): Day[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index })
    return { date: date.toString(), from: startOf(date), until: startOf(date.add({ days: 1 })) }
  })
}

/** Which of the statuses that held on one day it is named for, worst first: one that runs only where nothing else was. */
const worstFirst: readonly ConditionStatus[] = ['FAILURE', 'WARNING', 'COMPLETED', 'RUNNING']

/**
 * What a set was on each of some days, which follow one another: the worst status that held on it, also when it began
 * before. A later finding goes before what was found earlier; what was taken back counts for nothing. A day on which no
 * server was awake is UNKNOWN, as far as it lies before `now`; what comes after `now` is nothing.
 *
 * `changes` are in the order in which they were found.
 */
export function deriveDays(
  days: readonly Day[],
  { changes, gaps, now }: { changes: readonly FoundChange[]; gaps: readonly Absence[]; now: Instant },
): SetDay[] {
  const spans = toSpans(changes, now)
  return days.map(({ date, from, until }) => {
    const end = Math.min(until, now)
    const held = spans.filter(span => span.from < until && span.until > from)
    const status = worstFirst.find(one => held.some(({ condition }) => condition.status === one)) ?? null
    const types = held.flatMap(({ condition }) => (condition.status === status ? condition.types : []))
    const unknownMs = gaps.reduce((sum, gap) => sum + overlap(gap, { from, until: end }), 0)
    const isUnknown = status !== null && end > from && unknownMs >= end - from
    return { date, status: isUnknown ? 'UNKNOWN' : status, types: isUnknown ? [] : [...new Set(types)], unknownMs }
  })
}

type Span = { from: Instant; until: Instant; condition: Condition }

/** From when to when each condition held, newest first. */
function toSpans(changes: readonly FoundChange[], now: Instant): Span[] {
  // What holds since this very moment holds, too.
  let until = now + 1
  const spans: Span[] = []
  for (const { at, condition, isRetracted } of changes.toReversed()) {
    if (isRetracted) continue
    if (condition && at < until) spans.push({ from: at, until, condition })
    until = Math.min(until, at)
  }
  return spans
}

function overlap(one: Absence, other: Absence): number {
  return Math.max(Math.min(one.until, other.until) - Math.max(one.from, other.from), 0)
}
