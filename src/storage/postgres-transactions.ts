import type pg from 'pg'
import { toPostgresError } from './postgres-errors.ts'
import { toNamedQuery } from './postgres-statements.ts'
import type { RunStatement } from './rows-statement.ts'

/** Does something in a transaction on a connection of the pool; failures are those of `toPostgresError`. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (run: RunStatement) => Promise<Result>,
): Promise<Result> {
  try {
    const client = await pool.connect()
    let failure: Error | undefined
    try {
      await client.query('begin')
      const result = await work(async ({ text }, rows) => {
        if (rows.length === 0) return []
        return (await client.query(toNamedQuery(text, [JSON.stringify(rows)]))).rows
      })
      await client.query('commit')
      return result
    } catch (error) {
      failure = error as Error
      await client.query('rollback').catch(() => undefined)
      throw error
    } finally {
      // A connection that failed is not used again: who knows what state it is in.
      client.release(failure)
    }
  } catch (error) {
    throw toPostgresError(error)
  }
}
