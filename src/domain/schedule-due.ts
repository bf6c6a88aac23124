import type { Instant } from './instant.ts'
import { findFirstWallTime, findLastWallTime, type WallPattern } from './schedule-pattern.ts'
import { buildZoneSpans, type OffsetSpan, type WallTime } from './schedule-spans.ts'
import type { TimeZone } from './time-zone.ts'

/**
 * What a clock change does to a scheduler.
 * `repeats`: a wall time that is shown twice is due twice, otherwise only the first time.
 * `catchesUp`: when a change skips wall times, the first instant after it is due in their place, otherwise nothing is.
 */
export type ClockChangeRule = { repeats: boolean; catchesUp: boolean }

/** The wall times of a pattern on the clocks of a zone, as instants. */
export type WallSchedule = { pattern: WallPattern; onClockChange: ClockChangeRule; zone: TimeZone }

/** The first due time after `after`; undefined when none comes any more. */
export function findNextDue({ pattern, onClockChange, zone }: WallSchedule, after: Instant): Instant | undefined {
  const spans = buildZoneSpans(zone)
  let wall: WallTime | undefined
  let searchedFrom = -Infinity
  for (let index = spans.indexAt(after); ; index += 1) {
    const span = spans.at(index)
    if (!span) return undefined
    const begin = firstShown(span, onClockChange)
    // It came after the end of the span before, and this one begins later: the change skipped it.
    if (wall !== undefined && wall < begin && onClockChange.catchesUp) return span.from
    const from = Math.max(after + 1 + span.offsetMs, begin)
    if (wall === undefined || wall < from || from < searchedFrom) wall = findFirstWallTime(pattern, from)
    if (wall === undefined) return undefined
    if (wall < span.until + span.offsetMs) return wall - span.offsetMs
    searchedFrom = from
  }
}

/** The last due time that is not after `at`; undefined when there was none. */
export function findPreviousDue({ pattern, onClockChange, zone }: WallSchedule, at: Instant): Instant | undefined {
  const spans = buildZoneSpans(zone)
  let wall: WallTime | undefined
  let searchedFrom = Infinity
  for (let index = spans.indexAt(at); ; index -= 1) {
    const span = spans.at(index)
    if (!span) return undefined
    const from = Math.min(at, span.until - 1) + span.offsetMs
    if (wall === undefined || wall > from || from > searchedFrom) wall = findLastWallTime(pattern, from)
    if (wall === undefined) return undefined
    if (wall >= firstShown(span, onClockChange)) return wall - span.offsetMs
    // No earlier span showed it either: the change skipped it.
    if (wall >= span.shownBefore && onClockChange.catchesUp) return span.from
    searchedFrom = from
  }
}

/** The first wall time of a span that counts: with `repeats` all do, else those that were not shown before. */
function firstShown({ from, offsetMs, shownBefore }: OffsetSpan, { repeats }: ClockChangeRule): WallTime {
  return repeats ? from + offsetMs : Math.max(from + offsetMs, shownBefore)
}
