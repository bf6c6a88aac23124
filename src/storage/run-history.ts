import { type RawBuilder, sql } from 'kysely'
import type { ListedRun, RowWindow, RunOrder, RunSelection } from '../app/ports.ts'
import { hasEnded, type RunState, statesWorstFirst } from '../domain/run.ts'
import type { Db } from './database.ts'
import { storedRuns, toStoredRun } from './runs.ts'

/**
 * The runs of an account or of one computer, those on deleted computers among them, and how many there were a moment
 * before. They are found by the index that the runs of each set have, so that recording pays nothing for this list: from
 * a moment on it costs what is found, without one it grows with the history.
 */
export async function listRuns(
  db: Db,
  selection: RunSelection,
  order: RunOrder,
  window: RowWindow,
): Promise<{ runs: ListedRun[]; count: number }> {
  const { rows: counted } = await sql<{ count: number }>`
    select count(*) as count from (${select(selection, order)}) as selected`.execute(db)
  const ids = await findPage(db, selection, order, window)
  const runs = new Map((await readRuns(db, selection.accountId, ids)).map(one => [one.run.id, one]))
  return { runs: ids.flatMap(id => runs.get(id) ?? []), count: counted[0]?.count ?? 0 }
}

/** The ids of the runs of one page. A run without a set has an empty name. */
async function findPage(
  db: Db,
  selection: RunSelection,
  order: RunOrder,
  { skip, most }: RowWindow,
): Promise<number[]> {
  const direction = sql.raw(order.isDescending ? 'desc' : 'asc')
  const { rows } = await sql<{ id: number }>`
    select id from (${select(selection, order)}) as selected
    order by term ${direction}, name ${direction}, id ${direction} limit ${most} offset ${skip}`.execute(db)
  return rows.map(({ id }) => id)
}

/** The runs that are selected. Of two joined tables the databases are told which to begin with: the sets, which are few. */
function select(selection: RunSelection, { by }: RunOrder): RawBuilder<unknown> {
  const { accountId, computerKey, setName } = selection
  const term = sql.raw(orderTerms[by])
  const holds = conditionOf(selection)
  // A sum is looked for in no index: that of all runs of the computer is not the one to take.
  const [ofSets, ofRuns] =
    computerKey === null
      ? [sql``, sql``]
      : [sql`and s.computer_key = ${computerKey}`, sql`and r.computer_key + 0 = ${computerKey}`]
  const named = setName === undefined ? sql`` : sql`and s.name = ${setName}`
  const hasNoSet = setName === undefined ? sql`r.set_id is null` : sql`1 = 0`
  return sql`
    select r.id as id, s.name as name, ${term} as term from backup_sets as s cross join runs as r
      where s.account_id = ${accountId} ${ofSets} ${named} and r.account_id = s.account_id and r.set_id = s.id and ${holds}
    union all
    select r.id as id, '' as name, ${term} as term from runs as r
      where r.account_id = ${accountId} and ${hasNoSet} ${ofRuns} and ${holds}`
}

/**
 * What holds for a selected run. The outcome is in the index and tells much of type and state, so that most runs that are
 * not selected are passed over without being looked at.
 */
function conditionOf({ from, types, states }: RunSelection): RawBuilder<unknown> {
  const conditions = [sql`r.started_at >= ${from}`]
  if (types) {
    const others = types.filter(type => type !== 'backup')
    const isBackup = types.length > others.length ? sql`r.outcome is not null` : sql`1 = 0`
    conditions.push(sql`(${isBackup} or (r.outcome is null and ${isOneOf('r.type', others)}))`)
  }
  if (states) {
    const isGood = states.includes('finished') ? sql`r.outcome = 1` : sql`1 = 0`
    const outcomes = [...new Set(states.map(outcomeOf))]
    const mayBe = sql`(r.outcome is null or ${isOneOf('r.outcome', outcomes)})`
    conditions.push(sql`(${isGood} or (${mayBe} and ${isOneOf('r.state', states)}))`)
  }
  return sql.join(conditions, sql` and `)
}

/** The outcome that a backup in a state has, unless it is good. */
function outcomeOf(state: RunState): number {
  return hasEnded({ state }) ? 2 : 0
}

function isOneOf(column: string, values: readonly (string | number)[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`1 = 0` : sql`${sql.ref(column)} in (${sql.join(values)})`
}

const stateRanks = statesWorstFirst.flatMap((states, rank) => states.map(state => `when '${state}' then ${rank}`))

const orderTerms: Record<RunOrder['by'], string> = {
  start: 'r.started_at',
  type: 'r.type',
  // A state that this program does not know counts as crashed.
  state: `case r.state ${stateRanks.join(' ')} else 0 end`,
}

async function readRuns(db: Db, accountId: number, ids: readonly number[]): Promise<ListedRun[]> {
  if (ids.length === 0) return []
  const rows = await storedRuns(db)
    .innerJoin('computers', join =>
      join.onRef('computers.account_id', '=', 'runs.account_id').onRef('computers.key', '=', 'runs.computer_key'),
    )
    .innerJoin('accounts', 'accounts.id', 'runs.account_id')
    .select(['accounts.username', 'computers.computer_id', 'computers.name as computer_name', 'computers.time_zone'])
    .select('accounts.time_zone as account_time_zone')
    .where('runs.account_id', '=', accountId)
    .where('runs.id', 'in', ids)
    .execute()
  return rows.map(row => ({
    run: toStoredRun(row),
    computer: {
      username: row.username,
      computerId: row.computer_id,
      name: row.computer_name,
      timeZone: row.time_zone ?? row.account_time_zone,
    },
  }))
}
