import { ask } from './ask.ts'
import { type Cluster, mustQuery } from './cluster.ts'
import { account, type Reporter } from './fleet.ts'
import { servers, urlOf } from './lastgood.ts'
import type { Load } from './load.ts'
import { type Node, nodes } from './namespaces.ts'
import { findPrimary } from './patroni.ts'
import { until } from './until.ts'

/** What is in the database in the end, against what was acknowledged. */
export type Outcome = {
  acknowledged: number
  stored: number
  lost: number
  doubled: number
  conditionChanges: number
  doubledChanges: number
  /** Computers of which a server shows another condition than that of the newest acknowledged run. */
  wrongConditions: number
  /** Nodes that hold another number of runs than the primary. */
  differingNodes: number
}

// Judged once is: each change begins where the one before it ended, and no run is found the same twice.
const countChanges = `
  select count(*)::int as all, count(*) filter (where
    previous_status is distinct from earlier_status
    or (run_id is not null and run_id = earlier_run and rules = earlier_rules))::int as doubled
  from (select *, lag(status) over by_set as earlier_status, lag(run_id) over by_set as earlier_run,
    lag(rules) over by_set as earlier_rules
    from condition_changes window by_set as (partition by account_id, set_id order by id)) as changes`

/** Compares what is stored with what was acknowledged, once nothing is on its way any more. */
export async function judge(cluster: Cluster, load: Load, reporters: readonly Reporter[]): Promise<Outcome> {
  const wrongConditions = await countWrongConditions(load, reporters)
  const primary = await until('a primary', 20, findPrimary)
  const rows = await mustQuery(
    cluster,
    primary,
    'select run_key, count(*)::int as count from runs group by 1',
    'lastgood',
  )
  const stored = new Map(rows.map(row => [String(row['run_key']), Number(row['count'])]))
  const [changes] = await mustQuery(cluster, primary, countChanges, 'lastgood')
  const total = [...stored.values()].reduce((sum, count) => sum + count, 0)
  const alike = await Promise.all(nodes.map(node => holdsInTime(cluster, node, total)))
  return {
    acknowledged: load.acknowledged.length,
    stored: total,
    lost: load.acknowledged.filter(({ runKey }) => !stored.has(runKey)).length,
    doubled: total - stored.size,
    conditionChanges: Number(changes?.['all']),
    doubledChanges: Number(changes?.['doubled']),
    wrongConditions,
    differingNodes: alike.filter(isAlike => !isAlike).length,
  }
}

/** Whether a node holds that many runs, within the seconds that a replica may take to read what it has received. */
async function holdsInTime(cluster: Cluster, node: Node, count: number): Promise<boolean> {
  try {
    return await until(`${count} runs on ${node}`, 10, async () => {
      const rows = await cluster.query(node, 'select count(*)::int as count from runs', 'lastgood')
      return rows?.[0]?.['count'] === count
    })
  } catch {
    return false
  }
}

async function countWrongConditions(load: Load, reporters: readonly Reporter[]): Promise<number> {
  const shown = await Promise.all(
    servers.flatMap(server =>
      reporters.map(async ({ computerId, agentKey }) => {
        const url = `${urlOf(server)}/v1/accounts/${account}/computers/${computerId}/reports/backup_status`
        const answer = await ask(url, { headers: { authorization: `Bearer ${agentKey}` } })
        const { list } = (answer?.body ?? {}) as { list?: { condition_types: string[] }[] }
        const wanted = load.last.get(computerId)?.errors === 0 ? 'COMPLETED' : 'ERRORS'
        return list?.length === 1 && list[0]?.condition_types.join() === wanted
      }),
    ),
  )
  return shown.filter(isRight => !isRight).length
}
