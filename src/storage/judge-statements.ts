import type { SqlDialect } from './database.ts'
import { largestBatch } from './group-commit.ts'
import { factColumnNames } from './run-columns.ts'
import { overRows } from './rows-statement.ts'
import { expectationColumnNames } from './set-columns.ts'
import { stateColumnNames } from './set-states.ts'

/** How many sets are judged in one transaction: enough to share its cost, few enough not to hold up reports of runs. */
export const judgedAtOnce = 500

/** Of how many accounts the sets are judged in one transaction after reports. */
export const accountsAtOnce = 50

/** How many of one account after reports: more than one commit of reports can touch, or it would never get past it. */
export const judgedAfterReports = 2 * largestBatch

const columnsOf = (relation: string, names: readonly string[]) => names.map(name => `${relation}.${name}`).join(', ')

/**
 * What judging a set takes: what is expected, what is known, and what was found last. Whether it has misses is not asked by `exists`:
 * PostgreSQL would look through the misses of everybody for it, as long as it believes that there are few.
 */
const claimed = `j.account_id, j.computer_key, j.set_id, j.next_at, j.rules, j.status, j.due_at,
  s.enabled, coalesce(s.time_zone, c.time_zone, a.time_zone) as zone, c.status as computer_status,
  a.status as account_status, p.path,
  ${columnsOf('s', expectationColumnNames)},
  st.run_id, ${columnsOf('st', [...stateColumnNames, ...factColumnNames])},
  (select 1 from condition_changes as m
    where m.account_id = j.account_id and m.set_id = j.set_id and m.due_at is not null and m.retracted_at is null
    limit 1) as has_misses`

const withItsSet = `
  join backup_sets as s on s.account_id = j.account_id and s.id = j.set_id
  join computers as c on c.account_id = j.account_id and c.key = j.computer_key
  join accounts as a on a.id = j.account_id
  join partners as p on p.id = a.partner_id`

/** Every statement of judging, written once for both databases. */
export function buildJudgeStatements(dialect: SqlDialect) {
  const over = overRows(dialect)

  return {
    // Those that somebody else is judging just now are left to him.
    claimDue: over(
      { now: 'bigint' },
      rows => `select judgements.account_id, judgements.computer_key, judgements.set_id from judgements
        where next_at <= (select r.now from ${rows} as r)
        order by next_at limit ${judgedAtOnce}${dialect.forUpdate('judgements', 'skip locked')}`,
    ),
    // Accounts that another process is judging after reports are left to it: what it has not seen stays reported.
    findReported: over(
      { now: 'bigint' },
      rows => `with v as materialized (
          select v.account_id, v.version, v.judged_version from data_versions as v, ${rows} as r
          where v.version > v.judged_version and v.account_id > 0 order by v.account_id limit ${4 * accountsAtOnce})
        select v.account_id, v.version, v.judged_version from v
        where ${dialect.claim('v.account_id')} limit ${accountsAtOnce}`,
    ),
    // In a fixed order, and waiting for whoever judges what is due: what was reported must be looked at after it was stored.
    claimReported: over(
      { account_id: 'bigint', judged_version: 'bigint' },
      rows => `with st as materialized (
          select st.account_id, st.set_id, st.version from ${rows} as r
          join set_states as st on st.account_id = r.account_id and st.version > r.judged_version
          order by st.version, st.set_id limit ${judgedAfterReports})
        select j.account_id, j.computer_key, j.set_id, st.version as state_version from st
        join judgements as j on j.account_id = st.account_id and j.set_id = st.set_id
        order by j.set_id${dialect.forUpdate('j', '')}`,
    ),
    // Only once the sets are locked: so nobody judges by less than whoever has judged them last.
    readClaimed: over(
      { account_id: 'bigint', computer_key: 'bigint', set_id: 'bigint' },
      rows => `select ${claimed} from ${rows} as r
        join judgements as j on j.account_id = r.account_id and j.set_id = r.set_id ${withItsSet}
        left join set_states as st on st.account_id = j.account_id and st.computer_key = j.computer_key
          and st.set_id = j.set_id`,
    ),
    // Locks the accounts in the order in which recording does: in any other the two would wait for each other for good.
    noteReported: over(
      { account_id: 'bigint', version: 'bigint' },
      rows => `with judged as materialized (
          select v.account_id, r.version from ${rows} as r
          join data_versions as v on v.account_id = r.account_id
          order by v.account_id${dialect.forUpdate('v', '')})
        update data_versions set judged_version = judged.version from judged
        where data_versions.account_id = judged.account_id and data_versions.judged_version < judged.version`,
    ),
    findPolicies: over({ now: 'bigint' }, rows => `select p.path, p.policy from partners as p, ${rows} as r`),
    findAbsences: over(
      { now: 'bigint' },
      rows => `select ab.from_at, ab.until_at from absences as ab, ${rows} as r order by ab.from_at desc limit 100`,
    ),
    findSightings: over(
      { account_id: 'bigint', computer_key: 'bigint' },
      rows => `select sg.computer_key, sg.from_at, sg.until_at from ${rows} as r
        join sightings as sg on sg.account_id = r.account_id and sg.computer_key = r.computer_key
        order by sg.from_at`,
    ),
    findMisses: over(
      { account_id: 'bigint', set_id: 'bigint' },
      rows => `select m.id, m.account_id, m.set_id, m.due_at,
          m.id = (select max(n.id) from condition_changes as n
            where n.account_id = r.account_id and n.set_id = r.set_id) as is_last
        from ${rows} as r
        join condition_changes as m on m.account_id = r.account_id and m.set_id = r.set_id
          and m.due_at is not null and m.retracted_at is null
        order by m.due_at desc`,
    ),
    findAnswers: over(
      { account_id: 'bigint', set_id: 'bigint', id: 'bigint', answers_from: 'bigint', answers_until: 'bigint' },
      rows => `select r.id, r.set_id from ${rows} as r
        where exists (select 1 from runs where runs.account_id = r.account_id and runs.set_id = r.set_id
          and runs.started_at between r.answers_from and r.answers_until and runs.outcome is not null)`,
    ),
    retract: over(
      { account_id: 'bigint', set_id: 'bigint', id: 'bigint', now: 'bigint' },
      rows => `update condition_changes set retracted_at = r.now from ${rows} as r
        where condition_changes.account_id = r.account_id and condition_changes.set_id = r.set_id
          and condition_changes.id = r.id`,
    ),
    setJudgements: over(
      {
        account_id: 'bigint',
        set_id: 'bigint',
        next_at: 'bigint',
        rules: 'text',
        status: 'text',
        due_at: 'bigint',
      },
      rows => `update judgements set next_at = r.next_at, rules = r.rules, status = r.status, due_at = r.due_at
        from ${rows} as r where judgements.account_id = r.account_id and judgements.set_id = r.set_id`,
    ),
    addChanges: over(
      {
        account_id: 'bigint',
        computer_key: 'bigint',
        set_id: 'bigint',
        at: 'bigint',
        found_at: 'bigint',
        rules: 'text',
        status: 'text',
        previous_status: 'text',
        due_at: 'bigint',
        run_id: 'bigint',
      },
      rows => `insert into condition_changes
          (account_id, computer_key, set_id, at, found_at, rules, status, previous_status, due_at, run_id)
        select r.account_id, r.computer_key, r.set_id, r.at, r.found_at, r.rules, r.status, r.previous_status,
          r.due_at, r.run_id from ${rows} as r where true
        returning account_id, set_id, id`,
    ),
    stayAwake: over(
      { now: 'bigint' },
      rows => `update server_pulses set seen_at = r.now from ${rows} as r where seen_at < r.now`,
    ),
  }
}
