import { type Instant, minutes } from './instant.ts'
import type { LocalTime } from './local-time.ts'
import type { ReportedRun } from './run-report.ts'
import type { RunMessage } from './run.ts'

/** By how much the clock of a reporter may be wrong before its times are corrected. */
export const clockToleranceMs = minutes(5)

/**
 * How far the clock of a reporter is ahead of ours, negative when it is behind, as the `Date` of its request tells
 * (RFC 9110, 6.6.1: the time at which the message was made); undefined where there is none or it is no HTTP date.
 */
export function deriveClockLead(dateHeader: string | undefined, now: Instant): number | undefined {
  if (dateHeader === undefined || !imfFixdate.test(dateHeader)) return undefined
  const at = Date.parse(dateHeader)
  return Number.isNaN(at) ? undefined : at - now
}

// The one form of dates that may be sent (RFC 9110, 5.6.7).
const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * A report with the times of its reporter on our clock, and a message that says so, where the reporter's clock is off by
 * more than the tolerance. A computer that is a day ahead would otherwise seem to have run for the day to come. Who tells
 * the clock may also have mended it since the run: what is in the future still is brought back however far it is.
 */
export function correctClock(reported: ReportedRun, leadMs: number | undefined, receivedAt: Instant): ReportedRun {
  if (leadMs === undefined) return reported
  if (Math.abs(leadMs) <= clockToleranceMs) return bringBackFuture(reported, receivedAt)
  const isAhead = leadMs > 0
  const text = `The clock of the computer is ${toSpan(leadMs)} ${isAhead ? 'ahead of' : 'behind'} that of the server: the times of this run were set ${isAhead ? 'back' : 'forward'} by that. Synchronize it.`
  return bringBackFuture(shiftTimes(reported, leadMs, text), receivedAt)
}

/**
 * A report whose times cannot be later than its arrival: one that claims a start or an end in the future, beyond the
 * tolerance, is taken to have ended, or to have been heard of last, when it arrived, and to have taken as long as it says.
 */
export function bringBackFuture(reported: ReportedRun, receivedAt: Instant): ReportedRun {
  const claimed = [reported.startedAt, reported.endedAt].flatMap(time => (time ? [time.at] : []))
  const leadMs = Math.max(...claimed, receivedAt) - receivedAt
  if (leadMs <= clockToleranceMs) return reported
  const text = `The report says that this run is ${toSpan(leadMs)} in the future: its times were set back to its arrival. Look at the clock of the computer.`
  return shiftTimes(reported, leadMs, text)
}

function shiftTimes(reported: ReportedRun, leadMs: number, text: string): ReportedRun {
  const note: RunMessage = { level: 'info', text }
  return {
    ...reported,
    startedAt: shift(reported.startedAt, leadMs),
    endedAt: shift(reported.endedAt, leadMs),
    messages: [...reported.messages, note],
  }
}

function shift(time: LocalTime | null, leadMs: number): LocalTime | null {
  // No run is older than 1970, whatever a clock says.
  return time && { ...time, at: Math.max(0, time.at - leadMs) }
}

/** A span in whole minutes, such as `1 d 2 h 3 min`. */
function toSpan(ms: number): string {
  const total = Math.round(Math.abs(ms) / minutes(1))
  const parts = [
    [Math.floor(total / 1_440), 'd'],
    [Math.floor(total / 60) % 24, 'h'],
    [total % 60, 'min'],
  ] as const
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ')
}
