import { setImmediate } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import type { Db } from './database.ts'
import { newestFirst } from './run-columns.ts'
import { toBytes } from './usage.ts'

/** After so many looks into the history of a set others get their turn: a few hundredths of a second. */
const mostLooks = 5_000

/**
 * What the backups of a node took up, in bytes, at each of some moments: of every backup set at or below it the bytes of
 * its newest good backup that had ended by then and of which they are known. Sets of a computer that was deleted count
 * until then. For each set and moment it takes one look into the index of the runs, however many there are; sets of
 * which no bytes are known take none.
 */
export async function usageAt(db: Db, node: TreeNode, moments: readonly Instant[]): Promise<number[]> {
  const { rows: counted } = await sql<{ count: number }>`
    select count(*) as count from ${setsBelow(node)} and states.good_bytes is not null`.execute(db)
  const atOnce = Math.max(1, Math.floor(mostLooks / Math.max(1, counted[0]?.count ?? 0)))
  const sums = new Map<Instant, number>()
  const different = [...new Set(moments)]
  for (let from = 0; from < different.length; from += atOnce) {
    if (from > 0) await setImmediate()
    const { rows } = await sumAt(node, different.slice(from, from + atOnce)).execute(db)
    for (const { at, bytes } of rows) sums.set(at, bytes ?? 0)
  }
  return moments.map(moment => toBytes(sums.get(moment) ?? 0))
}

function sumAt(node: TreeNode, moments: readonly Instant[]): RawBuilder<{ at: Instant; bytes: number | null }> {
  const values = sql.join(moments.map(moment => sql`(cast(${moment} as bigint))`))
  return sql`
    with moments (at) as (values ${values})
    select moments.at as at, sum(cast((
        select runs.bytes from runs
        where runs.account_id = states.account_id and runs.set_id = states.set_id and runs.outcome = 1
          and runs.bytes is not null and runs.started_at <= moments.at and runs.updated_at <= moments.at
        order by ${sql.raw(newestFirst('runs'))} limit 1) as double precision)) as bytes
    from moments cross join ${setsBelow(node)} and states.good_bytes is not null
      and (computers.status <> 'deleted' or computers.deleted_at > moments.at)
    group by moments.at`
}

/** What is known of the sets below a node, with their computers: tables, and the condition that they hang below it. */
function setsBelow({ partnerPath, accountId, computerKey }: TreeNode): RawBuilder<unknown> {
  const tables = sql`set_states as states join computers
    on computers.account_id = states.account_id and computers.key = states.computer_key`
  if (accountId === null) {
    return sql`${tables} where states.account_id in (select accounts.id from accounts
      join partners on partners.id = accounts.partner_id where partners.path like ${`${partnerPath}%`})`
  }
  const ofAccount = sql`${tables} where states.account_id = ${accountId}`
  return computerKey === null ? ofAccount : sql`${ofAccount} and states.computer_key = ${computerKey}`
}
