import { sql } from 'kysely'
import type { Instant } from '../domain/instant.ts'
import type { Database, Db } from './database.ts'
import { madeOfState } from './kept-runs.ts'
import { inShortLocks, isOnlyOne, listPartitions, run, type RunPartition } from './run-partitions.ts'

/** What the table of a month is called once it is no part of the runs any more. */
const droppedPrefix = 'dropped_'

/** How many runs of a dropped month are forgotten in one transaction. */
const forgottenAtOnce = 5_000

/**
 * Drops every month of runs that ended before `before`, with the names and logs of its runs, and answers how many runs went.
 * Runs that the state of a set is made of stay. On SQLite, and where another process is at it, nothing is dropped. What was
 * interrupted goes on with the next call. Throws `unavailable` when somebody uses the table for too long.
 */
export async function dropPartitionsBefore({ unhurried: writer, dialect }: Database, before: Instant): Promise<number> {
  if (dialect.kind === 'sqlite') return 0
  // The lock is held by a transaction that does nothing else, so that it ends with the process and a proxy keeps to it.
  return writer.transaction().execute(async holder => {
    if (!(await isOnlyOne(holder))) return 0
    let dropped = await forgetDropped(writer)
    for (const partition of await listPartitions(writer)) {
      if (partition.until > before) break
      await detach(writer, partition)
      dropped += await forgetDropped(writer)
    }
    return dropped
  })
}

/**
 * Takes a month out of the runs. Which of its runs stay is found before anybody has to wait, while a trigger notes whatever
 * is reported for the month meanwhile: that stays too.
 */
async function detach(writer: Db, { name }: RunPartition): Promise<void> {
  await inShortLocks(writer, async db => {
    await run(db, `drop table if exists staying_runs`)
    await run(db, `create table staying_runs (account_id bigint not null, id bigint not null)`)
    await run(
      db,
      `create or replace function note_staying_run() returns trigger language plpgsql as $$
        begin insert into staying_runs values (new.account_id, new.id); return null; end $$`,
    )
    await run(
      db,
      `create or replace trigger note_staying_run after insert or update on ${name}
        for each row execute function note_staying_run()`,
    )
  })
  await run(
    writer,
    `insert into staying_runs select month.account_id, month.id from ${name} as month
      where month.set_id is not null and ${madeOfState('month')}`,
  )
  await inShortLocks(writer, async db => {
    await run(db, `alter table runs detach partition ${name}`)
    await run(db, `drop trigger note_staying_run on ${name}`)
    await run(
      db,
      `with staying as (delete from ${name} using (select distinct account_id, id from staying_runs) as noted
          where ${name}.account_id = noted.account_id and ${name}.id = noted.id returning ${name}.*)
        insert into runs_other overriding system value select * from staying`,
    )
    await run(db, 'drop table staying_runs')
    await run(db, `alter table ${name} rename to ${droppedPrefix}${name}`)
  })
}

/** Forgets the names and logs of the runs of dropped months, a few at a time, and then the months themselves. */
async function forgetDropped(writer: Db): Promise<number> {
  const { rows: months } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and starts_with(relname, ${droppedPrefix})
      and relnamespace = (select relnamespace from pg_class where oid = 'runs'::regclass)`.execute(writer)
  let forgotten = 0
  for (const { name } of months) {
    for (let last: Place | undefined = { accountId: 0, id: 0 }; last; last = await forgetSome(writer, name, last)) {
      forgotten += last.count ?? 0
    }
    await run(writer, `drop table ${name}`)
  }
  return forgotten
}

type Place = { accountId: number; id: number; count?: number }

/** Forgets the runs behind one of them; answers the last of those, or undefined when there are none. */
async function forgetSome(writer: Db, name: string, after: Place): Promise<Place | undefined> {
  const { rows } = await sql<Place>`
    with gone as (
      select account_id, computer_key, run_key, id from ${sql.raw(name)}
      where (account_id, id) > (${after.accountId}, ${after.id}) order by account_id, id limit ${forgottenAtOnce}),
    names as (
      delete from run_keys using gone where run_keys.account_id = gone.account_id and run_keys.run_id = gone.id
        and run_keys.computer_key = gone.computer_key and run_keys.run_key = gone.run_key),
    logs as (
      delete from run_logs using gone where run_logs.account_id = gone.account_id and run_logs.run_id = gone.id),
    pings as (
      delete from pinged_runs using gone
      where pinged_runs.account_id = gone.account_id and pinged_runs.run_id = gone.id)
    select account_id as "accountId", id, count(*) over () as count from gone
    order by account_id desc, id desc limit 1`.execute(writer)
  return rows[0]
}
