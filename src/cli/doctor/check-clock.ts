import { isAppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { clockToleranceMs } from '../../domain/clock-lead.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { type Check, fail, ok, warn } from './check.ts'

/** The time zones that the runtime brings: without them no time zone but UTC is known. */
export function checkTimeZones(): Check {
  const version = process.versions['tz']
  try {
    parseTimeZone('Europe/Berlin')
    return ok('time zones', `The time zone database is there${version === undefined ? '' : ` (${version})`}.`)
  } catch (error) {
    if (!isAppError(error)) throw error
    return fail('time zones', 'This Node has no time zone database: use the one that npm ci brings.')
  }
}

// The Date header has whole seconds, and the answer was on its way.
const usualDifferenceMs = seconds(5)

/** Compares the clock here with the `Date` header of the server's answer (RFC 9110, 6.6.1). */
export function checkClock(dateHeader: string | null, now: Instant): Check {
  const serverTime = Date.parse(dateHeader ?? '')
  if (Number.isNaN(serverTime)) return warn('clock', 'The server sent no date to compare the clock with.')
  const difference = now - serverTime
  if (Math.abs(difference) <= usualDifferenceMs) return ok('clock', "The clock agrees with the server's.")
  const by = `${Math.round(Math.abs(difference) / seconds(1))} seconds`
  const message = `The clock is ${by} ${difference > 0 ? 'ahead of' : 'behind'} the server's: synchronize both, for instance by systemd-timesyncd or chrony.`
  const isCorrected = Math.abs(difference) > clockToleranceMs
  return warn('clock', isCorrected ? `${message} Until then the server shifts the times of runs by that.` : message)
}
