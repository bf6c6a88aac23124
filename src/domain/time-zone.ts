import { AppError } from './app-error.ts'
import { type Instant, minutes } from './instant.ts'

/** An IANA time zone name, such as `Europe/Berlin`; legacy aliases such as `US/Eastern` are kept as written. */
export type TimeZone = string

/** Checks the name of a time zone. Throws `invalid` for a name that the tz database does not have. */
export function parseTimeZone(name: string): TimeZone {
  if (/^[+-]/.test(name) || !formatterOf(name)) {
    throw new AppError(
      'invalid',
      `${JSON.stringify(name)} is not an IANA time zone; write one such as Europe/Berlin or UTC.`,
    )
  }
  return name
}

// Every zone change in use falls on a quarter of an hour, so that an offset holds for the whole of its quarter.
const quarterMs = minutes(15)
const mostRemembered = 50_000
const offsets = new Map<string, number>()

/** The offset of `zone` from UTC at an instant, in minutes, east positive (odd seconds of local mean time are cut). */
export function offsetMinutesAt(instant: Instant, zone: TimeZone): number {
  if (zone === 'UTC') return 0
  const quarter = Math.floor(instant / quarterMs)
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= mostRemembered) offsets.clear()
  const offset = readOffset(quarter * quarterMs, zone)
  offsets.set(key, offset)
  return offset
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
