import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** Where changes of conditions are told, and those that are still to be told there. */
export async function outbox(db: Db, { identity, kind, text }: SqlDialect): Promise<void> {
  const isPostgres = kind === 'postgres'
  const statements = [
    `create table channels (
      id ${identity}, partner_id bigint not null references partners (id), account_id bigint, name ${text} not null,
      kind ${text} not null, url ${text} not null, secret ${text} not null, created_at bigint not null,
      delivered_at bigint, failed_at bigint, failure ${text}${isPostgres ? ', primary key (id)' : ''})`,
    `create table outbox (
      id ${identity}, account_id bigint not null, set_id bigint not null, change_id bigint not null,
      channel_id bigint not null, created_at bigint not null, next_at bigint, attempts bigint not null default 0,
      failure ${text}${isPostgres ? ', primary key (account_id, id)' : ''})`,
    `create index outbox_by_channel on outbox (channel_id, next_at, id)`,
    `create index outbox_by_set on outbox (account_id, set_id)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
