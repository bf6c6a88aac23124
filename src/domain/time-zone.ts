import { AppError } from './app-error.ts'
import { type Instant, minutes } from './instant.ts'

/** An IANA time zone name, such as `Europe/Berlin`; legacy aliases such as `US/Eastern` are kept as written. */
export type TimeZone = string

/** Checks the name of a time zone. Throws `invalid` for a name that the tz database does not have. */
export function parseTimeZone(name: string): TimeZone {
  if (/^[+-]/.test(name) || !isKnown(name)) {
    throw new AppError(
      'invalid',
      `${JSON.stringify(name)} is not an IANA time zone; write one such as Europe/Berlin or UTC.`,
    )
  }
  return name
}

/** Whether both readers of the tz database know the name: a few old abbreviations only one of them takes. */
function isKnown(name: string): boolean {
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId !== '' && formatterOf(name) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

// Every zone change in use falls on a quarter of an hour, so that an offset holds for the whole of its quarter.
const quarterMs = minutes(15)
const mostRemembered = 5_000
const offsets = new Map<TimeZone, Map<number, number>>()

/** The offset of `zone` from UTC at an instant, in minutes, east positive (odd seconds of local mean time are cut). */
export function offsetMinutesAt(instant: Instant, zone: TimeZone): number {
  if (zone === 'UTC') return 0
  const quarter = Math.floor(instant / quarterMs)
  const ofZone = offsets.get(zone) ?? rememberZone(zone)
  const known = ofZone.get(quarter)
  if (known !== undefined) return known
  if (ofZone.size >= mostRemembered) ofZone.clear()
  const offset = readOffset(quarter * quarterMs, zone)
  ofZone.set(quarter, offset)
  return offset
}

function rememberZone(zone: TimeZone): Map<number, number> {
  // There are some 600 zones; what asks for more names is not asking for zones.
  if (offsets.size >= 1_000) offsets.clear()
  const ofZone = new Map<number, number>()
  offsets.set(zone, ofZone)
  return ofZone
}

const formatters = new Map<string, Intl.DateTimeFormat | undefined>()

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formatters.has(zone)) return formatters.get(zone)
  if (formatters.size >= 2_000) formatters.clear()
  const formatter = buildFormatter(zone)
  formatters.set(zone, formatter)
  return formatter
}

function buildFormatter(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readOffset(instant: Instant, zone: TimeZone): number {
  const formatter = formatterOf(zone)
  if (!formatter) throw new AppError('invalid', `${JSON.stringify(zone)} is not an IANA time zone.`)
  const text = formatter.formatToParts(instant).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text)
  if (!match?.[1]) return 0
  const size = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -size : size
}
