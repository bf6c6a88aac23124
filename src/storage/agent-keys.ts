import type { FoundBearer } from '../app/ports.ts'
import type { Database } from './database.ts'
import { prepare } from './prepared.ts'
import { toFoundBearer } from './tokens.ts'

/** Builds the look-up of an agent key by its hash. The key of a deleted computer is not found. */
export function prepareFindAgentKey(database: Database): (hash: string) => Promise<FoundBearer | undefined> {
  const query = prepare(database, (hash: string) =>
    database.reader
      .selectFrom('agent_keys')
      .innerJoin('computers', join =>
        join
          .onRef('computers.account_id', '=', 'agent_keys.account_id')
          .onRef('computers.key', '=', 'agent_keys.computer_key'),
      )
      .innerJoin('accounts', 'accounts.id', 'agent_keys.account_id')
      .innerJoin('partners', 'partners.id', 'accounts.partner_id')
      .select([
        'agent_keys.hash',
        'agent_keys.account_id',
        'agent_keys.computer_key',
        'partners.id as partner_id',
        'partners.path as partner_path',
        'accounts.username',
        'computers.computer_id',
      ])
      .where('agent_keys.hash', '=', hash)
      .where('computers.status', '!=', 'deleted'),
  )
  return async hash => {
    const [row] = await query(hash)
    if (!row) return undefined
    const actor = `the agent key of computer ${row.computer_id} of ${row.username}`
    return toFoundBearer(row, {
      scopes: ['computers_read', 'computers_write'],
      expiresAt: null,
      clientId: null,
      person: null,
      actor,
    })
  }
}
