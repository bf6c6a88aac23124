import { type Absences, extendDeadline } from './absence.ts'
import { days, hours, type Instant, minutes, seconds } from './instant.ts'
import { formatLocalTime, toLocalTime } from './local-time.ts'
import type { RunState } from './run.ts'
import type { TimeZone } from './time-zone.ts'

/** An instant on the clock of a zone: `2026-03-05T01:00:00-05:00`. */
export function tellTime(at: Instant, zone: TimeZone): string {
  return formatLocalTime(toLocalTime(at, zone))
}

/** A length of time in the largest unit that it is a whole number of: `90 min`, `24 h`, `7 days`. */
export function tellDuration(ms: number): string {
  if (ms >= days(2) && ms % days(1) === 0) return `${ms / days(1)} days`
  if (ms > 0 && ms % hours(1) === 0) return `${ms / hours(1)} h`
  if (ms % minutes(1) === 0) return `${ms / minutes(1)} min`
  return `${ms / seconds(1)} s`
}

/** How many there are of something that takes an s: `no errors`, `1 error`, `2 errors`. */
export function tellCount(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`
}

/** Words in a row: `a, b and c`. */
export function tellList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** A clause that names the absences which moved a deadline; empty where none did. */
export function tellDelay(deadline: Instant, absences: Absences, zone: TimeZone): string {
  const extended = extendDeadline(deadline, absences)
  const causes = absences.gaps.filter(
    ({ from, until }) => from <= extended && deadline < until + absences.catchUpMs && extended > deadline,
  )
  if (causes.length === 0) return ''
  const times = causes.map(({ from, until }) => `from ${tellTime(from, zone)} to ${tellTime(until, zone)}`)
  return ` (not ${tellTime(deadline, zone)}, because the server was away ${tellList(times)})`
}

/** What became of a run, to follow "it". */
export const stateWords: Readonly<Record<RunState, string>> = {
  uninitialized: 'is about to begin',
  running: 'is running',
  paused: 'is paused',
  canceling: 'is being canceled',
  finished: 'finished',
  canceled: 'was canceled',
  failed: 'failed',
  crashed: 'crashed',
}
