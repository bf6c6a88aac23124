import type { Connections } from './postgres-pool.ts'
import { readFrom } from './postgres-statements.ts'

/** Versions, one query for all that are asked for in the same turn of the event loop. */
export function buildVersions(connections: Connections): (accountId: number) => Promise<number> {
  let gathering: { ids: Set<number>; answer: Promise<Map<number, number>> } | undefined
  const text = 'select account_id, version from data_versions where account_id = any($1)'

  async function read(ids: Set<number>): Promise<Map<number, number>> {
    await new Promise(resolve => setImmediate(resolve))
    gathering = undefined
    const rows = (await readFrom(connections, text, [[...ids]])) as { account_id: number; version: number }[]
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
