import { sql } from 'kysely'
import type { Db } from '../database.ts'

/** The number of the last notification address of each computer, and names of partners and accounts in any letter case. */
export async function notifications(db: Db): Promise<void> {
  const statements = [
    `alter table computers add column last_email_id bigint not null default 0`,
    `update computers set last_email_id = coalesce((select max(e.email_id) from notification_emails as e
      where e.account_id = computers.account_id and e.computer_key = computers.key), 0)`,
    `create index partners_by_lower_name on partners (lower(username))`,
    `create index accounts_by_lower_name on accounts (lower(username))`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
