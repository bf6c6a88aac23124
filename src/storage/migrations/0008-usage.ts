import { sql } from 'kysely'
import type { Db } from '../database.ts'

/**
 * What each set takes up, the bytes of its newest good backup of which they are known; until when computers count; and
 * when a log was received, which nobody knows of those that are there.
 */
export async function usage(db: Db): Promise<void> {
  const statements = [
    `alter table run_logs add column received_at bigint`,
    `alter table computers add column deleted_at bigint`,
    `alter table set_states add column bytes_run_id bigint`,
    `alter table set_states add column good_bytes bigint`,
    `update set_states set bytes_run_id = (select r.id from runs as r
      where r.account_id = set_states.account_id and r.set_id = set_states.set_id and r.outcome = 1
        and r.bytes is not null order by r.started_at desc, r.updated_at desc, r.run_key desc limit 1)`,
    `update set_states set good_bytes = r.bytes from runs as r
      where r.account_id = set_states.account_id and r.id = set_states.bytes_run_id`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
