import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, PostgresDialect, sql, SqliteAdapter, SqliteDialect } from 'kysely'
import pg from 'pg'
import { isPostgresUrl } from '../../src/storage/database-url.ts'
import { buildMigrator, migrationNames } from '../../src/storage/migrate.ts'
import { postgresDialect } from '../../src/storage/postgres-dialect.ts'
import { applicationId, sqliteDialect } from '../../src/storage/sqlite-dialect.ts'
import type { Tables } from '../../src/storage/tables.ts'

/** A row as it is stored. */
export type Row = Record<string, string | number | null>

/** A database as anybody sees it who knows nothing of Lastgood, until it is closed. */
export type PlainDatabase = {
  kind: 'sqlite' | 'postgres'
  all: (statement: string) => Promise<Row[]>
  /** Brings it to where the program left it that knew no later migration than `last`. */
  migrateTo: (last: string) => Promise<void>
  close: () => Promise<void>
}

/** Opens a database of either kind, as it is, on one connection. */
export function openPlain(url: string): PlainDatabase {
  const dialect = isPostgresUrl(url) ? postgresDialect : sqliteDialect
  const db = isPostgresUrl(url) ? openPlainPostgres(url) : openPlainSqlite(new DatabaseSync(url))
  return {
    kind: dialect.kind,
    all: async statement => (await sql.raw<Row>(statement).execute(db)).rows,
    migrateTo: async last => {
      const { error } = await buildMigrator(db, dialect).migrateTo(last)
      if (error) throw error
    },
    close: () => db.destroy(),
  }
}

/** Does something with a database, and closes it. */
export async function withPlain<Result>(url: string, work: (database: PlainDatabase) => Promise<Result>) {
  const database = openPlain(url)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Lists the migrations that a database has seen, the newest last; none where it has seen nothing. */
export async function readVersions({ kind, all }: PlainDatabase): Promise<string[]> {
  const catalog = kind === 'sqlite' ? 'select name from sqlite_schema' : 'select relname as name from pg_class'
  const found = await all(`select name from (${catalog}) as known where name = 'migrations'`)
  if (found.length === 0) return []
  return (await all(migrationNames)).map(({ name }) => String(name)).toSorted()
}

/** An SQLite file as the program left it that knew no later migration than `last`; to be filled and closed. */
export async function openOldDatabase(file: string, last: string): Promise<DatabaseSync> {
  const old = openPlain(file)
  await old.migrateTo(last)
  await old.close()
  return new DatabaseSync(file)
}

function openPlainPostgres(connectionString: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 1 }) }) })
}

function openPlainSqlite(database: DatabaseSync): Kysely<Tables> {
  database.exec(`pragma application_id = ${applicationId}; pragma foreign_keys = off`)
  return new Kysely<Tables>({ dialect: new TransactionalDialect({ database: asBetterSqlite(database) }) })
}

/** Migrates in one transaction, as the program does. */
class TransactionalDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** The platform's own driver under the names that the dialect of the query builder calls. */
function asBetterSqlite(database: DatabaseSync) {
  return {
    close: () => database.close(),
    prepare(statementText: string) {
      const statement = database.prepare(statementText)
      const given = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...given(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...given(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...given(parameters)),
      }
    },
  }
}
