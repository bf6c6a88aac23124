import type { FoundApiKey } from '../app/ports.ts'
import type { NewApiKey } from '../app/tree-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { ApiKey } from '../domain/tree.ts'
import type { Db } from './database.ts'

const keyColumns = [
  'api_keys.id as id',
  'api_keys.name as name',
  'api_keys.partner_id as partnerId',
  'api_keys.account_id as accountId',
  'api_keys.computer_key as computerKey',
  'api_keys.created_at as createdAt',
] as const

/** Adds an API key; only its hash is kept. */
export async function addApiKey(db: Db, { hash, name, place }: NewApiKey, now: Instant): Promise<ApiKey> {
  const { partnerId, accountId, computerKey } = place
  const { id } = await db
    .insertInto('api_keys')
    .values({
      hash,
      name,
      partner_id: partnerId,
      account_id: accountId,
      computer_key: computerKey,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, name, partnerId, accountId, computerKey, createdAt: now }
}

/** All API keys, in the order in which they were added. */
export function listApiKeys(db: Db): Promise<ApiKey[]> {
  return db.selectFrom('api_keys').select(keyColumns).orderBy('id').execute()
}

/** Removes an API key. */
export async function removeApiKey(db: Db, id: number): Promise<void> {
  await db.deleteFrom('api_keys').where('id', '=', id).execute()
}

/** The API key of a hash, or of a number. That of a deleted computer is not found. */
export async function findApiKey(db: Db, by: { hash: string } | { id: number }): Promise<FoundApiKey | undefined> {
  const keys = db
    .selectFrom('api_keys')
    .innerJoin('partners', 'partners.id', 'api_keys.partner_id')
    .leftJoin('computers', join =>
      join
        .onRef('computers.account_id', '=', 'api_keys.account_id')
        .onRef('computers.key', '=', 'api_keys.computer_key'),
    )
    .select(keyColumns)
    .select(['api_keys.hash as hash', 'partners.path as partnerPath'])
    .where(eb => eb.or([eb('computers.status', 'is', null), eb('computers.status', '!=', 'deleted')]))
  const found = 'hash' in by ? keys.where('api_keys.hash', '=', by.hash) : keys.where('api_keys.id', '=', by.id)
  const row = await found.executeTakeFirst()
  if (!row) return undefined
  const { partnerPath, ...key } = row
  return { ...key, node: { partnerPath, accountId: key.accountId, computerKey: key.computerKey } }
}

/** The secret that the names of checks and badges are made with. */
export async function checkSecret(db: Db): Promise<string> {
  const row = await db
    .selectFrom('server_secrets')
    .select('secret')
    .where('name', '=', 'checks')
    .executeTakeFirstOrThrow()
  return row.secret
}
