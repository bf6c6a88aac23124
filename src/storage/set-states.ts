import type { CurrentOccurrence } from '../app/ports.ts'
import type { Db } from './database.ts'
import { prepare } from './prepared.ts'
import { factColumnNames, toRunFacts } from './run-columns.ts'

/** Builds the look-up that every report of a computer rests on: its sets with their newest backup runs, by name. */
export function prepareCurrentOccurrences(
  db: Db,
): (accountId: number, computerKey: number) => Promise<CurrentOccurrence[]> {
  const query = prepare(db, (accountId: number, computerKey: number) =>
    db
      .selectFrom('set_states')
      .innerJoin('backup_sets', join =>
        join
          .onRef('backup_sets.account_id', '=', 'set_states.account_id')
          .onRef('backup_sets.id', '=', 'set_states.set_id'),
      )
      .select(['backup_sets.name as set_name', 'backup_sets.run_limit_ms as run_limit_ms'])
      .select(factColumnNames.map(name => `set_states.${name}` as const))
      .where('set_states.account_id', '=', accountId)
      .where('set_states.computer_key', '=', computerKey)
      .orderBy('backup_sets.name'),
  )
  return async (accountId, computerKey) => {
    const rows = await query(accountId, computerKey)
    return rows.map(row => ({ backupsetName: row.set_name, run: toRunFacts(row), runLimitMs: row.run_limit_ms }))
  }
}
