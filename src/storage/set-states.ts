import type { CurrentOccurrence } from '../app/ports.ts'
import type { Database } from './database.ts'
import { prepare } from './prepared.ts'
import { factColumnNames, toRunFacts } from './run-columns.ts'

/** Builds the look-up that every report of a computer rests on: its sets with their newest backup runs, in no order. */
export function prepareCurrentOccurrences(
  database: Database,
): (accountId: number, computerKey: number) => Promise<CurrentOccurrence[]> {
  const query = prepare(database, (accountId: number, computerKey: number) =>
    database.reader
      .selectFrom('set_states')
      .select(['set_name', 'run_limit_ms', ...factColumnNames])
      .where('account_id', '=', accountId)
      .where('computer_key', '=', computerKey),
  )
  return async (accountId, computerKey) => {
    const rows = await query(accountId, computerKey)
    return rows.map(row => ({ backupsetName: row.set_name, run: toRunFacts(row), runLimitMs: row.run_limit_ms }))
  }
}
