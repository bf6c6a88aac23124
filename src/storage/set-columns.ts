import type { Expectation } from '../domain/expectation.ts'
import { parseSchedule, type Schedule } from '../domain/schedule.ts'
import type { BackupSet } from '../domain/tree.ts'

/** The columns of a set that say what is expected of it. */
export const expectationColumnNames = [
  'schedule',
  'grace_ms',
  'early_tolerance_ms',
  'run_limit_ms',
  'rpo_ms',
  'presence',
  'not_seen_ms',
  'expected_from',
  'missed_before',
] as const

export type ExpectationColumns = {
  schedule: string
  grace_ms: number
  early_tolerance_ms: number
  run_limit_ms: number
  rpo_ms: number | null
  presence: string
  not_seen_ms: number
  expected_from: number
  missed_before: number | null
}

/** What is expected of a set, as its columns hold it. */
export function toOwnExpectation(row: ExpectationColumns): Omit<Expectation, 'zone' | 'isEnabled'> {
  return {
    schedule: readSchedule(row.schedule),
    graceMs: row.grace_ms,
    earlyToleranceMs: row.early_tolerance_ms,
    runLimitMs: row.run_limit_ms,
    rpoMs: row.rpo_ms,
    presence: row.presence === 'required' ? { kind: 'required', notSeenMs: row.not_seen_ms } : { kind: 'ignored' },
    expectedFrom: row.expected_from,
    missedBefore: row.missed_before,
  }
}

const schedules = new Map<string, Schedule>()

/** Most sets share a few schedules: each is read once. */
function readSchedule(text: string): Schedule {
  const known = schedules.get(text)
  if (known) return known
  if (schedules.size >= 10_000) schedules.clear()
  const schedule = parseSchedule(text)
  schedules.set(text, schedule)
  return schedule
}

/** The columns that hold what is given of an expectation. */
export function toExpectationColumns({
  schedule,
  graceMs,
  earlyToleranceMs,
  runLimitMs,
  rpoMs,
  presence,
  expectedFrom,
  missedBefore,
}: Partial<Omit<BackupSet, 'id'>>) {
  return {
    schedule: schedule?.text,
    grace_ms: graceMs,
    early_tolerance_ms: earlyToleranceMs,
    run_limit_ms: runLimitMs,
    rpo_ms: rpoMs,
    presence: presence?.kind,
    not_seen_ms: presence?.kind === 'required' ? presence.notSeenMs : undefined,
    expected_from: expectedFrom,
    missed_before: missedBefore,
  }
}
