import { days, type Instant, minutes, seconds } from '../../domain/instant.ts'

/** How often something failed in a row, what it was, and before when it is not tried again. */
export type BackOff = { failures: number; since: Instant; notBefore: Instant; reason: string }

const firstMs = 500
const longestMs = minutes(15)
/** A server that asks for more patience than this does not mean it. */
const longestAskedMs = days(1)

/**
 * What follows from another failure: the pause doubles up to 15 minutes, give or take a half, so that computers that
 * failed together do not come back together. A server that asks for more (`Retry-After`) gets it, up to a day.
 */
export function deriveBackOff(
  before: BackOff | undefined,
  { reason, askedMs }: { reason: string; askedMs: number | undefined },
  now: Instant,
  random: number,
): BackOff {
  const failures = (before?.failures ?? 0) + 1
  const pauseMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30)) * (0.5 + random)
  const askedForMs = Math.min(longestAskedMs, askedMs ?? 0)
  const notBefore = now + Math.ceil(Math.max(pauseMs, askedForMs))
  return { failures, since: before?.since ?? now, notBefore, reason }
}

/** How long to wait yet. A pause that is longer than any can be comes from a clock that was wrong: it has passed. */
export function waitOf(backOff: BackOff | undefined, now: Instant): number {
  const waitMs = (backOff?.notBefore ?? now) - now
  return waitMs > longestAskedMs ? 0 : Math.max(0, waitMs)
}

/** What `Retry-After` asks for: seconds or a date (RFC 9110, 10.2.3); undefined when it says neither. */
export function readRetryAfter(text: string, now: Instant): number | undefined {
  if (/^\d{1,9}$/.test(text)) return seconds(Number(text))
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
