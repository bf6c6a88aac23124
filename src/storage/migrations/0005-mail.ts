import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** Mail: what waits to be told apart, and the rules that tell it apart. */
export async function mail(db: Db, { identity, kind, text }: SqlDialect): Promise<void> {
  const place = 'account_id bigint not null, computer_key bigint not null'
  const key = kind === 'postgres' ? ', primary key (account_id, id)' : ''
  const statements = [
    `create table mails (
      id ${identity}, ${place}, message_key ${text} not null, received_at bigint not null, sent_at bigint,
      sender ${text} not null, subject ${text} not null, body ${text} not null, damage ${text}, not_report ${text},
      slug ${text}, reason ${text} not null, unique (account_id, computer_key, message_key)${key})`,
    `create index mails_by_age on mails (received_at)`,
    `create table mail_rules (
      id ${identity}, ${place}, set_id bigint not null, sender ${text}, subject ${text}, body ${text}, tool ${text},
      success ${text} not null, failure ${text} not null, otherwise ${text} not null, created_at bigint not null${key})`,
    `create index mail_rules_by_computer on mail_rules (account_id, computer_key, id)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
