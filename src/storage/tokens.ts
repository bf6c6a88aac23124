import type { FoundBearer, NewToken } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import { parseScopes } from './clients.ts'
import type { Database, Db } from './database.ts'
import { prepare } from './prepared.ts'

/** Adds a token. */
export async function addToken(db: Db, token: NewToken, now: Instant): Promise<void> {
  await db
    .insertInto('tokens')
    .values({
      hash: token.hash,
      client_id: token.clientId,
      scopes: JSON.stringify(token.scopes),
      partner_id: token.place.partnerId,
      account_id: token.place.accountId,
      computer_key: token.place.computerKey,
      expires_at: token.expiresAt,
      created_at: now,
    })
    .execute()
}

/** Builds the look-up of a token by its hash. */
export function prepareFindToken(database: Database): (hash: string) => Promise<FoundBearer | undefined> {
  const query = prepare(database, (hash: string) =>
    database.reader
      .selectFrom('tokens')
      .innerJoin('partners', 'partners.id', 'tokens.partner_id')
      .leftJoin('clients', 'clients.id', 'tokens.client_id')
      .select([
        'tokens.hash',
        'tokens.scopes',
        'tokens.partner_id',
        'tokens.account_id',
        'tokens.computer_key',
        'tokens.expires_at',
        'tokens.client_id',
        'partners.path as partner_path',
        'clients.name as client_name',
        'clients.client_id as public_id',
      ])
      .where('tokens.hash', '=', hash),
  )
  return async hash => {
    const [row] = await query(hash)
    if (!row) return undefined
    const actor =
      row.client_id === null ? 'a token of the command line' : `client ${row.client_name} (${row.public_id})`
    const [scopes, clientId] = [parseScopes(row.scopes), row.client_id]
    return toFoundBearer(row, { scopes, expiresAt: row.expires_at, clientId, person: null, actor })
  }
}

type BearerRow = {
  hash: string
  partner_id: number
  partner_path: string
  account_id: number | null
  computer_key: number | null
}

/** What the row of a token, an agent key or a session stands for. */
export function toFoundBearer(
  row: BearerRow,
  known: Pick<FoundBearer, 'scopes' | 'expiresAt' | 'clientId' | 'person' | 'actor'>,
): FoundBearer {
  const { account_id: accountId, computer_key: computerKey } = row
  return {
    ...known,
    hash: row.hash,
    node: { partnerPath: row.partner_path, accountId, computerKey },
    place: { partnerId: row.partner_id, accountId, computerKey },
  }
}

/** Ends a token. */
export async function revokeToken(db: Db, hash: string): Promise<void> {
  await db.deleteFrom('tokens').where('hash', '=', hash).execute()
}

/** Forgets tokens that ended before an instant; answers how many. */
export async function removeExpiredTokens(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('tokens').where('expires_at', '<', before).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
