import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** Keys that read the Healthchecks API, and the secret that the names of its checks and badges are made with. */
export async function apiKeys(db: Db, { identity, kind, text }: SqlDialect): Promise<void> {
  const statements = [
    `create table api_keys (
      id ${identity}, hash ${text} not null unique, name ${text} not null,
      partner_id bigint not null references partners (id), account_id bigint, computer_key bigint,
      created_at bigint not null${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create table server_secrets (name ${text} primary key, secret ${text} not null)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
  await db
    .insertInto('server_secrets')
    .values({ name: 'checks', secret: randomBytes(32).toString('hex') })
    .execute()
}
