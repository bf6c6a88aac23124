import { postgresDialect } from './postgres-dialect.ts'
import type { Connections } from './postgres-pool.ts'
import type { Replica } from './postgres-replica.ts'
import { readFrom } from './postgres-statements.ts'

/**
 * Versions, one query for all that are asked for in the same turn of the event loop. Where there is a replica it learns the
 * timeline that they are of.
 */
export function buildVersions(
  connections: Connections,
  replica: Pick<Replica, 'noteTimeline'> | null,
): (accountId: number) => Promise<number> {
  let gathering: { ids: Set<number>; answer: Promise<Map<number, number>> } | undefined
  const timeline = replica ? `, ${postgresDialect.timeline} as timeline` : ''
  const text = `select account_id, version${timeline} from data_versions where account_id = any($1)`

  async function read(ids: Set<number>): Promise<Map<number, number>> {
    await new Promise(resolve => setImmediate(resolve))
    gathering = undefined
    const rows = (await readFrom(connections, text, [[...ids]])) as VersionRow[]
    if (rows[0]?.timeline !== undefined) replica?.noteTimeline(rows[0].timeline)
    return new Map(rows.map(row => [row.account_id, row.version]))
  }

  return async accountId => {
    if (!gathering) {
      const ids = new Set<number>()
      gathering = { ids, answer: read(ids) }
    }
    gathering.ids.add(accountId)
    return (await gathering.answer).get(accountId) ?? 0
  }
}

type VersionRow = { account_id: number; version: number; timeline?: number }
