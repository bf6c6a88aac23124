import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError } from '../../domain/app-error.ts'
import { buildMigrator } from '../migrate.ts'
import { applicationId, sqliteDialect } from '../sqlite-dialect.ts'
import { assertOwnFile, toSqliteError } from '../sqlite-file.ts'
import type { Tables } from '../tables.ts'
import { type CopiedRow, type CopiedTable, type CopySide, keyOf, listed, pageBytes, pageRows, quoted } from './side.ts'
import { readSqliteTables } from './sqlite-tables.ts'

/** Opens an SQLite file to copy from: only to read. Throws `not-found` and what `assertOwnFile` says. */
export function openSqliteSource(file: string): CopySide {
  if (!existsSync(file) || assertOwnFile(file)) {
    throw new AppError('not-found', `There is no database at ${file}: name the one to copy from.`)
  }
  return openSide(file, true)
}

/** Opens an SQLite file to copy into, which is made where there is none. Nobody else can open it meanwhile. */
export function openSqliteTarget(file: string): CopySide {
  assertOwnFile(file)
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  return openSide(file, false)
}

function openSide(file: string, readOnly: boolean): CopySide {
  const db = open(file, readOnly)
  const statements = new Map<string, StatementSync>()

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    statements.set(sql, statement)
    return statement
  }

  async function explained<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw toSqliteError(error, file)
    }
  }

  const query = (sql: string, parameters: CopiedRow = []) =>
    explained(() => toArrays(prepare(sql).all(...(parameters as SQLInputValue[]))).map(row => row.map(toText)))

  return {
    kind: 'sqlite',
    shown: file,
    query,
    parameter: () => '?',
    tables: () => readSqliteTables(query),
    async *pages(table, after) {
      for (let last = after; ;) {
        const rows = await explained(() => readPage(prepare(pageStatement(table, last)), table, last ?? []))
        if (rows.length > 0) yield rows
        const end = rows.at(-1)
        if (!end) return
        last = keyOf(table, end)
      }
    },
    insert: (table, rows) =>
      explained(() => {
        const names = table.columns.map(({ name }) => name)
        const statement = prepare(
          `insert into ${quoted(table.name)} (${listed(names)}) values (${names.map(() => '?').join(', ')})`,
        )
        for (const row of rows) statement.run(...row)
      }),
    counter: async table =>
      (await query('select seq from sqlite_sequence where name = ?', [table.name]))[0]?.[0] ?? '0',
    setCounter: async (table, _column, last) => {
      await query('delete from sqlite_sequence where name = ?', [table.name])
      await query('insert into sqlite_sequence (name, seq) values (?, cast(? as integer))', [table.name, last])
    },
    beginReading: async () => {
      await query('begin')
      await query('select count(*) from sqlite_schema')
    },
    migrate: () => explained(() => migrateAtOnce(db)),
    finish: () => explained(() => db.exec('pragma synchronous = full; pragma wal_checkpoint(truncate)')),
    close: () => Promise.resolve(db.close()),
  }
}

function open(file: string, readOnly: boolean): DatabaseSync {
  try {
    const db = new DatabaseSync(file, { readOnly, timeout: 10_000 })
    if (readOnly) db.exec('pragma cache_size = -16384')
    // What is referred to is checked by comparing with where it came from.
    else
      db.exec(`pragma application_id = ${applicationId}; pragma locking_mode = exclusive; pragma journal_mode = wal;
        pragma synchronous = normal; pragma foreign_keys = off; pragma cache_size = -65536`)
    return db
  } catch (error) {
    throw toSqliteError(error, file)
  }
}

function pageStatement(table: CopiedTable, after: CopiedRow | null): string {
  const key = listed(table.key)
  const behind = after ? ` where (${key}) > (${table.key.map(() => '?').join(', ')})` : ''
  const names = listed(table.columns.map(({ name }) => name))
  return `select ${names} from ${quoted(table.name)}${behind} order by ${key} limit ${pageRows}`
}

function readPage(statement: StatementSync, table: CopiedTable, after: CopiedRow): CopiedRow[] {
  const rows: CopiedRow[] = []
  let bytes = 0
  for (const values of statement.iterate(...(after as SQLInputValue[]))) {
    // Asked for arrays, node:sqlite answers an array of values for each row.
    const row = (values as unknown as unknown[]).map(value => toCopied(value, table))
    rows.push(row)
    bytes += row.reduce((sum, value) => sum + (value?.length ?? 0), 0)
    if (bytes >= pageBytes) break
  }
  return rows
}

function toArrays(rows: unknown): unknown[][] {
  // Asked for arrays, node:sqlite answers an array of values for each row.
  return rows as unknown[][]
}

/** A value of a statement of ours; none of them asks for a blob. */
function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'bigint' ? value.toString() : null
}

/** SQLite keeps whatever it is given in a column; what is neither a whole number nor a text was not written by us. */
function toCopied(value: unknown, table: CopiedTable): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'bigint') return String(value)
  throw new AppError(
    'invalid',
    `The table ${table.name} holds a ${typeof value === 'number' ? `number that is not whole (${value})` : 'blob'}, which Lastgood never writes: mend that row first.`,
  )
}

/** In one transaction, so that a copy that is interrupted here has all tables or none. */
async function migrateAtOnce(connection: DatabaseSync): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKysely(connection) }) })
  connection.exec('begin immediate')
  const { error } = await buildMigrator(db, sqliteDialect).migrateToLatest()
  connection.exec(error ? 'rollback' : 'commit')
  if (error) throw error
}

/** The platform's own driver under the names that the query builder calls. */
function asKysely(connection: DatabaseSync) {
  return {
    close: () => undefined,
    prepare(sql: string) {
      const statement = connection.prepare(sql)
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
