import pg from 'pg'
import { AppError } from '../../domain/app-error.ts'
import { buildMigrator } from '../migrate.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { toPostgresError } from '../postgres-errors.ts'
import { toKysely } from '../postgres-kysely.ts'
import { openConnections } from '../postgres-pool.ts'
import { readPostgresTables } from './postgres-tables.ts'
import { type CopiedRow, type CopiedTable, type CopySide, keyOf, listed, pageBytes, pageRows, quoted } from './side.ts'

/** Taken by whoever copies into a database: `LGODCOPY` in ASCII. */
const copyLock = '5496449024834621529'

/** Opens a PostgreSQL database to copy from, as it is named to people. Throws `unavailable`. */
export async function openPostgresSource(url: string, shown: string): Promise<CopySide> {
  return openSide(url, shown)
}

/** Opens a PostgreSQL database to copy into. Throws `conflict` when somebody else does so. */
export async function openPostgresTarget(url: string, shown: string): Promise<CopySide> {
  const side = await openSide(url, shown)
  const [taken] = await side.query(`select pg_try_advisory_lock(${copyLock})`)
  if (taken?.[0] === 't') return side
  await side.close()
  throw new AppError('conflict', `Another lastgood db copy is writing to ${shown}: let it end first.`)
}

async function openSide(url: string, shown: string): Promise<CopySide> {
  // Every value as the text that the server sends: no number is rounded.
  const types = { getTypeParser: () => (text: unknown) => text }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, types })
  client.on('error', () => undefined)
  const query = async (text: string, values: CopiedRow = []): Promise<CopiedRow[]> => {
    try {
      return (await client.query<CopiedRow>({ text, values, rowMode: 'array' })).rows
    } catch (error) {
      throw toPostgresError(error)
    }
  }
  try {
    await client.connect()
  } catch (error) {
    throw toPostgresError(error)
  }
  return {
    kind: 'postgres',
    shown,
    query,
    parameter: index => `$${index}`,
    tables: () => readPostgresTables(query),
    async *pages(table, after) {
      for (let last = after; ;) {
        const rows = await query(pageStatement(table, last), last ?? [])
        if (rows.length > 0) yield rows
        const end = rows.at(-1)
        if (!end) return
        last = keyOf(table, end)
      }
    },
    insert: async (table, rows) => {
      await query(insertStatement(table), toInput(table, rows))
    },
    counter: async (_table, { sequence }) => {
      const [row] = await query(`select case when is_called then last_value else last_value - 1 end from ${sequence}`)
      return row?.[0] ?? '0'
    },
    setCounter: async (_table, { sequence }, last) => {
      if (last !== '0') await query('select setval($1, $2)', [sequence, last])
    },
    beginReading: async () => {
      await query('begin isolation level repeatable read read only')
    },
    migrate: () => migrateTo(url),
    finish: async () => {
      await query('analyze')
    },
    close: () => client.end(),
  }
}

/** Rows up to a size: how long their texts are is known without reading them. */
function pageStatement(table: CopiedTable, after: CopiedRow | null): string {
  const key = listed(table.key)
  const names = listed(table.columns.map(({ name }) => name))
  const texts = table.columns.filter(({ type }) => type === 'text')
  const size = ['0', ...texts.map(({ name }) => `coalesce(octet_length(${quoted(name)}), 0)`)].join(' + ')
  const parameters = table.key.map((name, index) => `$${index + 1}::${typeOf(table, name)}`)
  const behind = after ? ` where (${key}) > (${parameters.join(', ')})` : ''
  return `select ${names} from (
      select *, sum((${size})::bigint) over (order by ${key} rows between unbounded preceding and 1 preceding) as "bytes before"
      from (select ${names} from ${quoted(table.name)}${behind} order by ${key} limit ${pageRows}) as page) as sized
    where coalesce("bytes before", 0) < ${pageBytes} order by ${key}`
}

function typeOf(table: CopiedTable, name: string): string {
  return table.columns.find(column => column.name === name)?.type === 'integer' ? 'bigint' : 'text'
}

function insertStatement(table: CopiedTable): string {
  const names = listed(table.columns.map(({ name }) => name))
  const arrays = table.columns.map(({ name }, index) => `$${index + 1}::${typeOf(table, name)}[]`)
  return `insert into ${quoted(table.name)} (${names}) overriding system value select * from unnest(${arrays.join(', ')})`
}

/** One array a column, as PostgreSQL writes arrays (PostgreSQL manual, "Array Input and Output Syntax"). */
function toInput(table: CopiedTable, rows: CopiedRow[]): string[] {
  return table.columns.map(({ type }, column) => {
    const values = rows.map(row => {
      const value = row[column] ?? null
      if (value === null) return 'NULL'
      return type === 'integer' ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
    })
    return `{${values.join(',')}}`
  })
}

async function migrateTo(url: string): Promise<void> {
  const db = toKysely(openConnections({ url, connections: 1, prepared: 'off' }))
  try {
    const { error } = await buildMigrator(db, postgresDialect).migrateToLatest()
    if (error) throw toPostgresError(error)
  } finally {
    await db.destroy()
  }
}
