import { type Instant, seconds } from '../domain/instant.ts'

/**
 * When something was modified, to the second, as `Last-Modified` has it; undefined until that second is over. It could be
 * modified once more within it, and nobody could tell (RFC 9110, 8.8.2.2).
 */
export function toLastModified(modifiedAt: Instant, now: Instant): Instant | undefined {
  const second = Math.floor(modifiedAt / seconds(1))
  return second < Math.floor(now / seconds(1)) ? second * seconds(1) : undefined
}

/**
 * Whether a field `If-Modified-Since` names a moment at or after which nothing was modified. What is no HTTP date is as if it
 * were not there (RFC 9110, 13.1.3).
 */
export function isUnmodifiedSince(field: string, lastModified: Instant): boolean {
  const since = parseHttpDate(field)
  return since !== undefined && lastModified <= since
}

/** Reads a date in each of the forms that a recipient has to take (RFC 9110, 5.6.7); all of them are in UTC. */
function parseHttpDate(text: string): Instant | undefined {
  const isWithZone = imfFixdate.test(text) || rfc850.test(text)
  if (!isWithZone && !asctime.test(text)) return undefined
  const at = Date.parse(isWithZone ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : at
}

const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const rfc850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/
