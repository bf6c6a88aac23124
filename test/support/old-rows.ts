import type { PlainDatabase, Row } from './old-database.ts'
import { tableNames } from './schema.ts'

type Value = Row[string]
type Column = { name: string; isNumber: boolean }

/**
 * Fills every table that a database has with two rows, numbered 1 and 2: every key, time and count of a row is its number,
 * so that rows of one number belong together whatever tables there are.
 */
export async function fillTables(database: PlainDatabase): Promise<void> {
  const { kind, all } = database
  // Rows come in the order of the names of their tables; nothing but them is written.
  await all(kind === 'sqlite' ? 'pragma foreign_keys = off' : 'set session_replication_role = replica')
  for (const table of await tableNames(database)) {
    const columns = await readColumns(database, table)
    const names = columns.map(({ name }) => `"${name}"`).join(', ')
    const rows = [1, 2].map(n => `(${columns.map(column => toLiteral(valueOf(table, column, n))).join(', ')})`)
    const overriding = kind === 'sqlite' ? '' : 'overriding system value'
    await all(`insert into "${table}" (${names}) ${overriding} values ${rows.join(', ')}`)
  }
  if (kind === 'sqlite') return
  await all(`select setval(pg_get_serial_sequence(table_name, column_name), 2) from information_schema.columns
    where table_schema = 'public' and is_identity = 'YES'`)
  await all('set session_replication_role = origin')
}

async function readColumns({ kind, all }: PlainDatabase, table: string): Promise<Column[]> {
  const columns = await all(
    kind === 'sqlite'
      ? `select name, type from pragma_table_info('${table}')`
      : `select column_name as name, data_type as type from information_schema.columns
          where table_schema = 'public' and table_name = '${table}'`,
  )
  return columns.map(({ name, type }) => ({ name: String(name), isNumber: /int/i.test(String(type)) }))
}

/** Numbers are the row's own and texts name their column, where they do not have to mean something. */
function valueOf(table: string, { name, isNumber }: Column, n: number): Value {
  const meant = meanings[`${table}.${name}`] ?? meanings[name]
  if (meant !== undefined) return typeof meant === 'function' ? meant(n) : meant
  return isNumber ? n : `${name} ${n}`
}

const nothing = () => null

/** What the program reads as something: by column, or by table and column. Partner 2 is below partner 1. */
const meanings: Record<string, Value | ((n: number) => Value)> = {
  parent_id: n => (n === 1 ? null : n - 1),
  path: n => (n === 1 ? '/1/' : '/1/2/'),
  partner_path: n => (n === 1 ? '/1/' : '/1/2/'),
  policy: '{}',
  before: '{}',
  after: '{}',
  notification_options: '{}',
  messages: '[]',
  scopes: '[]',
  success: '[]',
  failure: '[]',
  otherwise: 'unclear',
  'channels.failure': nothing,
  'channels.kind': 'webhook',
  'outbox.failure': nothing,
  'pings.kind': 'success',
  type: 'backup',
  plugin: 'file',
  state: 'finished',
  tool: nothing,
  schedule: 'manual',
  time_zone: 'UTC',
  presence: 'ignored',
  role: 'administrator',
  'accounts.status': 'active',
  'computers.status': 'active',
  status: 'COMPLETED',
  previous_status: 'RUNNING',
  rules: 'COMPLETED',
  due_at: nothing,
  missed_before: nothing,
  deleted_at: nothing,
  retracted_at: nothing,
  rpo_ms: nothing,
  open_started_at: nothing,
  open_updated_at: nothing,
  accepts_new_sets: 1,
  enabled: 1,
  outcome: 1,
  errors: 0,
  warnings: 0,
  exit_status: 0,
  failed_runs: 0,
  run_days: nothing,
  log_days: nothing,
}

function toLiteral(value: Value | undefined): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}
