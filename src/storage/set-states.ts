import type { SetState, Store } from '../app/ports.ts'
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

/**
 * Builds the look-up that every report of a computer rests on: what is known of its sets that have run, in no order. Given
 * the version of the account that it must be as new as, a replica is asked first.
 */
export function prepareSetStates(database: Database): Store['setStates'] {
  const select = (accountId: number, computerKey: number) =>
    database.reader
      .selectFrom('set_states')
      .select(['set_id', ...stateColumnNames, ...factColumnNames])
      .where('account_id', '=', accountId)
      .where('computer_key', '=', computerKey)
  const query = prepare(database, select)
  const { replica } = database
  const onReplica =
    replica &&
    prepare(replica, (accountId: number, computerKey: number, version: number, timeline: number) =>
      // One statement has one snapshot: of the rows, of their version, and of the timeline that the standby follows.
      select(accountId, computerKey)
        .where(eb => eb.fn<boolean>('pg_is_in_recovery', []))
        .where(eb =>
          eb.exists(
            eb
              .selectFrom('data_versions')
              .select('data_versions.version')
              .where('data_versions.account_id', '=', accountId)
              .where('data_versions.version', '>=', version),
          ),
        )
        .where(eb =>
          eb.exists(
            eb
              .selectFrom('server_pulses')
              .select('server_pulses.id')
              .where('server_pulses.id', '=', 1)
              .where('server_pulses.timeline', '=', timeline),
          ),
        ),
    )
  return async (accountId, computerKey, version) => {
    const timeline = version === undefined ? undefined : replica?.timeline()
    const isAskable = onReplica !== null && version !== undefined && timeline !== undefined
    const found = isAskable ? await onReplica(accountId, computerKey, version, timeline) : []
    const rows = found.length > 0 ? found : await query(accountId, computerKey)
    return rows.map(row => toSetState(row.set_id, row))
  }
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
