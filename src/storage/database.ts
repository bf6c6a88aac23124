import type { Kysely } from 'kysely'
import type { PingSource, RunPlace, Version } from '../app/ports.ts'
import type { Ping } from '../domain/ping.ts'
import type { RunReport } from '../domain/run-report.ts'
import type { RunBatch } from './batches.ts'
import type { Replica } from './postgres-replica.ts'
import type { Tables } from './tables.ts'

/** Kysely on the tables, in a transaction or not. */
export type Db = Kysely<Tables>

/** The type of a column, as both databases can name it. */
export type ColumnType = 'bigint' | 'text'

/**
 * What the two databases write differently. A statement over rows is written once: `rows` stands for its input, which
 * SQLite is handed one row at a time and PostgreSQL as a whole.
 */
export type SqlDialect = {
  kind: 'sqlite' | 'postgres'
  /** The definition of a key that the database counts up. */
  identity: string
  /** The type of a text column: compared code unit by code unit, whatever the language of the database. */
  text: string
  /** What makes a table lie in the order of its key, where that is said of the table. */
  inKeyOrder: string
  /** Locks the rows of a table that a query finds, behind the query; `how` it treats those that are locked already. */
  forUpdate: (table: string, how: '' | 'skip locked') => string
  /** A condition that takes an account for this transaction to judge, and does not hold where another one has it. */
  claim: (account: string) => string
  /** Joins to the input rows `r` the runs that have their names: account, computer and `run_key`. */
  joinNamedRuns: string
  /** The timeline that a primary writes on, as a number; null where there are none. */
  timeline: string
  /** Has a transaction that migrates wait until no other one does. */
  lockMigrations: string
  /** The input rows of a statement as a relation with these columns. */
  rows: (columns: Record<string, ColumnType>) => string
}

/** A run on its way in, with its place. */
export type RecordRequest = { place: RunPlace; report: RunReport }

/** A ping on its way in, with its set and where that is. */
export type PingRequest = { place: RunPlace; setId: number; ping: Ping; source: PingSource }

/**
 * An open database: what the store is built on.
 * `reader` sees every commit that was answered before; `writer` is the only way to change anything.
 */
export type Database = {
  dialect: SqlDialect
  reader: Db
  writer: Db
  /** Changes what takes long: no statement of it is ended by a time limit. */
  unhurried: Db
  /** Runs the text of one reading statement: what prepared queries use, by the shortest way. */
  read: (sql: string, parameters: readonly unknown[]) => unknown[] | Promise<unknown[]>
  /** A standby that answers some reads, where there is one. */
  replica: Replica | null
  /** Makes one of the changes that are made many at a time. */
  batch: RunBatch
  /** How many batches of a kind may be on their way at once. */
  concurrentBatches: number
  /** The version of an account's data, 0 for the tree of administration. */
  version(accountId: number): Version | Promise<Version>
  /** Gives some of the space that is free in the file back to the disk; answers whether there is more of it. */
  shrink(): Promise<boolean>
  close(): Promise<void>
}
