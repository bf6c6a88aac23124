import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/**
 * What several processes have counted together under a key, until its window ends. It is worth nothing after a crash, so
 * that PostgreSQL need not bring it to its log; an SQLite database has one process and leaves it empty.
 */
export async function requestCounts(db: Db, { kind, text }: SqlDialect): Promise<void> {
  await sql
    .raw(
      `create ${kind === 'postgres' ? 'unlogged ' : ''}table request_counts (
        key_hash ${text} primary key, ends_at bigint not null, used bigint not null)`,
    )
    .execute(db)
}
