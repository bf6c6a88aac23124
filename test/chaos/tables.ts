import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { isPostgresUrl } from '../../src/storage/database-url.ts'

/** A database beside the servers that use it, in plain SQL. */
export type TablesBeside = {
  query: <Row>(statement: string) => Promise<Row[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the database of servers that run. */
export function openTables(database: string): TablesBeside {
  if (isPostgresUrl(database)) {
    const pool = new pg.Pool({ connectionString: database, max: 2 })
    return {
      query: async <Row>(statement: string) => (await pool.query(statement)).rows as Row[],
      [Symbol.asyncDispose]: () => pool.end(),
    }
  }
  const db = new DatabaseSync(database, { timeout: 10_000 })
  return {
    query: <Row>(statement: string) => Promise.resolve(db.prepare(statement).all() as Row[]),
    [Symbol.asyncDispose]: () => Promise.resolve(db.close()),
  }
}
