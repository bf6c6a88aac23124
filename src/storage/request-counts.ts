import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { RequestCount, SharedCounts } from '../app/ports.ts'
import { type Instant, minutes } from '../domain/instant.ts'
import { checkSecret } from './api-keys.ts'
import type { Db } from './database.ts'

const removalEveryMs = minutes(1)

/**
 * What processes count together, in PostgreSQL. Keys are stored as what the secret of the installation makes of them, so
 * that the table tells neither tokens nor addresses. Windows that ended a minute ago are removed, every minute.
 */
export function buildSharedCounts(db: Db): SharedCounts {
  let secret: string | undefined
  let removedAt = -Infinity

  return async (counts, windowMs, now) => {
    secret ??= await checkSecret(db)
    if (Math.abs(now - removedAt) >= removalEveryMs) {
      removedAt = now
      await removeEnded(db, now - removalEveryMs)
    }
    const names = new Map(counts.map(({ key }) => [hashKey(secret ?? '', key), key]))
    const input = counts.map(({ key, used, endsAt }) => ({
      key_hash: hashKey(secret ?? '', key),
      used,
      ends_at: endsAt,
    }))
    const isLive = sql`request_counts.ends_at > ${now} and request_counts.ends_at <= ${now + 2 * windowMs}`
    // In one order, so that two processes never wait for each other.
    const { rows } = await sql<{ key_hash: string; used: number; ends_at: number }>`
      insert into request_counts (key_hash, ends_at, used)
      select key_hash, ends_at, used
      from json_to_recordset(${JSON.stringify(input)}::json) as told (key_hash text, ends_at bigint, used bigint)
      order by key_hash
      on conflict (key_hash) do update set
        used = case when ${isLive} then request_counts.used + excluded.used else excluded.used end,
        ends_at = case when ${isLive} then request_counts.ends_at else excluded.ends_at end
      returning key_hash, used, ends_at`.execute(db)
    return rows.map(({ key_hash, used, ends_at }): RequestCount => ({
      key: names.get(key_hash) ?? '',
      used,
      endsAt: ends_at,
    }))
  }
}

async function removeEnded(db: Db, before: Instant): Promise<void> {
  await sql`delete from request_counts where key_hash in (
    select key_hash from request_counts where ends_at < ${before} order by key_hash for update skip locked)`.execute(db)
}

function hashKey(secret: string, key: string): string {
  return createHmac('sha256', `limits ${secret}`).update(key).digest('hex')
}
