import { sql } from 'kysely'
import type { StoredRun } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { RunMessage } from '../domain/run.ts'
import { defaultRunLimitMs } from '../domain/expectation.ts'

import type { Db } from './database.ts'
import { factColumnNames, newestFirst, toRunFacts } from './run-columns.ts'
import type { RunColumns } from './tables.ts'

/** A query for runs with what their conditions need to know of their sets. */
export const storedRuns = (db: Db) =>
  db
    .selectFrom('runs')
    .leftJoin('backup_sets', join =>
      join.onRef('backup_sets.account_id', '=', 'runs.account_id').onRef('backup_sets.id', '=', 'runs.set_id'),
    )
    .select(['runs.id', 'runs.run_key', 'runs.received_at', 'backup_sets.name as set_name', 'backup_sets.run_limit_ms'])
    .select(factColumnNames.map(name => `runs.${name}` as const))

type StoredRow = RunColumns & {
  id: number
  run_key: string
  received_at: number
  set_name: string | null
  run_limit_ms: number | null
}

/** A run as a row of that query has it. */
export function toStoredRun(row: StoredRow): StoredRun {
  return {
    ...toRunFacts(row),
    id: row.id,
    runKey: row.run_key,
    backupsetName: row.set_name,
    runLimitMs: row.run_limit_ms ?? defaultRunLimitMs,
    receivedAt: row.received_at,
  }
}

type RunName = { accountId: number; computerKey: number; id: number }

/** A run of a computer by its id. */
export async function findRun(db: Db, { accountId, computerKey, id }: RunName): Promise<StoredRun | undefined> {
  const row = await storedRuns(db)
    .where('runs.account_id', '=', accountId)
    .where('runs.computer_key', '=', computerKey)
    .where('runs.id', '=', id)
    .executeTakeFirst()
  return row && toStoredRun(row)
}

/** The backup runs of a set that started at `from` or later, oldest first; of more than `most` the newest. */
export async function listBackupRuns(
  db: Db,
  { accountId, setId, from, most }: { accountId: number; setId: number; from: Instant; most: number },
): Promise<StoredRun[]> {
  const rows = await storedRuns(db)
    .where('runs.account_id', '=', accountId)
    .where('runs.set_id', '=', setId)
    .where('runs.type', '=', 'backup')
    .where('runs.started_at', '>=', from)
    .orderBy(sql.raw(newestFirst('runs')))
    .limit(most)
    .execute()
  return rows.map(toStoredRun).toReversed()
}

/** What a run logged, and when that was last received; undefined when there is no such run. */
export async function findRunLog(
  db: Db,
  { accountId, computerKey, id }: RunName,
): Promise<{ messages: RunMessage[]; log: string; receivedAt: Instant | null } | undefined> {
  const row = await db
    .selectFrom('runs')
    .leftJoin('run_logs', join =>
      join.onRef('run_logs.account_id', '=', 'runs.account_id').onRef('run_logs.run_id', '=', 'runs.id'),
    )
    .select(['runs.received_at as run_received_at', 'run_logs.messages', 'run_logs.log', 'run_logs.received_at'])
    .where('runs.account_id', '=', accountId)
    .where('runs.computer_key', '=', computerKey)
    .where('runs.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  // A run that never logged anything has no log of its own.
  const receivedAt = row.log === null ? row.run_received_at : row.received_at
  // Only the recording of runs writes messages, and it is handed checked ones.
  return { messages: JSON.parse(row.messages ?? '[]') as RunMessage[], log: row.log ?? '', receivedAt }
}

/** Of some runs of an account those that have logged something. */
export async function findLoggedRuns(db: Db, accountId: number, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('run_logs')
    .select('run_id')
    .where('account_id', '=', accountId)
    .where('run_id', 'in', ids)
    .where('log', '<>', '')
    .execute()
  return rows.map(row => row.run_id)
}
