import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/**
 * Partners, accounts, computers, backup sets, runs and who may ask for them. Keys of what belongs to an account begin
 * with it, so that PostgreSQL can be distributed by account.
 */
export async function first(db: Db, { identity, kind, text, inKeyOrder }: SqlDialect): Promise<void> {
  const key = (column: string) =>
    kind === 'postgres' ? `, primary key (account_id, ${column})` : `, unique (account_id, ${column})`
  const place = 'partner_id bigint not null references partners (id), account_id bigint, computer_key bigint'
  const facts = `
    type ${text} not null, plugin ${text} not null, state ${text} not null,
    started_at bigint not null, started_offset bigint, updated_at bigint not null, updated_offset bigint,
    total_files bigint, processed_files bigint, new_files bigint, bytes bigint,
    errors bigint not null, warnings bigint not null, exit_status bigint, tool text`

  const statements = [
    `create table data_versions (account_id bigint primary key, version bigint not null)`,
    `create table usernames (name ${text} primary key)`,
    `create table partners (
      id ${identity}, parent_id bigint references partners (id), path ${text} not null, username ${text} not null unique,
      name ${text} not null, policy ${text} not null, created_at bigint not null${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create table accounts (
      id ${identity}, partner_id bigint not null references partners (id), username ${text} not null unique,
      name ${text} not null, time_zone ${text} not null, accepts_new_sets bigint not null, created_at bigint not null
      ${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create index accounts_by_partner on accounts (partner_id)`,
    `create table computers (
      key ${identity}, account_id bigint not null references accounts (id), computer_id ${text} not null,
      name ${text} not null, time_zone ${text}, status ${text} not null, created_at bigint not null,
      unique (account_id, computer_id)${key('key')})`,
    `create table backup_sets (
      id ${identity}, account_id bigint not null, computer_key bigint not null, name ${text} not null,
      plugin ${text} not null, run_limit_ms bigint not null, enabled bigint not null, created_at bigint not null,
      unique (account_id, computer_key, name), foreign key (account_id, computer_key) references computers (account_id, key)
      ${key('id')})`,
    `create table runs (
      id ${identity}, account_id bigint not null, computer_key bigint not null, set_id bigint, run_key ${text} not null,
      ${facts}, received_at bigint not null, unique (account_id, computer_key, run_key)
      ${kind === 'postgres' ? ', primary key (account_id, id)' : ''})`,
    `create index runs_by_set on runs (account_id, set_id, started_at, id)`,
    `create table run_logs (
      account_id bigint not null, run_id bigint not null, messages ${text} not null, log ${text} not null,
      primary key (account_id, run_id))`,
    `create table set_states (
      account_id bigint not null, computer_key bigint not null, set_id bigint not null,
      set_name ${text} not null, run_limit_ms bigint not null, run_id bigint not null, run_key ${text} not null,
      ${facts}, primary key (account_id, computer_key, set_id))${inKeyOrder}`,
    `create table clients (
      id ${identity}, client_id ${text} not null unique, secret_hash ${text} not null, name ${text} not null,
      scopes ${text} not null, ${place}, created_at bigint not null${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create table tokens (
      hash ${text} primary key, client_id bigint references clients (id) on delete cascade, scopes ${text} not null,
      ${place}, expires_at bigint not null, created_at bigint not null)`,
    `create index tokens_by_expiry on tokens (expires_at)`,
    `create index tokens_by_client on tokens (client_id)`,
    `create table agent_keys (
      account_id bigint not null, computer_key bigint not null, hash ${text} not null unique, created_at bigint not null,
      primary key (account_id, computer_key))`,
    `insert into data_versions (account_id, version) values (0, 1)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
