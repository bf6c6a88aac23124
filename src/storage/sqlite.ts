import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteAdapter, SqliteDialect, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Database, Db } from './database.ts'
import { assertNotNewer, migrate, migrationNames } from './migrate.ts'
import { applicationId, readerPragmas, sqliteDialect } from './sqlite-dialect.ts'
import { assertOwnFile, damaged, toSqliteError } from './sqlite-file.ts'
import { openSqliteWriter } from './sqlite-writer-driver.ts'
import type { Tables } from './tables.ts'

/**
 * Opens an SQLite file, making it when there is none, and brings its schema up to date. Reads happen in this thread,
 * changes in a writer thread. Throws `invalid`, and leaves the file as it was, when the file is not ours, is damaged
 * or was written by a newer program.
 */
export async function openSqlite(file: string): Promise<Database> {
  const isNew = assertOwnFile(file)
  if (isNew) createFile(file)
  else inspectFile(file)
  const writer = openSqliteWriter(file)
  const writerDb: Db = new Kysely<Tables>({
    dialect: {
      createDriver: () => writer.driver,
      createAdapter: () => new TransactionalAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: db => new SqliteIntrospector(db),
    },
  })
  try {
    await migrate(writerDb, sqliteDialect)
    const reader = openReader(file)
    return {
      dialect: sqliteDialect,
      reader: reader.db,
      read: reader.read,
      writer: writerDb,
      unhurried: writerDb,
      batch: writer.batch,
      concurrentBatches: 1,
      version: reader.version,
      replica: null,
      shrink: writer.shrink,
      close: async () => {
        // The reader first: the last to close a file brings what is in its log into the file itself.
        reader.close()
        await writer.close()
      },
    }
  } catch (error) {
    await writer.close()
    throw toSqliteError(error, file)
  }
}

/** SQLite changes a schema inside transactions (SQLite manual, "Transactions"); Kysely's adapter leaves that out. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/**
 * The mark that the file is ours must be in the file itself from the first moment on, not only in its log. That it can
 * shrink again can only be said before its first table (SQLite manual, PRAGMA auto_vacuum).
 */
function createFile(file: string): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  const db = new DatabaseSync(file)
  try {
    db.exec(`pragma auto_vacuum = incremental; pragma application_id = ${applicationId}`)
  } finally {
    db.close()
  }
}

const largestCheckedAtOnce = 64 * 1024 * 1024

/** Looks into a file that is ours, reading only, for damage and for a newer program's schema. */
function inspectFile(file: string): void {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
    const tables = db.prepare("select count(*) as count from sqlite_schema where name = 'migrations'").get()
    if (Number(tables?.['count']) > 0) {
      const rows = db.prepare(migrationNames).all()
      assertNotNewer(rows.map(row => String(row['name'])))
    }
    if (statSync(file).size <= largestCheckedAtOnce) {
      const verdict = db.prepare('pragma quick_check(1)').get()?.['quick_check']
      if (verdict !== 'ok') throw damaged(file)
    }
  } catch (error) {
    throw toSqliteError(error, file)
  } finally {
    db?.close()
  }
}

function openReader(file: string): Pick<Database, 'read' | 'version'> & { db: Db; close: () => void } {
  const connection = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  connection.exec(readerPragmas)
  const database = asKyselyDatabase(connection)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  return {
    db,
    read: (sql, parameters) => database.prepare(sql).all(parameters),
    version: buildVersions(connection),
    // Kysely closes only what it has used itself.
    close: () => connection.close(),
  }
}

/**
 * Versions, read anew only when another connection has committed: `PRAGMA data_version` tells that in a microsecond
 * (SQLite manual). Requests that came in together, in one turn of the event loop, ask once.
 */
function buildVersions(connection: DatabaseSync): (accountId: number) => number {
  const dataVersion = connection.prepare('pragma data_version')
  const version = connection.prepare('select version from data_versions where account_id = ?')
  const known = new Map<number, number>()
  let knownAt: unknown
  let isFresh = false

  function refresh(): void {
    const at = dataVersion.get()?.['data_version']
    if (at !== knownAt || known.size > 10_000) known.clear()
    knownAt = at
    isFresh = true
    setImmediate(() => {
      isFresh = false
    })
  }

  return accountId => {
    if (!isFresh) refresh()
    const found = known.get(accountId)
    if (found !== undefined) return found
    const read = Number(version.get(accountId)?.['version'] ?? 0)
    known.set(accountId, read)
    return read
  }
}

type KyselyDatabase = Extract<ConstructorParameters<typeof SqliteDialect>[0]['database'], { prepare: unknown }>
type KyselyStatement = ReturnType<KyselyDatabase['prepare']>

/** node:sqlite as Kysely wants it, with every statement prepared once. */
function asKyselyDatabase(connection: DatabaseSync): KyselyDatabase {
  const statements = new Map<string, KyselyStatement>()
  return {
    close: () => connection.close(),
    prepare: sql => {
      const known = statements.get(sql)
      if (known) return known
      if (statements.size >= 500) statements.clear()
      const prepared = connection.prepare(sql)
      const names = prepared.columns().map(column => column.name)
      prepared.setReturnArrays(true)
      const statement: KyselyStatement = {
        reader: names.length > 0,
        all: parameters => toRows(names, prepared.all(...(parameters as SQLInputValue[]))),
        run: parameters => prepared.run(...(parameters as SQLInputValue[])),
        iterate: () => {
          throw new Error('The reader does not stream: read page by page.')
        },
      }
      statements.set(sql, statement)
      return statement
    },
  }
}

/**
 * Rows as objects. Those that node:sqlite makes itself have no prototype and no hidden class: every later look at them
 * costs more than making these does.
 */
function toRows(names: readonly string[], values: unknown): Record<string, unknown>[] {
  // Asked for arrays, node:sqlite answers an array of values for each row.
  return (values as unknown[][]).map(row => {
    const object: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index += 1) object[names[index] ?? ''] = row[index]
    return object
  })
}
