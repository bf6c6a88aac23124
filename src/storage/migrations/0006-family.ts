import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** Whom to reach about partners, accounts and computers, who signs in, and who is told of what. */
export async function family(db: Db, { text }: SqlDialect): Promise<void> {
  const contact = (table: string) =>
    ['email', 'phone'].map(column => `alter table ${table} add column ${column} ${text} not null default ''`)
  const statements = [
    ...['partners', 'accounts', 'computers'].flatMap(contact),
    `alter table partners add column company ${text} not null default ''`,
    `alter table accounts add column company ${text} not null default ''`,
    `alter table accounts add column reference_code ${text} not null default ''`,
    `alter table accounts add column status ${text} not null default 'active'`,
    `alter table accounts add column cancellation_note ${text}`,
    `alter table computers add column notification_options ${text} not null default '{}'`,
    `create table notification_emails (
      account_id bigint not null, computer_key bigint not null, email_id bigint not null, email ${text} not null,
      backup_completed bigint not null, backup_warning bigint not null, backup_failed bigint not null,
      backup_missed bigint not null, no_recent_backup bigint not null, primary key (account_id, computer_key, email_id))`,
    `create table users (
      username ${text} primary key, partner_id bigint not null references partners (id), name ${text} not null,
      email ${text} not null, phone ${text} not null, role ${text} not null, created_at bigint not null)`,
    `create index users_by_partner on users (partner_id)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
