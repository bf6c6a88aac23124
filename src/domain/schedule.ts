import { AppError } from './app-error.ts'
import { days, hours, type Instant, lastInstant, minutes } from './instant.ts'
import { parseCalendar } from './schedule-calendar.ts'
import { parseCron } from './schedule-cron.ts'
import { type ClockChangeRule, findNextDue, findPreviousDue } from './schedule-due.ts'
import { findFirstWallTime, type WallPattern } from './schedule-pattern.ts'
import type { TimeZone } from './time-zone.ts'

/**
 * When runs are due. `text` is its canonical form, which reads back as the same schedule: two schedules are equal when
 * their texts are. `zone` is set only where the words of a `calendar` name one, which then goes first.
 */
export type Schedule =
  | { kind: 'cron'; text: string; pattern: WallPattern; onClockChange: ClockChangeRule; zone: undefined }
  | { kind: 'calendar'; text: string; pattern: WallPattern; onClockChange: ClockChangeRule; zone: TimeZone | undefined }
  | { kind: 'every'; text: string; intervalMs: number }
  | { kind: 'manual'; text: string }

/**
 * What due times are counted from: for `cron` and `calendar` the clock of a zone, for `every` the start of the last
 * run, or whatever stands for it while there was none; without one `every` is never due.
 */
export type ScheduleBasis = { zone: TimeZone; lastStartedAt?: Instant | undefined }

const longestText = 1_000
const example = 'cron 0 23 * * *'

/**
 * Reads the text of a schedule: `cron` and five fields (crontab(5)), `calendar` and a calendar event (systemd.time(7)),
 * `every` and a number of `m`, `h` or `d`, or `manual`. Throws `invalid` with the part that is wrong and a right
 * example, also for a schedule that never comes.
 */
export function parseSchedule(text: string): Schedule {
  checkLength(text)
  const [kind = '', ...words] = text.trim().split(/\s+/)
  const read = readers.get(kind.toLowerCase())
  if (!read) throw notASchedule(text)
  const schedule = read(words)
  checkLength(schedule.text)
  if (neverComes(schedule)) throw comesNever(schedule)
  return schedule
}

/** The canonical text of a schedule. */
export function formatSchedule({ text }: Schedule): string {
  return text
}

/** The first due time strictly after `after`; undefined when none comes until the year 9999, as of `manual`. */
export function nextDue(schedule: Schedule, after: Instant, basis: ScheduleBasis): Instant | undefined {
  const due = findNext(schedule, after, basis)
  return due !== undefined && due <= lastInstant ? due : undefined
}

function findNext(schedule: Schedule, after: Instant, basis: ScheduleBasis): Instant | undefined {
  if (schedule.kind === 'manual') return undefined
  if (schedule.kind === 'every') return nextInterval(schedule.intervalMs, after, basis.lastStartedAt)
  return findNextDue({ ...schedule, zone: schedule.zone ?? basis.zone }, after)
}

/** The last due time at or before `at`; undefined when there was none. */
export function previousDue(schedule: Schedule, at: Instant, basis: ScheduleBasis): Instant | undefined {
  if (schedule.kind === 'manual') return undefined
  if (schedule.kind === 'every') return previousInterval(schedule.intervalMs, at, basis.lastStartedAt)
  return findPreviousDue({ ...schedule, zone: schedule.zone ?? basis.zone }, at)
}

/** At most `count` due times in order: those at or after `from`; of `every` those that follow a start at `from`. */
export function dueTimes(
  schedule: Schedule,
  { from, zone, count }: { from: Instant; zone: TimeZone; count: number },
): Instant[] {
  const basis = { zone, lastStartedAt: from }
  const times: Instant[] = []
  let due = nextDue(schedule, from - 1, basis)
  while (due !== undefined && times.length < count) {
    times.push(due)
    due = nextDue(schedule, due, basis)
  }
  return times
}

const readers = new Map([
  ['cron', readCron],
  ['calendar', readCalendar],
  ['every', readEvery],
  ['manual', readManual],
])

function readCron(words: readonly string[]): Schedule {
  const { text, ...cron } = parseCron(words)
  return { kind: 'cron', text: `cron ${text}`, zone: undefined, ...cron }
}

function readCalendar(words: readonly string[]): Schedule {
  const { text, ...calendar } = parseCalendar(words)
  // systemd passes over wall times that a clock change skips, and takes the first of those that are shown twice.
  return {
    kind: 'calendar',
    text: `calendar ${text}`,
    onClockChange: { repeats: false, catchesUp: false },
    ...calendar,
  }
}

const units = { d: days(1), h: hours(1), m: minutes(1) }

function readEvery(words: readonly string[]): Schedule {
  const text = words.join(' ')
  const [, count = '', unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const intervalMs = Number(count) * (unit === 'd' || unit === 'h' || unit === 'm' ? units[unit] : 0)
  if (intervalMs < minutes(1) || intervalMs > days(366)) {
    const quoted = JSON.stringify(text.slice(0, 40))
    throw new AppError(
      'invalid',
      `${quoted} is not an interval from 1m to 366d, in minutes (m), hours (h) or days (d); write for example: every 6h.`,
    )
  }
  return { kind: 'every', text: `every ${formatInterval(intervalMs)}`, intervalMs }
}

function formatInterval(intervalMs: number): string {
  const [unit, unitMs] = Object.entries(units).find(([, unitMs]) => intervalMs % unitMs === 0) ?? ['m', minutes(1)]
  return `${intervalMs / unitMs}${unit}`
}

function readManual(words: readonly string[]): Schedule {
  if (words.length === 0) return { kind: 'manual', text: 'manual' }
  const rest = JSON.stringify(words.join(' ').slice(0, 40))
  throw new AppError('invalid', `Nothing may follow the word manual, not ${rest}; write for example: manual.`)
}

function nextInterval(intervalMs: number, after: Instant, lastStartedAt: Instant | undefined): Instant | undefined {
  if (lastStartedAt === undefined) return undefined
  return lastStartedAt + Math.max(Math.floor((after - lastStartedAt) / intervalMs) + 1, 1) * intervalMs
}

function previousInterval(intervalMs: number, at: Instant, lastStartedAt: Instant | undefined): Instant | undefined {
  if (lastStartedAt === undefined || at < lastStartedAt + intervalMs) return undefined
  return lastStartedAt + Math.floor((at - lastStartedAt) / intervalMs) * intervalMs
}

function neverComes(schedule: Schedule): boolean {
  if (schedule.kind === 'every' || schedule.kind === 'manual') return false
  if (schedule.zone !== undefined) return nextDue(schedule, -1, { zone: schedule.zone }) === undefined
  return findFirstWallTime(schedule.pattern, 0) === undefined
}

function comesNever({ kind, text }: Schedule): AppError {
  const right = kind === 'calendar' ? 'calendar *-02~01 23:00' : 'cron 0 23 L 2 *'
  return new AppError('invalid', `"${text}" never comes: there is no such time; write for example: ${right}.`)
}

function checkLength({ length }: string): void {
  if (length <= longestText) return
  const message = `A schedule has at most ${longestText} characters, not ${length}; write for example: ${example}.`
  throw new AppError('invalid', message)
}

function notASchedule(text: string): AppError {
  const quoted = JSON.stringify(text.trim().slice(0, 60))
  return new AppError(
    'invalid',
    `${quoted} is not a schedule: it begins with cron, calendar, every or manual; write for example: ${example}.`,
  )
}
