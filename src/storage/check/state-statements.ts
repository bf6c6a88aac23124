import { factColumnNames, newestFirst, newness } from '../run-columns.ts'

/** The newest run of a state's set that meets a condition. */
function newest(column: string, condition: string): string {
  return `(select n.${column} from runs as n where n.account_id = st.account_id and n.set_id = st.set_id and ${condition}
    order by ${newestFirst('n')} limit 1)`
}

// Retention removes the oldest runs: what began before a moment and is still there shows that what came later must be.
const historyReaches = (moment: string) => `exists (select 1 from runs as o where o.account_id = st.account_id
  and o.set_id = st.set_id and o.started_at < ${moment} and o.received_at < ${moment})`

const countFailed = `(select count(*) from runs as f where f.account_id = st.account_id and f.set_id = st.set_id
  and f.outcome = 2 and f.started_at > coalesce(st.good_started_at, -1))`

const goodAt = newest('started_at', 'n.outcome = 1')
const openAt = newest('started_at', 'n.outcome = 0')
const facts = ['run_key', ...factColumnNames]

/**
 * What is known of sets against what their runs say, each by what is wrong where the statement finds a row: the account and the
 * set. Runs that retention has removed are not missed.
 */
export const stateStatements: Readonly<Record<string, string>> = {
  'has backup runs, and no state': `select s.account_id, s.id from backup_sets as s
    where exists (select 1 from runs as n where n.account_id = s.account_id and n.set_id = s.id and n.type = 'backup')
      and not exists (select 1 from set_states as st where st.account_id = s.account_id and st.set_id = s.id)`,
  'has a newer run than its state says': `select st.account_id, st.set_id from set_states as st where exists (
    select 1 from runs as n where n.account_id = st.account_id and n.set_id = st.set_id and n.type = 'backup'
      and (${newness('n').join(', ')}) > (${newness('st').join(', ')}))`,
  'has a state that tells its newest run otherwise than the run itself': `select st.account_id, st.set_id
    from set_states as st join runs as n on n.account_id = st.account_id and n.id = st.run_id
    where ${facts.map(name => `n.${name} is distinct from st.${name}`).join(' or ')}
      or n.set_id is distinct from st.set_id`,
  'has a state with a newest run that is not there': `select st.account_id, st.set_id from set_states as st
    where not exists (select 1 from runs as n where n.account_id = st.account_id and n.id = st.run_id)
      and ${historyReaches('st.started_at')}`,
  'has another newest good run than its state says': `select st.account_id, st.set_id from set_states as st
    where ${goodAt} > coalesce(st.good_started_at, -1)
      or (${goodAt} = st.good_started_at and ${newest('updated_at', 'n.outcome = 1')} <> st.good_ended_at)
      or (coalesce(${goodAt}, -1) < st.good_started_at and ${historyReaches('st.good_started_at')})`,
  'has another open run than its state says': `select st.account_id, st.set_id from set_states as st
    where ${openAt} is distinct from st.open_started_at
      and (${openAt} is not null or ${historyReaches('st.open_started_at')})`,
  'has another number of failed runs than its state says': `select st.account_id, st.set_id from set_states as st
    where ${countFailed} > st.failed_runs
      or (${countFailed} < st.failed_runs and ${goodAt} = st.good_started_at)`,
  'has other bytes than its state says': `select st.account_id, st.set_id from set_states as st
    join runs as n on n.account_id = st.account_id and n.id = st.bytes_run_id
    where n.bytes is distinct from st.good_bytes
      or ${newest('id', 'n.outcome = 1 and n.bytes is not null')} is distinct from st.bytes_run_id`,
}
