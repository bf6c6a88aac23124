/**
 * How many milliseconds from `now` on a `Retry-After` header asks to wait (RFC 9110, 10.2.3): seconds or a date.
 * Undefined where there is none that can be read.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  // Date.parse takes much more than HTTP does, such as "-5".
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
