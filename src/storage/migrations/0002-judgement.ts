import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/**
 * What is expected of backup sets, what became of it, and when nobody looked. Sets that are there already become
 * unscheduled, so that none of them is missed before somebody says when it is due.
 */
export async function judgement(db: Db, { identity, kind, text, inKeyOrder }: SqlDialect): Promise<void> {
  const place = 'account_id bigint not null, computer_key bigint not null, set_id bigint not null'
  const statements = [
    `alter table backup_sets add column schedule ${text} not null default 'manual'`,
    `alter table backup_sets add column time_zone ${text}`,
    `alter table backup_sets add column grace_ms bigint not null default 3600000`,
    `alter table backup_sets add column early_tolerance_ms bigint not null default 900000`,
    `alter table backup_sets add column rpo_ms bigint`,
    `alter table backup_sets add column presence ${text} not null default 'ignored'`,
    `alter table backup_sets add column not_seen_ms bigint not null default 604800000`,
    `alter table backup_sets add column expected_from bigint not null default 0`,
    `alter table backup_sets add column missed_before bigint`,
    `update backup_sets set expected_from = created_at`,
    // SQLite finds rows by these anyway.
    ...(kind === 'postgres'
      ? ['create index backup_sets_by_id on backup_sets (id)', 'create index computers_by_key on computers (key)']
      : []),

    `alter table runs add column outcome bigint`,
    `update runs set outcome = case
      when state in ('uninitialized', 'running', 'paused', 'canceling') then 0
      when state = 'finished' and errors = 0
        and not (plugin = 'file' and coalesce(processed_files, total_files, 1) = 0)
        and not (plugin <> 'file' and coalesce(bytes, processed_files, 1) = 0) then 1
      else 2 end
      where type = 'backup'`,
    `drop index runs_by_set`,
    `create index runs_by_set on runs (account_id, set_id, started_at, run_key, outcome)`,
    `create index open_runs on runs (account_id, set_id, started_at) where outcome = 0`,

    `alter table set_states drop column set_name`,
    `alter table set_states drop column run_limit_ms`,
    `alter table set_states add column open_started_at bigint`,
    `alter table set_states add column open_updated_at bigint`,
    `alter table set_states add column good_started_at bigint`,
    `alter table set_states add column good_ended_at bigint`,
    `alter table set_states add column failed_runs bigint not null default 0`,
    `alter table set_states add column version bigint not null default 0`,
    ...setStateSummary,

    `alter table data_versions add column judged_version bigint not null default 0`,
    `create table judgements (
      ${place}, next_at bigint, rules ${text}, status ${text}, due_at bigint, primary key (account_id, set_id))${inKeyOrder}`,
    `create index judgements_by_time on judgements (next_at)`,
    `insert into judgements (account_id, computer_key, set_id, next_at)
      select account_id, computer_key, id, 0 from backup_sets`,
    `create table condition_changes (
      id ${identity}, ${place}, at bigint not null, found_at bigint not null, rules ${text}, status ${text},
      previous_status ${text}, due_at bigint, run_id bigint, retracted_at bigint)`,
    `create index condition_changes_by_set on condition_changes (account_id, set_id, id)`,
    `create index standing_misses on condition_changes (account_id, set_id, due_at)
      where due_at is not null and retracted_at is null`,

    `create table absences (
      id ${identity}, from_at bigint not null, until_at bigint not null${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create table server_pulses (id bigint primary key, seen_at bigint not null)`,
    `create table sightings (
      account_id bigint not null, computer_key bigint not null, from_at bigint not null, until_at bigint not null,
      primary key (account_id, computer_key, from_at))${inKeyOrder}`,
    `create table audit_log (
      id ${identity}, at bigint not null, actor ${text} not null, action ${text} not null, partner_id bigint not null,
      account_id bigint, before ${text} not null, after ${text} not null${kind === 'postgres' ? ', primary key (id)' : ''})`,
    `create index audit_log_by_partner on audit_log (partner_id, id)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const runsOf = (outcome: number, column: string) => `(select r.${column} from runs as r
  where r.account_id = set_states.account_id and r.set_id = set_states.set_id and r.outcome = ${outcome}
  order by r.started_at desc, r.run_key desc limit 1)`

const setStateSummary = [
  `update set_states set
    open_started_at = ${runsOf(0, 'started_at')}, open_updated_at = ${runsOf(0, 'updated_at')},
    good_started_at = ${runsOf(1, 'started_at')}, good_ended_at = ${runsOf(1, 'updated_at')}`,
  `update set_states set failed_runs = (select count(*) from runs as r
    where r.account_id = set_states.account_id and r.set_id = set_states.set_id and r.outcome = 2
      and r.started_at > coalesce(set_states.good_started_at, -1))`,
]
