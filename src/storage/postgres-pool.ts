import pg from 'pg'

/** How the pool reports trouble with idle connections; a connection that breaks in use fails its own query. */
export type PostgresOptions = { url: string; connections?: number; onIdleError?: (error: Error) => void }

// Counts, keys and times stay below 2^53, so that a number holds them exactly.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Opens connections to a database. */
export function openPool({ url, connections = 8, onIdleError = () => {} }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 5_000 })
  // Without listeners a connection that the server ends would end the program.
  pool.on('error', onIdleError)
  pool.on('connect', client => client.on('error', onIdleError))
  return pool
}
