import type { ColumnType, SqlDialect } from './database.ts'
import { newestFirst, newness } from './run-columns.ts'
import { overRows, type RowsStatement } from './rows-statement.ts'
import { mostSightings } from './sightings.ts'

/** How many rows of a kind one statement removes. */
export const mostRows = 200

const set = { account_id: 'bigint', set_id: 'bigint', before: 'bigint' } as const
const ofSet = (relation: string) =>
  `${relation}.account_id = (select r.account_id from r) and ${relation}.set_id = (select r.set_id from r)`
const ofAccount = (relation: string) => `${relation}.account_id = (select r.account_id from r)`
const before = '(select r.before from r)'
const isOld = (relation: string) => `${relation}.started_at < ${before} and ${relation}.updated_at < ${before}`
const logBytes = `octet_length(l.messages) + octet_length(l.log) as log_bytes`

/**
 * Every statement of retention, written once for both databases. Most are about one set or account, as a relation `r` of
 * one row, so that the databases know by which index to begin, and stop after so many rows.
 */
export function buildRetentionStatements(dialect: SqlDialect) {
  const over = overRows(dialect)
  const ofOne = (columns: Record<string, ColumnType>, text: string): RowsStatement =>
    over(columns, rows => `with r as materialized (select * from ${rows} as input) ${text}`)

  return {
    addAccounts: over(
      { now: 'bigint' },
      rows => `insert into retention (account_id, next_at)
        select a.id, r.now from ${rows} as r cross join accounts as a
        where not exists (select 1 from retention as known where known.account_id = a.id)
        order by a.id limit ${mostRows} on conflict (account_id) do nothing returning account_id`,
    ),
    // One that somebody else is at is left to him.
    claim: over(
      { now: 'bigint' },
      rows => `with c as materialized (
          select * from retention where next_at <= (select r.now from ${rows} as r)
          order by next_at limit 1${dialect.forUpdate('retention', 'skip locked')})
        select c.account_id, c.after_set, a.run_days, a.log_days from c left join accounts as a on a.id = c.account_id`,
    ),
    // Whoever records for the account waits, so that what a set is made of does not change meanwhile.
    lockAccount: over(
      { account_id: 'bigint' },
      rows => `select v.account_id from data_versions as v
        where v.account_id = (select r.account_id from ${rows} as r)${dialect.forUpdate('v', '')}`,
    ),
    moveOn: over(
      { account_id: 'bigint', next_at: 'bigint', after_set: 'bigint' },
      rows => `update retention set next_at = coalesce(r.next_at, retention.next_at), after_set = r.after_set
        from ${rows} as r where retention.account_id = r.account_id`,
    ),
    // What is there that old; the smallest entry of an index tells.
    findSets: ofOne(
      { account_id: 'bigint', after_set: 'bigint', before: 'bigint' },
      `select s.id as set_id,
        exists (select 1 from runs where runs.account_id = s.account_id and runs.set_id = s.id
          and runs.started_at < ${before}) as has_runs,
        (select c.found_at from condition_changes as c where c.account_id = s.account_id and c.set_id = s.id
          order by c.id limit 1) < ${before} as has_changes,
        (select p.at from pings as p where p.account_id = s.account_id and p.set_id = s.id
          order by p.n limit 1) < ${before} as has_pings
      from backup_sets as s where ${ofAccount('s')} and s.id > (select r.after_set from r)
      order by s.id limit ${mostRows}`,
    ),
    // What a newer good run, as old, makes needless: none that failed since, none that has not ended, and not the newest
    // good one that told its bytes. All that a set is judged, explained and summed up by is kept so.
    findRuns: ofOne(
      set,
      `select c.id, c.started_at, ${logBytes} from runs as c
      left join run_logs as l on l.account_id = c.account_id and l.run_id = c.id
      where ${ofSet('c')} and ${isOld('c')} and (c.outcome is null or c.outcome <> 0
        and (${newness('c').join(', ')}) < (${newestGood('true')})
        and (c.outcome = 2 or c.bytes is null or (${newness('c').join(', ')}) < (${newestGood('n.bytes is not null')})))
      order by c.started_at limit ${mostRows}`,
    ),
    findRunsWithoutSet: ofOne(
      set,
      `select c.id, c.started_at, ${logBytes} from runs as c
      left join run_logs as l on l.account_id = c.account_id and l.run_id = c.id
      where ${ofAccount('c')} and c.set_id is null and ${isOld('c')} order by c.started_at limit ${mostRows}`,
    ),
    removeRuns: ofOne(
      { account_id: 'bigint', id: 'bigint', started_at: 'bigint' },
      `delete from runs where account_id = (select min(r.account_id) from r)
        and started_at >= (select min(r.started_at) from r) and started_at <= (select max(r.started_at) from r)
        and id in (select r.id from r)`,
    ),
    removeLogs: over(
      { account_id: 'bigint', id: 'bigint' },
      rows => `delete from run_logs where (account_id, run_id) in (select r.account_id, r.id from ${rows} as r)
        returning run_id`,
    ),
    removeAwaited: over(
      { account_id: 'bigint', id: 'bigint' },
      rows => `delete from pinged_runs where (account_id, run_id) in (select r.account_id, r.id from ${rows} as r)`,
    ),
    findLogs: ofOne(
      { account_id: 'bigint', before: 'bigint' },
      `select l.run_id as id, ${logBytes} from run_logs as l
      where ${ofAccount('l')} and l.received_at < ${before} order by l.received_at limit ${mostRows}`,
    ),
    // Of which nobody knows when they came: they count as old as their runs.
    findUndatedLogs: ofOne(
      { account_id: 'bigint', before: 'bigint' },
      `select l.run_id as id, ${logBytes} from run_logs as l
      join runs as c on c.account_id = l.account_id and c.id = l.run_id and c.received_at < ${before}
      where ${ofAccount('l')} and l.received_at is null limit ${mostRows}`,
    ),
    // The newest of those as old tells how the set stood when what is kept begins.
    removeChanges: ofOne(
      set,
      `delete from condition_changes where id in (
        select c.id from condition_changes as c
        where ${ofSet('c')} and c.found_at < ${before} and (c.due_at is null or c.retracted_at is not null)
          and exists (select 1 from condition_changes as n where ${ofSet('n')} and n.id > c.id and n.found_at < ${before})
        order by c.id limit ${mostRows})
        and ${ofSet('condition_changes')} returning id`,
    ),
    // The newest of a set counts them.
    removePings: ofOne(
      set,
      `delete from pings where ${ofSet('pings')} and n in (
        select p.n from pings as p where ${ofSet('p')} and p.at < ${before}
          and p.n < (select max(last.n) from pings as last where ${ofSet('last')})
        order by p.n limit ${mostRows}) returning n`,
    ),
    // More of a computer than these are never looked at.
    removeSightings: ofOne(
      { account_id: 'bigint', before: 'bigint' },
      `delete from sightings where (account_id, computer_key, from_at) in (
        select s.account_id, s.computer_key, s.from_at from (
          select sightings.*, row_number() over (partition by computer_key order by from_at desc) as newness
          from sightings where ${ofAccount('sightings')}) as s
        where s.newness > ${mostSightings} and s.until_at < ${before} limit ${mostRows})`,
    ),
  }
}

/** How new the newest good run of the set is, of those that are old and for which a condition holds. */
function newestGood(condition: string): string {
  return `select ${newness('n').join(', ')} from runs as n
    where ${ofSet('n')} and ${isOld('n')} and n.outcome = 1 and ${condition} order by ${newestFirst('n')} limit 1`
}
