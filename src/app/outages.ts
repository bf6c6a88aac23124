import { isAppError } from '../domain/app-error.ts'
import { type Instant, minutes } from '../domain/instant.ts'
import type { Clock } from './ports.ts'

const oneOutageMs = minutes(1)

/**
 * Answers which failures of work that is repeated are news. Of an outage, which is failures of the kind `unavailable` less
 * than a minute apart, the first alone is; every other failure is.
 */
export function buildOutages(clock: Clock): (failure: unknown) => boolean {
  let lastAt: Instant | undefined
  return failure => {
    if (!isAppError(failure, 'unavailable')) return true
    const now = clock()
    const isNew = lastAt === undefined || Math.abs(now - lastAt) >= oneOutageMs
    lastAt = now
    return isNew
  }
}
