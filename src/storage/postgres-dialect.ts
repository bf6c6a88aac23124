import type { SqlDialect } from './database.ts'

/** What PostgreSQL writes differently from SQLite. Its input rows come as one JSON array. */
export const postgresDialect: SqlDialect = {
  kind: 'postgres',
  identity: 'bigint generated always as identity',
  text: 'text collate "C"',
  inKeyOrder: '',
  forUpdate: (table, how) => ` for update of ${table} ${how}`,
  // The first number tells these locks from those of others (PostgreSQL manual, "Advisory Lock Functions").
  claim: account => `pg_try_advisory_xact_lock(19527, hashint8(${account}))`,
  // The first part of the name of a log file (PostgreSQL manual, "Write-Ahead Logging").
  timeline: `('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint`,
  // The start of a run says which partition it is in: of all the months one is looked into.
  joinNamedRuns: `join run_keys on run_keys.account_id = r.account_id and run_keys.computer_key = r.computer_key
      and run_keys.run_key = r.run_key
    join runs on runs.account_id = run_keys.account_id and runs.id = run_keys.run_id
      and runs.started_at = run_keys.started_at`,
  lockMigrations: 'select pg_advisory_xact_lock(19528, 1)',
  rows: columns => {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    return `(select * from json_to_recordset($1::json) as input (${definitions.join(', ')}))`
  },
}
