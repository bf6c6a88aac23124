import { type Instant, lastInstant } from '../domain/instant.ts'

const rfcDate =
  /^(?:[A-Za-z]{3},? +)?(\d{1,2}) +([A-Za-z]{3}) +(\d{4}) +(\d{1,2}:\d{2}(?::\d{2})?) +(?:([+-]\d{4})|UTC?|GMT|Z)(?: *\(.{0,80}\))?$/

/**
 * Reads the date of a mail (RFC 5322, 3.3). Null for any other text, for one without an offset, which tells no instant, and for
 * years outside 1970 to 9999.
 */
export function readMailDate(text: string): Instant | null {
  const match = rfcDate.exec(text.replaceAll(/\s+/g, ' ').trim())
  if (!match) return null
  const [, day, month, year, time, offset = '+0000'] = match
  const at = Date.parse(`${day} ${month} ${year} ${time} ${offset}`)
  return Number.isFinite(at) && at >= 0 && at <= lastInstant ? at : null
}
