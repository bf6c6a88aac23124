import type { SqlDialect } from './database.ts'

/** What SQLite writes differently from PostgreSQL. Its input rows come one at a time, each a row of parameters. */
export const sqliteDialect: SqlDialect = {
  kind: 'sqlite',
  identity: 'integer primary key autoincrement',
  text: 'text',
  inKeyOrder: ' without rowid',
  // Whoever changes an SQLite file has it for himself.
  forUpdate: () => '',
  claim: () => 'true',
  timeline: 'null',
  lockMigrations: 'select 1',
  joinNamedRuns:
    'join runs on runs.account_id = r.account_id and runs.computer_key = r.computer_key and runs.run_key = r.run_key',
  rows: columns =>
    `(select ${Object.keys(columns)
      .map(name => `? as ${name}`)
      .join(', ')})`,
}

/** `LGOD` in ASCII: how one of our files says that it is ours (SQLite manual, PRAGMA application_id). */
export const applicationId = 0x4c474f44

/**
 * How the writer opens a file. FULL: a commit is on disk before it is answered. The checkpoint interval is a measured
 * middle between throughput and the longest wait.
 */
export const writerPragmas =
  'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16384; pragma wal_autocheckpoint = 4000'

/** How a reader opens a file. */
export const readerPragmas = 'pragma cache_size = -16384; pragma query_only = on'
