import { Kysely, PostgresDialect } from 'kysely'
import { buildBatchWork, doBatch } from './batches.ts'
import type { Database, Db } from './database.ts'
import { migrate } from './migrate.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { toPostgresError } from './postgres-errors.ts'
import { buildJudge, judging } from './postgres-judging.ts'
import { asNamingPool } from './postgres-kysely.ts'
import { openPool, type PostgresOptions } from './postgres-pool.ts'
import { readFrom } from './postgres-statements.ts'
import { inTransaction } from './postgres-transactions.ts'
import { buildVersions } from './postgres-versions.ts'
import type { Tables } from './tables.ts'

/**
 * Opens a PostgreSQL database and brings its schema up to date. Throws `unavailable` when it cannot be reached and
 * `invalid` when a newer program has migrated it.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = openPool(options)
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: asNamingPool(pool) }) })
  try {
    await migrate(db, postgresDialect)
  } catch (error) {
    await db.destroy()
    throw toPostgresError(error)
  }
  const work = buildBatchWork(postgresDialect)
  const judge = buildJudge(options.url)
  return {
    dialect: postgresDialect,
    reader: db,
    writer: db,
    read: (sql, parameters) => readFrom(pool, sql, parameters),
    // A change answers what the one of its name answers.
    batch: (name, input) =>
      (judging.has(name)
        ? judge.batch(name, input)
        : inTransaction(pool, run => doBatch(work, run, name, input))) as Promise<never>,
    concurrentBatches: 2,
    version: buildVersions(pool),
    // It does so by itself (PostgreSQL manual, "Routine Vacuuming").
    shrink: () => Promise.resolve(false),
    close: async () => {
      await judge.close()
      await db.destroy()
    },
  }
}
