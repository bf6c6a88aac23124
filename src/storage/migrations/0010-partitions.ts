import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/**
 * On PostgreSQL the runs become a table partitioned by their start. No row that is there is copied, except those that claim
 * a start in a month to come: the old table is the partition of everything before the next month. SQLite keeps its
 * one table.
 */
export async function partitions(db: Db, { kind, text }: SqlDialect): Promise<void> {
  if (kind === 'sqlite') return
  const run = (statement: string) => sql.raw(statement).execute(db)
  await run('lock table runs in access exclusive mode')
  const { rows } = await sql<{ lastId: number | null; nextMonth: number; isEmpty: boolean }>`
    select pg_sequence_last_value(pg_get_serial_sequence('runs', 'id')::regclass) as "lastId",
      (extract(epoch from date_trunc('month', now() at time zone 'utc') + interval '1 month') * 1000)::bigint
        as "nextMonth",
      not exists (select 1 from runs) as "isEmpty"`.execute(db)
  const { lastId = null, nextMonth = 0, isEmpty = true } = rows[0] ?? {}

  const taken = [
    `alter table runs alter column id drop identity`,
    `alter table runs drop constraint runs_pkey`,
    `alter table runs rename to runs_before`,
    `alter table runs_before add primary key (account_id, id, started_at)`,
    `alter index runs_by_set rename to runs_before_by_set`,
    `alter index open_runs rename to runs_before_open`,
    `create table runs (like runs_before) partition by range (started_at)`,
    `alter table runs alter column id add generated always as identity`,
    `alter table runs add primary key (account_id, id, started_at)`,
    `create index runs_by_set on runs (account_id, set_id, started_at, run_key, outcome)`,
    `create index open_runs on runs (account_id, set_id, started_at) where outcome = 0`,
    `create table runs_other partition of runs default`,
    `with ahead as (delete from runs_before where started_at >= ${nextMonth} returning *)
      insert into runs_other overriding system value select * from ahead`,
    isEmpty
      ? `drop table runs_before`
      : `alter table runs attach partition runs_before for values from (minvalue) to (${nextMonth})`,
    ...(lastId === null ? [] : [`select setval(pg_get_serial_sequence('runs', 'id'), ${lastId})`]),

    `create table run_keys (
      account_id bigint not null, computer_key bigint not null, run_key ${text} not null,
      run_id bigint not null, started_at bigint not null)`,
    `insert into run_keys select account_id, computer_key, run_key, id, started_at from runs`,
    `alter table run_keys add primary key (account_id, computer_key, run_key)`,
    ...keepingKeys,
    `analyze runs, run_keys`,
  ]
  for (const statement of taken) await run(statement)
}

const sameKey = (one: string, other: string) =>
  ['account_id', 'computer_key', 'run_key'].map(column => `${one}.${column} = ${other}.${column}`).join(' and ')

/**
 * The names of runs follow the runs, whoever writes them. A name whose run went with its month is free again; one that is
 * in use is refused, as a unique key would.
 */
const keepingKeys = [
  `create function add_run_keys() returns trigger language plpgsql as $$
    declare taken bigint;
    begin
      insert into run_keys select account_id, computer_key, run_key, id, started_at from added on conflict do nothing;
      get diagnostics taken = row_count;
      if taken < (select count(*) from added) then
        delete from run_keys using added where ${sameKey('run_keys', 'added')} and not exists (
          select 1 from runs where runs.account_id = run_keys.account_id and runs.id = run_keys.run_id
            and runs.started_at = run_keys.started_at);
        insert into run_keys select account_id, computer_key, run_key, id, started_at from added
          where not exists (select 1 from run_keys where ${sameKey('run_keys', 'added')} and run_keys.run_id = added.id);
      end if;
      return null;
    end $$`,
  `create function move_run_keys() returns trigger language plpgsql as $$
    begin
      update run_keys set started_at = changed.started_at
        from changed join known on known.account_id = changed.account_id and known.id = changed.id
        where known.started_at <> changed.started_at and ${sameKey('run_keys', 'changed')};
      return null;
    end $$`,
  `create function remove_run_keys() returns trigger language plpgsql as $$
    begin
      delete from run_keys using removed where ${sameKey('run_keys', 'removed')} and run_keys.run_id = removed.id;
      return null;
    end $$`,
  `create trigger add_run_keys after insert on runs referencing new table as added
    for each statement execute function add_run_keys()`,
  `create trigger move_run_keys after update on runs referencing old table as known new table as changed
    for each statement execute function move_run_keys()`,
  `create trigger remove_run_keys after delete on runs referencing old table as removed
    for each statement execute function remove_run_keys()`,
]
