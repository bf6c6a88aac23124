import { sql } from 'kysely'
import { toSlug } from '../../domain/slug.ts'
import type { Db, SqlDialect } from '../database.ts'

/** Pings: the names that URLs give to computers and sets, and what arrived under them. */
export async function pings(db: Db, { text, inKeyOrder }: SqlDialect): Promise<void> {
  const set = 'account_id bigint not null, set_id bigint not null'
  const statements = [
    `alter table backup_sets add column slug ${text} not null default ''`,
    `alter table backup_sets add column tool ${text}`,
    `create table ping_keys (
      account_id bigint not null, computer_key bigint not null, hash ${text} not null unique, created_at bigint not null,
      primary key (account_id, computer_key))`,
    `create table set_ping_ids (
      hash ${text} primary key, ${set}, created_at bigint not null, expires_at bigint)`,
    `create index set_ping_ids_by_set on set_ping_ids (account_id, set_id)`,
    `create table pings (
      ${set}, n bigint not null, at bigint not null, kind ${text} not null, exit_status bigint, method ${text} not null,
      scheme ${text} not null, remote_addr ${text} not null, user_agent ${text} not null, rid ${text}, run_id bigint,
      primary key (account_id, set_id, n))${inKeyOrder}`,
    `create table pinged_runs (
      ${set}, run_id bigint not null, rid ${text}, started_at bigint not null, primary key (account_id, run_id))`,
    `create index pinged_runs_by_set on pinged_runs (account_id, set_id, started_at)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
  await fillSlugs(db)
}

/** Gives every set that is there already the slug of its name; sets of the same name share a statement. */
async function fillSlugs(db: Db): Promise<void> {
  const names = await db.selectFrom('backup_sets').select('name').distinct().execute()
  const slugs = Map.groupBy(names, ({ name }) => toSlug(name))
  slugs.delete('')
  for (const [slug, sets] of slugs) {
    for (let from = 0; from < sets.length; from += 500) {
      const some = sets.slice(from, from + 500).map(({ name }) => name)
      await db.updateTable('backup_sets').set({ slug }).where('name', 'in', some).execute()
    }
  }
}
