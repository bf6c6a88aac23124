import type { ConditionChange } from '../app/ports.ts'
import type { ConditionRule, ConditionStatus } from '../domain/condition.ts'
import { sql } from 'kysely'
import type { SetChange } from '../app/set-days.ts'
import type { Instant } from '../domain/instant.ts'
import type { Db } from './database.ts'
import { isOneOfSets, type SetKey } from './set-keys.ts'

/** The changes of a set's condition, newest first: at most `most` of those before the change `before`. */
export async function listConditionChanges(
  db: Db,
  accountId: number,
  setId: number,
  { before, most }: { before?: number; most: number },
): Promise<ConditionChange[]> {
  const rows = await db
    .selectFrom('condition_changes')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('set_id', '=', setId)
    .$if(before !== undefined, query => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(row => ({
    id: row.id,
    at: row.at,
    foundAt: row.found_at,
    rules: readRules(row.rules),
    // Only judging writes these columns.
    status: row.status as ConditionStatus | null,
    previousStatus: row.previous_status as ConditionStatus | null,
    dueAt: row.due_at,
    runId: row.run_id,
    retractedAt: row.retracted_at,
  }))
}

/**
 * The changes of some sets that were found at `since` or later, and of each set the last one before that was not taken
 * back, in the order in which they were found; at most `most`: the newest.
 */
export async function listChangesSince(
  db: Db,
  sets: readonly SetKey[],
  { since, most }: { since: Instant; most: number },
): Promise<SetChange[]> {
  const rows = await db
    .selectFrom('condition_changes as c')
    .select(['c.set_id', 'c.at', 'c.rules', 'c.retracted_at'])
    .where(isOneOfSets('c', sets))
    .where(
      sql<boolean>`c.id >= coalesce((select b.id from condition_changes as b
        where b.account_id = c.account_id and b.set_id = c.set_id and b.found_at < ${since} and b.retracted_at is null
        order by b.id desc limit 1), 0)`,
    )
    .orderBy('c.id', 'desc')
    .limit(most)
    .execute()
  return rows.reverse().map(({ set_id, at, rules, retracted_at }) => ({
    setId: set_id,
    at,
    rules: readRules(rules),
    retractedAt: retracted_at,
  }))
}

/** The number of the newest change of whatever set; 0 where there is none. */
export async function newestConditionChange(db: Db): Promise<number> {
  const row = await db.selectFrom('condition_changes').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? 0
}

/** Rules as a column holds them: their names, separated by spaces. */
export function toRulesText(rules: readonly ConditionRule[]): string {
  return rules.join(' ')
}

/** The rules that a column holds. */
export function readRules(text: string | null): ConditionRule[] {
  return text === null ? [] : (text.split(' ') as ConditionRule[])
}
