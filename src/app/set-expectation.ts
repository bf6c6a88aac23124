import { AppError } from '../domain/app-error.ts'
import { defaultNotSeenDays, type Expectation, expectationBounds } from '../domain/expectation.ts'
import { days, minutes } from '../domain/instant.ts'
import { parseSchedule } from '../domain/schedule.ts'
import { parseTimeZone } from '../domain/time-zone.ts'
import type { BackupSet } from '../domain/tree.ts'

/** What somebody says that is expected of a set: texts and whole numbers, as on the wire and on the command line. */
export type GivenExpectation = {
  /** The text of a schedule. */
  schedule?: string | undefined
  /** Null: that of its computer. */
  timeZone?: string | null | undefined
  graceMinutes?: number | undefined
  earlyToleranceMinutes?: number | undefined
  runLimitMinutes?: number | undefined
  /** Null: its last good backup may be as old as it likes. */
  rpoMinutes?: number | null | undefined
  presence?: 'ignored' | 'required' | undefined
  notSeenDays?: number | undefined
}

/** What messages call each. */
const members = {
  graceMinutes: 'grace_minutes',
  earlyToleranceMinutes: 'early_tolerance_minutes',
  runLimitMinutes: 'run_limit_minutes',
  rpoMinutes: 'rpo_minutes',
  notSeenDays: 'not_seen_days',
} as const satisfies Record<keyof typeof expectationBounds, string>

/** Reads what was given of an expectation; `own` is what the set has. Throws `invalid`, naming the member. */
export function readExpectation(
  given: GivenExpectation,
  own: Pick<Expectation, 'presence'>,
): Partial<Omit<Expectation, 'zone' | 'isEnabled'> & Pick<BackupSet, 'ownTimeZone'>> {
  const { schedule, timeZone, rpoMinutes } = given
  const minutesOf = (name: 'graceMinutes' | 'earlyToleranceMinutes' | 'runLimitMinutes') =>
    readMinutes(name, given[name])
  const [graceMs, earlyToleranceMs, runLimitMs] = [
    minutesOf('graceMinutes'),
    minutesOf('earlyToleranceMinutes'),
    minutesOf('runLimitMinutes'),
  ]
  const presence = readPresence(given, own)
  return {
    ...(schedule !== undefined && { schedule: parseSchedule(schedule) }),
    ...(timeZone !== undefined && { ownTimeZone: timeZone === null ? null : parseTimeZone(timeZone) }),
    ...(graceMs !== undefined && { graceMs }),
    ...(earlyToleranceMs !== undefined && { earlyToleranceMs }),
    ...(runLimitMs !== undefined && { runLimitMs }),
    ...(rpoMinutes !== undefined && { rpoMs: rpoMinutes === null ? null : readMinutes('rpoMinutes', rpoMinutes) }),
    ...(presence && { presence }),
  }
}

function readPresence(
  { presence, notSeenDays }: GivenExpectation,
  own: Pick<Expectation, 'presence'>,
): Expectation['presence'] | undefined {
  const count = notSeenDays === undefined ? undefined : readCount('notSeenDays', notSeenDays)
  const kind = presence ?? own.presence.kind
  if (kind === 'ignored' && count !== undefined) {
    throw new AppError('invalid', 'not_seen_days says nothing while presence is ignored; require it as well.')
  }
  if (presence === undefined && count === undefined) return undefined
  if (kind === 'ignored') return { kind }
  const ownMs = own.presence.kind === 'required' ? own.presence.notSeenMs : days(defaultNotSeenDays)
  return { kind, notSeenMs: count === undefined ? ownMs : days(count) }
}

function readMinutes(name: keyof typeof expectationBounds, count: number): number
function readMinutes(name: keyof typeof expectationBounds, count: number | undefined): number | undefined
function readMinutes(name: keyof typeof expectationBounds, count: number | undefined): number | undefined {
  return count === undefined ? undefined : minutes(readCount(name, count))
}

function readCount(name: keyof typeof expectationBounds, count: number): number {
  const { least, most } = expectationBounds[name]
  if (Number.isInteger(count) && count >= least && count <= most) return count
  throw new AppError('invalid', `${members[name]} must be a whole number from ${least} to ${most}, not ${count}.`)
}
