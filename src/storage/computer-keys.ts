import type { Instant } from '../domain/instant.ts'
import type { Db } from './database.ts'

/** Gives a computer a key of a kind, in place of the one that it has. Only the hash of the key is kept. */
export async function setComputerKey(
  db: Db,
  table: 'agent_keys' | 'ping_keys',
  { computerKey, hash }: { computerKey: number; hash: string },
  now: Instant,
): Promise<void> {
  const { account_id } = await db
    .selectFrom('computers')
    .select('account_id')
    .where('key', '=', computerKey)
    .executeTakeFirstOrThrow()
  await db
    .insertInto(table)
    .values({ account_id, computer_key: computerKey, hash, created_at: now })
    .onConflict(conflict => conflict.columns(['account_id', 'computer_key']).doUpdateSet({ hash, created_at: now }))
    .execute()
}
