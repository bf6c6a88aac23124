import { AppError } from './app-error.ts'
import { type Instant, lastInstant } from './instant.ts'
import type { TimeZone } from './time-zone.ts'

/** What a clock on the wall shows: milliseconds since it showed 1970-01-01 00:00, as if every day had 24 hours. */
export type WallTime = number

/** A stretch of time throughout which a zone keeps its offset from UTC. Stretches follow each other without holes. */
export type OffsetSpan = {
  /** The first instant of the span; minus infinity for the first span of a zone, which holds 1970-01-01T00:00Z. */
  from: Instant
  /** The first instant after the span; infinity for the last. */
  until: Instant
  offsetMs: number
  /** All wall times before this one were shown, or skipped by a gap, before the span began. */
  shownBefore: WallTime
}

/** The spans of a zone in order; they are worked out as far as somebody asks. Index 0 is the first. */
export type ZoneSpans = {
  at(index: number): OffsetSpan | undefined
  /** The index of the span in which an instant lies. */
  indexAt(instant: Instant): number
}

const mostZones = 1_000
const zones = new Map<TimeZone, ZoneSpans>()

/** The spans of `zone`. Throws `invalid` for a zone whose clock changes are not known. */
export function buildZoneSpans(zone: TimeZone): ZoneSpans {
  const known = zones.get(zone)
  if (known) return known
  if (zones.size >= mostZones) zones.clear()
  const spans = buildSpans(zone)
  zones.set(zone, spans)
  return spans
}

function buildSpans(zone: TimeZone): ZoneSpans {
  const spans = [firstSpan(zone)]
  const at = (index: number): OffsetSpan | undefined => {
    while (index >= spans.length) {
      const next = spanAfter(spans.at(-1), zone)
      if (!next) return undefined
      spans.push(next)
    }
    return spans[index]
  }
  return { at, indexAt: instant => indexIn(spans, at, instant) }
}

function indexIn(spans: readonly OffsetSpan[], at: ZoneSpans['at'], instant: Instant): number {
  let high = spans.length - 1
  if (instant >= (spans[high]?.until ?? Infinity)) {
    while (instant >= (at(high)?.until ?? Infinity)) high += 1
    return high
  }
  let low = 0
  while (low < high) {
    const middle = (low + high) >> 1
    if (instant < (spans[middle]?.until ?? Infinity)) high = middle
    else low = middle + 1
  }
  return low
}

function firstSpan(zone: TimeZone): OffsetSpan {
  return { ...readSpan(0, zone), from: -Infinity, shownBefore: -Infinity }
}

function spanAfter(span: OffsetSpan | undefined, zone: TimeZone): OffsetSpan | undefined {
  if (!span || span.until === Infinity) return undefined
  return {
    ...readSpan(span.until, zone),
    from: span.until,
    // No zone sets its clock back a second time before it is past what it repeats.
    shownBefore: span.until + span.offsetMs,
  }
}

function readSpan(from: Instant, zone: TimeZone): Pick<OffsetSpan, 'offsetMs' | 'until'> {
  const local = readZoned(from, zone)
  const change = local.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity
  return { offsetMs: local.offsetNanoseconds / 1e6, until: change > lastInstant ? Infinity : change }
}

function readZoned(from: Instant, zone: TimeZone): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = `${JSON.stringify(zone)} is not an IANA time zone; write one such as Europe/Berlin or UTC.`
    throw new AppError('invalid', message, { cause: error })
  }
}
