import type { Place } from '../app/ports.ts'
import type { NewClient } from '../app/tree-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Scope } from '../domain/principal.ts'
import type { Client } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given } from './given.ts'

const clientsOf = (db: Db) =>
  db
    .selectFrom('clients')
    .select([
      'id',
      'client_id as clientId',
      'secret_hash as secretHash',
      'name',
      'scopes',
      'partner_id as partnerId',
      'account_id as accountId',
      'computer_key as computerKey',
      'created_at as createdAt',
    ])

type ClientRow = Omit<Client, 'scopes'> & { scopes: string; secretHash: string }

function toClient(row: ClientRow): Client {
  const { id, clientId, name, partnerId, accountId, computerKey, createdAt } = row
  return { id, clientId, name, scopes: parseScopes(row.scopes), partnerId, accountId, computerKey, createdAt }
}

/** Scopes as a column holds them; only this program writes them, from checked ones. */
export function parseScopes(text: string): Scope[] {
  return JSON.parse(text) as Scope[]
}

/** Adds a client. */
export async function addClient(db: Db, client: NewClient, now: Instant): Promise<Client> {
  const { clientId, secretHash, name, scopes, place } = client
  const added = await db
    .insertInto('clients')
    .values({
      client_id: clientId,
      secret_hash: secretHash,
      name,
      scopes: JSON.stringify(scopes),
      partner_id: place.partnerId,
      account_id: place.accountId,
      computer_key: place.computerKey,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: added.id, clientId, name, scopes, ...place, createdAt: now }
}

/** The client with this public id, with what its secret is checked against. */
export async function findClient(
  db: Db,
  clientId: string,
): Promise<(Client & { secretHash: string; place: Place }) | undefined> {
  const row = await clientsOf(db).where('client_id', '=', clientId).executeTakeFirst()
  if (!row) return undefined
  const client = toClient(row)
  const { partnerId, accountId, computerKey } = client
  return { ...client, secretHash: row.secretHash, place: { partnerId, accountId, computerKey } }
}

/** All clients, in the order in which they were added. */
export async function listClients(db: Db): Promise<Client[]> {
  const rows = await clientsOf(db).orderBy('id').execute()
  return rows.map(toClient)
}

/** Changes what is given of a client. A new secret or narrower scopes end the tokens it has. */
export async function changeClient(
  db: Db,
  id: number,
  { name, scopes, secretHash }: { name?: string; scopes?: readonly Scope[]; secretHash?: string },
): Promise<void> {
  const change = given({ name, scopes: scopes && JSON.stringify(scopes), secret_hash: secretHash })
  if (!change) return
  await db.updateTable('clients').set(change).where('id', '=', id).execute()
  if (scopes || secretHash) await db.deleteFrom('tokens').where('client_id', '=', id).execute()
}

/** Removes a client and its tokens. */
export async function removeClient(db: Db, id: number): Promise<void> {
  await db.deleteFrom('tokens').where('client_id', '=', id).execute()
  await db.deleteFrom('clients').where('id', '=', id).execute()
}
