import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { buildMigrator } from '../../src/storage/migrate.ts'
import { applicationId, sqliteDialect } from '../../src/storage/sqlite-dialect.ts'
import type { Tables } from '../../src/storage/tables.ts'

/** An SQLite file as the program left it that knew no later migration than `last`; to be filled and closed. */
export async function openOldDatabase(file: string, last: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(file)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asBetterSqlite(database) }) })
  database.exec(`pragma application_id = ${applicationId}`)
  const { error } = await buildMigrator(db, sqliteDialect).migrateTo(last)
  if (error) throw error
  return database
}

/** The platform's own driver under the names that the dialect of the query builder calls. */
function asBetterSqlite(database: DatabaseSync) {
  return {
    close: () => database.close(),
    prepare(sql: string) {
      const statement = database.prepare(sql)
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
