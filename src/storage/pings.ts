import type { StoredPing } from '../app/ports.ts'
import type { PingKind } from '../domain/ping.ts'
import type { Db } from './database.ts'

/** The pings of a set that are kept, newest first, at most `most`. */
export async function listPings(db: Db, accountId: number, setId: number, most: number): Promise<StoredPing[]> {
  const rows = await db
    .selectFrom('pings')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('set_id', '=', setId)
    .orderBy('n', 'desc')
    .limit(most)
    .execute()
  return rows.map(row => ({
    n: row.n,
    at: row.at,
    // Only recording writes the column, from a checked ping.
    kind: row.kind as PingKind,
    exitStatus: row.exit_status,
    method: row.method,
    scheme: row.scheme,
    remoteAddress: row.remote_addr,
    userAgent: row.user_agent,
    rid: row.rid,
    runId: row.run_id,
  }))
}
