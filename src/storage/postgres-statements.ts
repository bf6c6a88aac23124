import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Connections } from './postgres-pool.ts'

/** Runs one reading statement on a connection; failures are those of `toPostgresError`. */
export async function readFrom(
  connections: Connections,
  text: string,
  parameters: readonly unknown[],
): Promise<unknown[]> {
  const connection = await connections.connect()
  try {
    return (await connection.query(text, parameters)).rows
  } finally {
    connection.release()
  }
}

const names = new Map<string, string>()

/** A statement under a name of its own, so that the server plans it once for each connection. */
export function toNamedQuery(text: string, parameters: readonly unknown[]): pg.QueryConfig {
  const name = nameOf(text)
  return { ...(name !== undefined && { name }), text, values: [...parameters] }
}

/**
 * The name of a statement, made of its text: behind a pooler processes share connections, and one name must not mean two
 * statements. Undefined when there are too many.
 */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 500) return known
  const name = `lastgood_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
  names.set(text, name)
  return name
}
