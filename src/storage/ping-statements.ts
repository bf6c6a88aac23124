import type { SqlDialect } from './database.ts'
import { overRows } from './rows-statement.ts'
import { factColumnNames } from './run-columns.ts'

const set = { account_id: 'bigint', set_id: 'bigint' } as const
const run = { account_id: 'bigint', run_id: 'bigint' } as const
const facts = factColumnNames.map(name => `runs.${name}`).join(', ')
const pingColumns = {
  ...set,
  at: 'bigint',
  kind: 'text',
  exit_status: 'bigint',
  method: 'text',
  scheme: 'text',
  remote_addr: 'text',
  user_agent: 'text',
  rid: 'text',
  run_id: 'bigint',
} as const
const pingColumnNames = Object.keys(pingColumns)

/** How many pings of a set are kept: the newest. */
export const mostPings = 1_000

/** Every statement of recording pings, written once for both databases. */
export function buildPingStatements(dialect: SqlDialect) {
  const over = overRows(dialect)
  return {
    findSets: over(
      set,
      rows => `select s.id as set_id, s.name from ${rows} as r
        join backup_sets as s on s.account_id = r.account_id and s.id = r.set_id`,
    ),
    findOwnRuns: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint', run_key: 'text' },
      rows => `select r.set_id, runs.id, runs.run_key, p.rid, p.run_id as awaiting, ${facts} from ${rows} as r
        ${dialect.joinNamedRuns}
        left join pinged_runs as p on p.account_id = runs.account_id and p.run_id = runs.id`,
    ),
    findOpenRuns: over(
      set,
      rows => `select r.set_id, runs.id, runs.run_key, p.rid, p.run_id as awaiting, ${facts} from ${rows} as r
        join pinged_runs as p on p.account_id = r.account_id and p.set_id = r.set_id
        join runs on runs.account_id = p.account_id and runs.id = p.run_id
        where runs.outcome = 0 order by runs.started_at desc, runs.id desc`,
    ),
    findNewestRuns: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint' },
      rows => `select r.set_id, runs.id, runs.run_key, null as rid, null as awaiting, ${facts} from ${rows} as r
        join set_states as s
          on s.account_id = r.account_id and s.computer_key = r.computer_key and s.set_id = r.set_id
        join runs on runs.account_id = s.account_id and runs.id = s.run_id and runs.started_at = s.started_at`,
    ),
    findLogs: over(
      run,
      rows => `select l.run_id, l.messages, l.log from ${rows} as r
        join run_logs as l on l.account_id = r.account_id and l.run_id = r.run_id`,
    ),
    begin: over(
      { ...set, run_id: 'bigint', rid: 'text', started_at: 'bigint' },
      rows => `insert into pinged_runs (account_id, set_id, run_id, rid, started_at)
        select r.account_id, r.set_id, r.run_id, r.rid, r.started_at from ${rows} as r where true
        on conflict (account_id, run_id) do nothing`,
    ),
    end: over(
      run,
      rows => `delete from pinged_runs where (account_id, run_id) in (select r.account_id, r.run_id from ${rows} as r)`,
    ),
    forgetBegun: over(
      { ...set, before: 'bigint' },
      rows => `delete from pinged_runs where (account_id, run_id) in (
        select p.account_id, p.run_id from ${rows} as r
        join pinged_runs as p on p.account_id = r.account_id and p.set_id = r.set_id and p.started_at < r.before)`,
    ),
    addPings: over(
      pingColumns,
      rows => `insert into pings (n, ${pingColumnNames.join(', ')})
        select coalesce((select max(p.n) from pings as p
            where p.account_id = r.account_id and p.set_id = r.set_id), 0) + 1,
          ${pingColumnNames.map(name => `r.${name}`).join(', ')}
        from ${rows} as r where true returning account_id, set_id, n`,
    ),
    forgetPings: over(
      { ...set, n: 'bigint' },
      rows => `delete from pings where (account_id, set_id, n) in (
        select p.account_id, p.set_id, p.n from ${rows} as r
        join pings as p on p.account_id = r.account_id and p.set_id = r.set_id and p.n <= r.n - ${mostPings})`,
    ),
  }
}
