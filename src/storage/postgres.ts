import { buildBatchWork, doBatch } from './batches.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { toPostgresError } from './postgres-errors.ts'
import { buildJudge, judging } from './postgres-judging.ts'
import { toKysely } from './postgres-kysely.ts'
import { openConnections, type PostgresOptions } from './postgres-pool.ts'
import { openReplica } from './postgres-replica.ts'
import { readFrom } from './postgres-statements.ts'
import { inTransaction } from './postgres-transactions.ts'
import { buildVersions } from './postgres-versions.ts'

/**
 * Opens a PostgreSQL database and brings its schema up to date. Throws `unavailable` when it cannot be reached and
 * `invalid` when a newer program has migrated it.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  await migrateAlone(options)
  const connections = openConnections(options)
  const db = toKysely(connections)
  const unhurried = toKysely(openConnections({ ...options, connections: 2, timeoutMs: 0 }))
  const work = buildBatchWork(postgresDialect)
  const judge = buildJudge(options)
  const replica = options.readUrl === undefined ? null : openReplica(connections, options.readUrl, options)
  return {
    dialect: postgresDialect,
    reader: db,
    writer: db,
    unhurried,
    read: (sql, parameters) => readFrom(connections, sql, parameters),
    // A change answers what the one of its name answers.
    batch: (name, input) =>
      (judging.has(name)
        ? judge.batch(name, input)
        : inTransaction(connections, run => doBatch(work, run, name, input))) as Promise<never>,
    concurrentBatches: 2,
    version: buildVersions(connections, replica),
    replica,
    // It does so by itself (PostgreSQL manual, "Routine Vacuuming").
    shrink: () => Promise.resolve(false),
    close: async () => {
      await judge.close()
      await replica?.close()
      await unhurried.destroy()
      await db.destroy()
    },
  }
}

/** Migrates on one connection of its own, which may take any time. */
async function migrateAlone(options: PostgresOptions): Promise<void> {
  const db = toKysely(openConnections({ ...options, connections: 1, timeoutMs: 0, prepared: 'off' }))
  try {
    await migrate(db, postgresDialect)
  } catch (error) {
    throw toPostgresError(error)
  } finally {
    await db.destroy()
  }
}
