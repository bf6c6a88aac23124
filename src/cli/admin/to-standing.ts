import { type ExplainedSet, explainSet } from '../../app/explain-set.ts'
import type { Facts } from '../../app/current-conditions.ts'
import type { Instant } from '../../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../../domain/local-time.ts'
import type { BackupSet, Computer } from '../../domain/tree.ts'
import { toSetRow } from './to-rows.ts'

/** What `--json` prints of a backup set that is shown: what is expected of it, and how it stands. */
export async function toStandingRow(facts: Facts, computer: Computer, set: BackupSet, now: Instant) {
  return { ...toSetRow(computer, set), ...toStanding(await explainSet(facts, computer, set, now)) }
}

/** A row of a table for people: the settings that tell sets apart, and how each stands. */
export function toShortRow(row: Awaited<ReturnType<typeof toStandingRow>>) {
  const { name, plugin, schedule, condition_status, last_success, failures_since_last_success, next_due } = row
  return {
    name,
    plugin,
    schedule,
    status: condition_status,
    last_success,
    failures_since: failures_since_last_success,
    next_due,
  }
}

function toStanding({ explanation, lastGoodEndedAt, failures }: ExplainedSet) {
  const { condition, nextDueAt, zone } = explanation
  const dateOf = (at: Instant | null) => (at === null ? null : formatLocalTime(toLocalTime(at, zone)))
  return {
    condition_status: condition?.status ?? null,
    condition_types: condition?.types ?? [],
    last_success: dateOf(lastGoodEndedAt),
    failures_since_last_success: failures.runs + failures.missed,
    next_due: dateOf(nextDueAt),
  }
}
