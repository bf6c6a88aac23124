import type { Connections } from './postgres-pool.ts'
import type { RunStatement } from './rows-statement.ts'

/** Does something in a transaction on a connection; failures are those of `toPostgresError`. */
export async function inTransaction<Result>(
  connections: Connections,
  work: (run: RunStatement) => Promise<Result>,
): Promise<Result> {
  const connection = await connections.connect()
  try {
    await connection.query('begin', [])
    const result = await work(async ({ text }, rows) => {
      if (rows.length === 0) return []
      return (await connection.query(text, [JSON.stringify(rows)])).rows
    })
    await connection.query('commit', [])
    return result
  } catch (error) {
    // On a lost connection it fails too, and the server rolls back by itself.
    await connection.query('rollback', []).catch(() => undefined)
    throw error
  } finally {
    connection.release()
  }
}
