import type { SetState } from '../app/ports.ts'
import type { Database } from './database.ts'
import { prepare } from './prepared.ts'
import { factColumnNames, toRunFacts } from './run-columns.ts'
import type { RunColumns } from './tables.ts'

/** The columns that say what is known of a set, beside the facts of its newest run. */
export const stateColumnNames = [
  'open_started_at',
  'open_updated_at',
  'good_started_at',
  'good_ended_at',
  'failed_runs',
] as const

type StateColumns = RunColumns & {
  open_started_at: number | null
  open_updated_at: number | null
  good_started_at: number | null
  good_ended_at: number | null
  failed_runs: number
}

/** Builds the look-up that every report of a computer rests on: what is known of its sets that have run, in no order. */
export function prepareSetStates(database: Database): (accountId: number, computerKey: number) => Promise<SetState[]> {
  const query = prepare(database, (accountId: number, computerKey: number) =>
    database.reader
      .selectFrom('set_states')
      .select(['set_id', ...stateColumnNames, ...factColumnNames])
      .where('account_id', '=', accountId)
      .where('computer_key', '=', computerKey),
  )
  return async (accountId, computerKey) => (await query(accountId, computerKey)).map(row => toSetState(row.set_id, row))
}

/** What is known of a set, as its columns hold it. */
export function toSetState(setId: number, row: StateColumns): SetState {
  const { open_started_at: startedAt, open_updated_at: updatedAt } = row
  return {
    setId,
    newestRun: toRunFacts(row),
    openRun: startedAt === null ? null : { startedAt, updatedAt: updatedAt ?? startedAt },
    lastGoodAt: row.good_started_at,
    lastGoodEndedAt: row.good_ended_at,
    failedRuns: row.failed_runs,
  }
}
