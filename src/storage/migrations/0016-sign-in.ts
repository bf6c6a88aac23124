import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** How people sign in: with what, the browsers that they have signed in with, and the links that let them choose a password. */
export async function signIn(db: Db, { kind, text }: SqlDialect): Promise<void> {
  const person = `username ${text} references users (username) on delete cascade`
  const statements = [
    `create table credentials (
      username ${text} primary key references users (username) on delete cascade, password_hash ${text},
      code_secret ${text}, code_step bigint, changed_at bigint not null)`,
    `create table sessions (
      hash ${text} primary key, ${person.replace('text references', 'text not null references')},
      remote_addr ${text} not null, user_agent ${text} not null, expires_at bigint not null, created_at bigint not null)`,
    `create index sessions_by_user on sessions (username)`,
    `create table sign_in_links (
      hash ${text} primary key, partner_id bigint not null references partners (id), ${person}, role ${text} not null,
      expires_at bigint not null, created_at bigint not null)`,
    // That there is a newer change is looked for every other second; with SQLite it is the key.
    ...(kind === 'postgres' ? ['create index condition_changes_by_id on condition_changes (id)'] : []),
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
