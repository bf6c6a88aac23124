import type { FoundPingId, FoundPingKey } from '../app/ports.ts'
import type { NewPingId } from '../app/tree-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Database, Db } from './database.ts'
import { prepare } from './prepared.ts'

/** Gives a set a new ping UUID. Those that it has end at `othersEndAt`, or earlier where that was said before. */
export async function addPingId(db: Db, { setId, hash, othersEndAt }: NewPingId, now: Instant): Promise<void> {
  const { account_id } = await db
    .selectFrom('backup_sets')
    .select('account_id')
    .where('id', '=', setId)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('set_ping_ids')
    .set({ expires_at: othersEndAt })
    .where('account_id', '=', account_id)
    .where('set_id', '=', setId)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', othersEndAt)]))
    .execute()
  await db
    .deleteFrom('set_ping_ids')
    .where('account_id', '=', account_id)
    .where('set_id', '=', setId)
    .where('expires_at', '<=', now)
    .execute()
  await db
    .insertInto('set_ping_ids')
    .values({ hash, account_id, set_id: setId, created_at: now, expires_at: null })
    .execute()
}

/** Builds the look-ups of what ping URLs name, by their hashes. What belongs to a deleted computer is not found. */
export function preparePingKeys(database: Database) {
  const byKey = prepare(database, (hash: string) =>
    database.reader
      .selectFrom('ping_keys')
      .innerJoin('computers', join =>
        join
          .onRef('computers.account_id', '=', 'ping_keys.account_id')
          .onRef('computers.key', '=', 'ping_keys.computer_key'),
      )
      .select(['ping_keys.hash as hash', 'ping_keys.computer_key as computerKey'])
      .where('ping_keys.hash', '=', hash)
      .where('computers.status', '!=', 'deleted'),
  )
  const byId = prepare(database, (hash: string) =>
    database.reader
      .selectFrom('set_ping_ids')
      .innerJoin('backup_sets', join =>
        join
          .onRef('backup_sets.account_id', '=', 'set_ping_ids.account_id')
          .onRef('backup_sets.id', '=', 'set_ping_ids.set_id'),
      )
      .innerJoin('computers', join =>
        join
          .onRef('computers.account_id', '=', 'backup_sets.account_id')
          .onRef('computers.key', '=', 'backup_sets.computer_key'),
      )
      .select([
        'set_ping_ids.hash as hash',
        'set_ping_ids.set_id as setId',
        'backup_sets.computer_key as computerKey',
        'set_ping_ids.expires_at as expiresAt',
      ])
      .where('set_ping_ids.hash', '=', hash)
      .where('computers.status', '!=', 'deleted'),
  )
  return {
    findPingKey: async (hash: string): Promise<FoundPingKey | undefined> => (await byKey(hash))[0],
    findPingId: async (hash: string): Promise<FoundPingId | undefined> => (await byId(hash))[0],
  }
}
