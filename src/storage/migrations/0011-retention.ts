import { sql } from 'kysely'
import type { Db } from '../database.ts'

/** How long each account keeps runs and logs, and how far removing has come. Logs are found by their age. */
export async function retention(db: Db): Promise<void> {
  const statements = [
    `alter table accounts add column run_days bigint`,
    `alter table accounts add column log_days bigint`,
    `create table retention (account_id bigint primary key, next_at bigint not null, after_set bigint)`,
    `create index retention_by_time on retention (next_at)`,
    `create index run_logs_by_age on run_logs (account_id, received_at)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
