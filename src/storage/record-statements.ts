import type { SqlDialect } from './database.ts'
import { overRows } from './rows-statement.ts'
import { factColumnNames, factColumns, newestFirst, newness } from './run-columns.ts'

const runName = { account_id: 'bigint', computer_key: 'bigint', run_key: 'text' } as const
const facts = factColumnNames.join(', ')
const factsOf = (relation: string) => factColumnNames.map(name => `${relation}.${name}`).join(', ')
const factsFrom = (relation: string) => factColumnNames.map(name => `${name} = ${relation}.${name}`).join(', ')

/** Every statement of recording, written once for both databases. */
export function buildRecordStatements(dialect: SqlDialect) {
  const over = overRows(dialect)
  return {
    raiseVersions: over(
      { account_id: 'bigint' },
      rows => `insert into data_versions (account_id, version) select r.account_id, 1 from ${rows} as r
        where true order by r.account_id
        on conflict (account_id) do update set version = data_versions.version + 1
        returning account_id, version`,
    ),
    findSets: over(
      { account_id: 'bigint', computer_key: 'bigint', name: 'text' },
      rows => `select s.id, s.computer_key, s.name, s.plugin, s.run_limit_ms from ${rows} as r
        join backup_sets as s on s.account_id = r.account_id and s.computer_key = r.computer_key and s.name = r.name`,
    ),
    addSets: over(
      {
        account_id: 'bigint',
        computer_key: 'bigint',
        name: 'text',
        slug: 'text',
        plugin: 'text',
        run_limit_ms: 'bigint',
        created_at: 'bigint',
      },
      rows => `insert into backup_sets
          (account_id, computer_key, name, slug, plugin, run_limit_ms, enabled, created_at, expected_from)
        select r.account_id, r.computer_key, r.name, r.slug, r.plugin, r.run_limit_ms, 1, r.created_at, r.created_at
        from ${rows} as r
        where true on conflict (account_id, computer_key, name) do update set name = excluded.name
        returning id, account_id, computer_key, name, plugin, run_limit_ms`,
    ),
    addJudgements: over(
      { account_id: 'bigint', computer_key: 'bigint', id: 'bigint' },
      rows => `insert into judgements (account_id, computer_key, set_id, next_at)
        select r.account_id, r.computer_key, r.id, 0 from ${rows} as r where true
        on conflict (account_id, set_id) do nothing`,
    ),
    findRuns: over(
      runName,
      rows => `select runs.id, runs.computer_key, runs.set_id, runs.run_key, runs.received_at, ${factsOf('runs')},
        s.name as set_name, s.run_limit_ms
        from ${rows} as r
        ${dialect.joinNamedRuns}
        left join backup_sets as s on s.account_id = runs.account_id and s.id = runs.set_id`,
    ),
    addRuns: over(
      { ...runName, set_id: 'bigint', received_at: 'bigint', outcome: 'bigint', ...factColumns },
      rows => `insert into runs (account_id, computer_key, run_key, set_id, received_at, outcome, ${facts})
        select r.account_id, r.computer_key, r.run_key, r.set_id, r.received_at, r.outcome, ${factsOf('r')}
        from ${rows} as r
        where true returning id, computer_key, run_key`,
    ),
    changeRuns: over(
      {
        account_id: 'bigint',
        id: 'bigint',
        known_start: 'bigint',
        set_id: 'bigint',
        outcome: 'bigint',
        ...factColumns,
      },
      rows => `update runs set set_id = r.set_id, outcome = r.outcome, ${factsFrom('r')} from ${rows} as r
        where runs.account_id = r.account_id and runs.id = r.id and runs.started_at = r.known_start`,
    ),
    setLogs: over(
      { account_id: 'bigint', run_id: 'bigint', messages: 'text', log: 'text', received_at: 'bigint' },
      rows => `insert into run_logs (account_id, run_id, messages, log, received_at)
        select r.account_id, r.run_id, r.messages, r.log, r.received_at from ${rows} as r where true
        on conflict (account_id, run_id) do update set messages = excluded.messages, log = excluded.log, received_at = excluded.received_at`,
    ),
    // A good newest run is the newest good one as well.
    setStates: over(
      {
        account_id: 'bigint',
        computer_key: 'bigint',
        set_id: 'bigint',
        run_id: 'bigint',
        run_key: 'text',
        outcome: 'bigint',
        version: 'bigint',
        ...factColumns,
      },
      rows => `insert into set_states (account_id, computer_key, set_id, run_id, run_key, version,
          good_started_at, good_ended_at, bytes_run_id, good_bytes, ${facts})
        select r.account_id, r.computer_key, r.set_id, r.run_id, r.run_key, r.version,
          case when r.outcome = 1 then r.started_at end, case when r.outcome = 1 then r.updated_at end,
          ${ifKnown('r.run_id')}, ${ifKnown('r.bytes')}, ${factsOf('r')}
        from ${rows} as r where true
        on conflict (account_id, computer_key, set_id) do update
        set run_id = excluded.run_id, run_key = excluded.run_key, version = excluded.version,
          good_started_at = coalesce(excluded.good_started_at, set_states.good_started_at),
          good_ended_at = coalesce(excluded.good_ended_at, set_states.good_ended_at),
          bytes_run_id = coalesce(excluded.bytes_run_id, set_states.bytes_run_id),
          good_bytes = coalesce(excluded.good_bytes, set_states.good_bytes),
          failed_runs = case when excluded.good_started_at is null then set_states.failed_runs else 0 end,
          ${factsFrom('excluded')}
        where excluded.run_id = set_states.run_id
          or (${newness('excluded').join(', ')}) > (${newness('set_states').join(', ')})
        returning account_id, set_id`,
    ),
    dropStates: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint', run_id: 'bigint' },
      rows => `delete from set_states where exists (
        select 1 from ${rows} as r
        where set_states.account_id = r.account_id and set_states.computer_key = r.computer_key
          and set_states.set_id = r.set_id and set_states.run_id = r.run_id)`,
    ),
    restoreStates: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint', version: 'bigint' },
      rows => `insert into set_states (account_id, computer_key, set_id, run_id, run_key, version, ${facts})
        select runs.account_id, runs.computer_key, runs.set_id, runs.id, runs.run_key, r.version, ${factsOf('runs')}
        from ${rows} as r
        join runs on runs.account_id = r.account_id and runs.id = (
          select newest.id from runs as newest
          where newest.account_id = r.account_id and newest.set_id = r.set_id and newest.type = 'backup'
          order by ${newestFirst('newest')} limit 1)
        where true
        on conflict (account_id, computer_key, set_id) do update
        set run_id = excluded.run_id, run_key = excluded.run_key, version = excluded.version, ${factsFrom('excluded')}`,
    ),
    // What else conditions need of the history, found anew: only where a new good run was not simply the newest.
    summarizeStates: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint', version: 'bigint' },
      rows => `update set_states set version = r.version,
          open_started_at = ${newestRun(0, 'started_at')}, open_updated_at = ${newestRun(0, 'updated_at')},
          good_started_at = ${newestRun(1, 'started_at')}, good_ended_at = ${newestRun(1, 'updated_at')},
          failed_runs = (select count(*) from runs
            where runs.account_id = r.account_id and runs.set_id = r.set_id and runs.outcome = 2
              and runs.started_at > coalesce(${newestRun(1, 'started_at')}, -1))
        from ${rows} as r
        where set_states.account_id = r.account_id and set_states.computer_key = r.computer_key
          and set_states.set_id = r.set_id`,
    ),
    // Compared with what is known, not found anew: a set whose bytes nobody tells costs no look into its history.
    tellBytes: over(
      {
        account_id: 'bigint',
        computer_key: 'bigint',
        set_id: 'bigint',
        run_id: 'bigint',
        run_key: 'text',
        ...factColumns,
      },
      rows => `update set_states set bytes_run_id = r.run_id, good_bytes = r.bytes from ${rows} as r
        where set_states.account_id = r.account_id and set_states.computer_key = r.computer_key
          and set_states.set_id = r.set_id and not exists (
            select 1 from runs as known where known.account_id = r.account_id and known.id = set_states.bytes_run_id
              and known.started_at >= r.started_at
              and (${newness('known').join(', ')}) > (${newness('r').join(', ')}))`,
    ),
    findBytes: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint' },
      rows => `update set_states set bytes_run_id = ${newestKnown('id')}, good_bytes = ${newestKnown('bytes')}
        from ${rows} as r
        where set_states.account_id = r.account_id and set_states.computer_key = r.computer_key
          and set_states.set_id = r.set_id`,
    ),
    judgeAnew: over(
      { account_id: 'bigint', set_id: 'bigint' },
      rows => `update judgements set next_at = 0 from ${rows} as r
        where judgements.account_id = r.account_id and judgements.set_id = r.set_id`,
    ),
  }
}

/** A value of `r` where it is a good backup of which the bytes are known. */
function ifKnown(value: string): string {
  return `case when r.outcome = 1 and r.bytes is not null then ${value} end`
}

/** A column of the newest good backup of `r`'s set of which the bytes are known. */
function newestKnown(column: string): string {
  return `(select known.${column} from runs as known
    where known.account_id = r.account_id and known.set_id = r.set_id and known.outcome = 1 and known.bytes is not null
    order by ${newestFirst('known')} limit 1)`
}

/** A column of the newest run of `r`'s set that has this outcome. */
function newestRun(outcome: number, column: string): string {
  return `(select newest.${column} from runs as newest
    where newest.account_id = r.account_id and newest.set_id = r.set_id and newest.outcome = ${outcome}
    order by ${newestFirst('newest')} limit 1)`
}
