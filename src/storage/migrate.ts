import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { AppError } from '../domain/app-error.ts'
import type { Db, SqlDialect } from './database.ts'
import { migrations } from './migrations/index.ts'
import { assertWholeCopy } from './unfinished-copy.ts'

const migrationTable = 'migrations'

/**
 * Brings the schema up to date, in one transaction. Several processes may start at once: one migrates, the others wait.
 * Throws `invalid`, and changes nothing, when a newer program has migrated the database already, or when it is a copy that
 * was not finished.
 */
export async function migrate(db: Db, dialect: SqlDialect): Promise<void> {
  await db.transaction().execute(async transaction => {
    await sql.raw(dialect.lockMigrations).execute(transaction)
    const tables = await transaction.introspection.getTables()
    assertWholeCopy(tables)
    if (tables.some(table => table.name === migrationTable)) {
      const { rows } = await sql<{ name: string }>`${sql.raw(migrationNames)}`.execute(transaction)
      assertNotNewer(rows.map(({ name }) => name))
    }
    const { error } = await buildMigrator(transaction, dialect).migrateToLatest()
    if (error) throw error
  })
}

/** Builds what brings a schema up to date, or up to one of the migrations. */
export function buildMigrator(db: Db, dialect: SqlDialect): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrationsFor(dialect)) },
    migrationTableName: migrationTable,
    migrationLockTableName: `${migrationTable}_lock`,
  })
}

/** Lists the migrations that a database has seen. */
export const migrationNames = `select name from ${migrationTable}`

/** Throws `invalid` when a database has not seen a migration of this program yet, or one that it does not know. */
export function assertCurrent(applied: string[], shown: string): void {
  assertNotNewer(applied)
  const missing = Object.keys(migrations).find(name => !applied.includes(name))
  if (!missing) return
  throw new AppError(
    'invalid',
    `${shown} was last used by an older Lastgood (it lacks the migration ${missing}): start this version on it once, such as with lastgood doctor --database. It was left as it is.`,
  )
}

/** Throws `invalid` when a database has seen a migration that this program does not know. */
export function assertNotNewer(applied: string[]): void {
  const unknown = applied.find(name => !(name in migrations))
  if (!unknown) return
  throw new AppError(
    'invalid',
    `The database was written by a newer Lastgood (it has the migration ${unknown}): install that version or a newer one. It was left as it is.`,
  )
}

function migrationsFor(dialect: SqlDialect): Record<string, Migration> {
  const entries = Object.entries(migrations).map(([name, up]): [string, Migration] => [
    name,
    { up: db => up(db, dialect) },
  ])
  return Object.fromEntries(entries)
}
