import type { NewBackupSet } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Plugin } from '../domain/run.ts'
import type { BackupSet } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given, toFlag } from './given.ts'

const setsOf = (db: Db) =>
  db
    .selectFrom('backup_sets')
    .select([
      'id',
      'account_id as accountId',
      'computer_key as computerKey',
      'name',
      'plugin',
      'run_limit_ms as runLimitMs',
      'enabled',
      'created_at as createdAt',
    ])

type SetRow = Omit<BackupSet, 'plugin' | 'enabled'> & { plugin: string; enabled: number }

// Only this file and the recording of runs write the column, both from a checked value.
const toBackupSet = (row: SetRow): BackupSet => ({ ...row, plugin: row.plugin as Plugin, enabled: row.enabled !== 0 })

/** Adds a backup set to a computer. */
export async function addBackupSet(db: Db, set: NewBackupSet, now: Instant): Promise<BackupSet> {
  const { accountId, computerKey, name, plugin, runLimitMs } = set
  const added = await db
    .insertInto('backup_sets')
    .values({
      account_id: accountId,
      computer_key: computerKey,
      name,
      plugin,
      run_limit_ms: runLimitMs,
      enabled: 1,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: added.id, accountId, computerKey, name, plugin, runLimitMs, enabled: true, createdAt: now }
}

/** The set of this name on a computer. */
export async function findBackupSet(db: Db, computerKey: number, name: string): Promise<BackupSet | undefined> {
  const row = await setsOf(db).where('computer_key', '=', computerKey).where('name', '=', name).executeTakeFirst()
  return row && toBackupSet(row)
}

/** The sets of a computer, in order of their names. */
export async function listBackupSets(db: Db, computerKey: number): Promise<BackupSet[]> {
  const rows = await setsOf(db).where('computer_key', '=', computerKey).orderBy('name').execute()
  return rows.map(toBackupSet)
}

/** Changes what is given of a set. */
export async function changeBackupSet(
  db: Db,
  id: number,
  { name, plugin, runLimitMs, enabled }: Partial<Pick<BackupSet, 'name' | 'plugin' | 'runLimitMs' | 'enabled'>>,
): Promise<void> {
  const change = given({ name, plugin, run_limit_ms: runLimitMs, enabled: toFlag(enabled) })
  if (!change) return
  await db.updateTable('backup_sets').set(change).where('id', '=', id).execute()
  const shown = given({ set_name: name, run_limit_ms: runLimitMs })
  if (shown) await db.updateTable('set_states').set(shown).where('set_id', '=', id).execute()
}

/** Removes a set with the runs that were recorded for it. */
export async function removeBackupSet(db: Db, id: number): Promise<void> {
  const runs = db.selectFrom('runs').select('id').where('set_id', '=', id)
  await db.deleteFrom('run_logs').where('run_id', 'in', runs).execute()
  await db.deleteFrom('runs').where('set_id', '=', id).execute()
  await db.deleteFrom('set_states').where('set_id', '=', id).execute()
  await db.deleteFrom('backup_sets').where('id', '=', id).execute()
}
