import { sql } from 'kysely'
import type { KnownTrouble } from '../app/triage.ts'
import type { RunMessage } from '../domain/run.ts'
import type { Db } from './database.ts'
import { isOneOfSets, type SetKey } from './set-keys.ts'

/** Of some sets since when each has been bad, as it was found, and what its newest run told. */
export async function listTroubles(db: Db, sets: readonly SetKey[]): Promise<KnownTrouble[]> {
  if (sets.length === 0) return []
  const since = new Map((await listSince(db, sets)).map(row => [row.set_id, row.since]))
  const messages = new Map((await listMessages(db, sets)).map(row => [row.set_id, row.messages]))
  return sets.map(({ id }) => ({
    setId: id,
    since: since.get(id) ?? null,
    // Only the recording of runs writes messages, and it is handed checked ones.
    messages: JSON.parse(messages.get(id) ?? '[]') as RunMessage[],
  }))
}

/** The first change to a failure or a warning after the last one to anything that is good. */
function listSince(db: Db, sets: readonly SetKey[]): Promise<{ set_id: number; since: number }[]> {
  return db
    .selectFrom('condition_changes as c')
    .select(['c.set_id', sql<number>`min(c.at)`.as('since')])
    .where(isOneOfSets('c', sets))
    .where('c.status', 'in', ['FAILURE', 'WARNING'])
    .where('c.retracted_at', 'is', null)
    .where(
      sql<boolean>`c.id > coalesce((select max(g.id) from condition_changes as g
        where g.account_id = c.account_id and g.set_id = c.set_id and (g.status is null or g.status = 'COMPLETED')), 0)`,
    )
    .groupBy('c.set_id')
    .execute()
}

function listMessages(db: Db, sets: readonly SetKey[]): Promise<{ set_id: number; messages: string }[]> {
  return db
    .selectFrom('set_states as s')
    .innerJoin('run_logs as l', join =>
      join.onRef('l.account_id', '=', 's.account_id').onRef('l.run_id', '=', 's.run_id'),
    )
    .select(['s.set_id', 'l.messages'])
    .where(isOneOfSets('s', sets))
    .execute()
}
