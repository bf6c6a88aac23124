import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { isPostgresUrl } from '../../src/storage/database-url.ts'

/** Rows of a database of either kind, read past everything of ours. */
export async function readRows(database: string, statement: string): Promise<Record<string, unknown>[]> {
  if (!isPostgresUrl(database)) {
    using db = new DatabaseSync(database, { readOnly: true })
    return db.prepare(statement).all()
  }
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

/**
 * Everything stored as one text in which it can be looked for: the bytes of an SQLite file and of its log of changes, as
 * Latin-1, with whatever was deleted and not yet written over; of PostgreSQL every value of every row.
 */
export async function everythingStored(database: string): Promise<string> {
  if (!isPostgresUrl(database)) {
    const files = [database, `${database}-wal`].filter(file => existsSync(file))
    return files.map(file => readFileSync(file, 'latin1')).join('')
  }
  const tables = await readRows(database, `select tablename as name from pg_tables where schemaname = 'public'`)
  const rows = await Promise.all(tables.map(({ name }) => readRows(database, `select * from "${String(name)}"`)))
  return rows.flat().flatMap(Object.values).map(String).join('\n')
}

/** How many runs a database holds of each set. */
export async function countRuns(database: string): Promise<Map<string, number>> {
  const rows = await readRows(
    database,
    'select s.name, count(*) as count from runs as r join backup_sets as s on s.id = r.set_id group by s.name',
  )
  return new Map(rows.map(row => [String(row['name']), Number(row['count'])]))
}
