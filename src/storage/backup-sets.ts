import type { AskedSets } from '../app/ports.ts'
import type { BackupSetChange, NewBackupSet, NewExpectation } from '../app/tree-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Plugin } from '../domain/run.ts'
import { toSlug } from '../domain/slug.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given, toFlag } from './given.ts'
import { addJudgement, judgeAnew } from './judgements.ts'
import {
  type ExpectationColumns,
  expectationColumnNames,
  toExpectationColumns,
  toOwnExpectation,
} from './set-columns.ts'

/** A query for backup sets. */
export const setsOf = (db: Db) =>
  db
    .selectFrom('backup_sets')
    .select([
      'id',
      'account_id',
      'computer_key',
      'name',
      'slug',
      'plugin',
      'tool',
      'time_zone',
      'enabled',
      'created_at',
    ])
    .select(expectationColumnNames)

type SetRow = ExpectationColumns & {
  id: number
  account_id: number
  computer_key: number
  name: string
  slug: string
  plugin: string
  tool: string | null
  time_zone: string | null
  enabled: number
  created_at: number
}

/** A backup set as a row of that query has it. */
export function toBackupSet(row: SetRow): BackupSet {
  return {
    ...toOwnExpectation(row),
    id: row.id,
    accountId: row.account_id,
    computerKey: row.computer_key,
    name: row.name,
    slug: row.slug,
    tool: row.tool,
    // Only this file and the recording of runs write the column, both from a checked value.
    plugin: row.plugin as Plugin,
    ownTimeZone: row.time_zone,
    enabled: row.enabled !== 0,
    createdAt: row.created_at,
  }
}

/** Adds a backup set to a computer; it is expected from now on. */
export async function addBackupSet(db: Db, set: NewBackupSet, now: Instant): Promise<BackupSet> {
  const { slug = toSlug(set.name), tool = null, enabled = true } = set
  const beginning = { enabled, createdAt: now, expectedFrom: now, missedBefore: null }
  const added: Omit<BackupSet, 'id'> = { ...set, slug, tool, ...beginning }
  const { schedule, graceMs, earlyToleranceMs, runLimitMs, rpoMs, presence } = set
  const { id } = await db
    .insertInto('backup_sets')
    .values({
      account_id: set.accountId,
      computer_key: set.computerKey,
      name: set.name,
      slug,
      plugin: set.plugin,
      tool,
      schedule: schedule.text,
      time_zone: set.ownTimeZone,
      grace_ms: graceMs,
      early_tolerance_ms: earlyToleranceMs,
      run_limit_ms: runLimitMs,
      rpo_ms: rpoMs,
      presence: presence.kind,
      not_seen_ms: presence.kind === 'required' ? presence.notSeenMs : 0,
      expected_from: now,
      missed_before: null,
      enabled: Number(enabled),
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addJudgement(db, { ...set, setId: id })
  return { ...added, id }
}

/** The set of this name on a computer. */
export async function findBackupSet(
  db: Db,
  { accountId, computerKey, name }: Pick<BackupSet, 'accountId' | 'computerKey' | 'name'>,
): Promise<BackupSet | undefined> {
  const row = await setsOf(db)
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && toBackupSet(row)
}

/** The sets of a computer, in order of their names. */
export async function listBackupSets(db: Db, accountId: number, computerKey: number): Promise<BackupSet[]> {
  const rows = await setsOf(db)
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .orderBy('name')
    .execute()
  return rows.map(toBackupSet)
}

/** One page of the sets of a computer that are asked for, and how many those are. */
export async function findSetPage(
  db: Db,
  { accountId, key }: Pick<Computer, 'accountId' | 'key'>,
  { plugins, enabled, orderBy, isDescending, skip, most }: AskedSets,
): Promise<{ sets: BackupSet[]; count: number }> {
  const direction = isDescending ? 'desc' : 'asc'
  const asked = setsOf(db)
    .where('account_id', '=', accountId)
    .where('computer_key', '=', key)
    .$if(plugins !== undefined, query => query.where('plugin', 'in', plugins ?? []))
    .$if(enabled !== undefined, query => query.where('enabled', '=', toFlag(enabled) ?? 0))
  const { count } = await asked
    .clearSelect()
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  // The name alone orders the sets of a computer in full.
  const rows = await asked.orderBy(orderBy, direction).orderBy('name', direction).limit(most).offset(skip).execute()
  return { sets: rows.map(toBackupSet), count }
}

/** Changes what is given of a set, which is then judged anew. */
export async function changeBackupSet(db: Db, id: number, change: BackupSetChange): Promise<void> {
  const { name, plugin, tool, ownTimeZone, enabled } = change
  const columns = given({
    name,
    plugin,
    tool,
    time_zone: ownTimeZone,
    enabled: toFlag(enabled),
    ...toExpectationColumns(change),
  })
  if (!columns) return
  await db.updateTable('backup_sets').set(columns).where('id', '=', id).execute()
  const account = db.selectFrom('backup_sets').select('account_id').where('id', '=', id)
  await judgeAnew(db, judgements => judgements.where('account_id', '=', account).where('set_id', '=', id))
}

/** Lets sets be expected to do what they now say from an instant on. */
export async function setExpectations(db: Db, expectations: readonly NewExpectation[]): Promise<void> {
  for (const { setId, expectedFrom, missedBefore } of expectations) {
    await db
      .updateTable('backup_sets')
      .set({ expected_from: expectedFrom, missed_before: missedBefore })
      .where('id', '=', setId)
      .execute()
  }
}

/** Removes a set with the runs that were recorded for it, with its pings, and with what was found of it. */
export async function removeBackupSet(db: Db, id: number): Promise<void> {
  const set = await db.selectFrom('backup_sets').select('account_id').where('id', '=', id).executeTakeFirst()
  if (!set) return
  const { account_id: accountId } = set
  const runs = db.selectFrom('runs').select('id').where('account_id', '=', accountId).where('set_id', '=', id)
  await db.deleteFrom('run_logs').where('account_id', '=', accountId).where('run_id', 'in', runs).execute()
  for (const table of tablesOfSets) {
    await db.deleteFrom(table).where('account_id', '=', accountId).where('set_id', '=', id).execute()
  }
  await db.deleteFrom('backup_sets').where('id', '=', id).execute()
}

const tablesOfSets = [
  'runs',
  'set_states',
  'judgements',
  'condition_changes',
  'pings',
  'pinged_runs',
  'set_ping_ids',
  'mail_rules',
  'outbox',
] as const
