import { setTimeout } from 'node:timers/promises'
import { type Cluster, postgresOn } from './cluster.ts'
import { findEtcdLeader, startEtcd } from './etcd.ts'
import { isReady, type Server, startLastgood } from './lastgood.ts'
import { firstAcknowledged, type Load } from './load.ts'
import type { MachineProcess } from './machine-process.ts'
import { cutOff, killAllOn, type Node, nodes, processesOn, reconnect, signal } from './namespaces.ts'
import { findPrimary, isWhole, readMembers, switchOver } from './patroni.ts'
import { until } from './until.ts'

/** What the steps work with. */
export type Stage = {
  folder: string
  cluster: Cluster
  load: Load
  lastgood: Record<Server, MachineProcess>
  say: (text: string) => void
}

/** What a step measured, in seconds by their names. */
export type Figures = Record<string, number>

/** The steps of the scenario, in their order. */
export const steps: Record<string, (stage: Stage) => Promise<Figures>> = {
  'steady load': steady,
  'both replicas frozen': freezeReplicas,
  'the node of the primary killed': killPrimary,
  'the network of the primary cut': cutPrimary,
  'one Lastgood killed': killLastgood,
  'planned switchover': planned,
  'the leader of etcd killed': killEtcdLeader,
}

async function steady(): Promise<Figures> {
  await setTimeout(10_000)
  return {}
}

/** No replica can confirm a commit: then nothing may be acknowledged. Shows that Lastgood's sessions wait for them. */
async function freezeReplicas({ load, say }: Stage): Promise<Figures> {
  const primary = await until('a primary', 10, findPrimary)
  const frozen = nodes.filter(node => node !== primary).flatMap(postgresOn)
  for (const pid of frozen) signal(pid, 'SIGSTOP')
  // What had been confirmed by then may still be on its way to the reporters.
  await setTimeout(500)
  const before = load.acknowledged.length
  await setTimeout(2_000)
  const acknowledged = load.acknowledged.length - before
  for (const pid of frozen) signal(pid, 'SIGCONT')
  say(`${acknowledged} runs acknowledged in 2 s without a replica`)
  await untilWhole()
  return { 'runs acknowledged while frozen': acknowledged }
}

async function killPrimary(stage: Stage): Promise<Figures> {
  const { cluster, say } = stage
  const primary = await until('a primary', 10, findPrimary)
  const at = performance.now()
  killAllOn(primary)
  say(`killed every process of ${primary}: PostgreSQL, Patroni, etcd`)
  const figures = await failOver(stage, primary, at)
  await setTimeout(2_000)
  const backAt = performance.now()
  cluster.startNode(primary)
  await untilWhole()
  say(`${primary} is back as a replica`)
  return { ...figures, 'until it was a replica again': secondsSince(backAt) }
}

async function cutPrimary(stage: Stage): Promise<Figures> {
  const { cluster, say } = stage
  const primary = await until('a primary', 10, findPrimary)
  const at = performance.now()
  cutOff(primary)
  say(`cut the network of ${primary}`)
  const [demotion, figures] = await Promise.all([untilDemoted(cluster, primary), failOver(stage, primary, at)])
  say(`${primary} took no writes after ${((demotion - at) / 1_000).toFixed(1)} s`)
  await setTimeout(2_000)
  const healedAt = performance.now()
  reconnect(primary)
  await untilWhole()
  say(`${primary} is a replica again`)
  return {
    ...figures,
    'until the old primary took no writes': (demotion - at) / 1_000,
    'until it was a replica again': secondsSince(healedAt),
  }
}

/** When a node that nobody reaches has stopped or become a replica, as its local socket tells. */
function untilDemoted(cluster: Cluster, node: Node): Promise<number> {
  return until(`the demotion of ${node}`, 60, async () => {
    const rows = await cluster.query(node, 'select pg_is_in_recovery() as is_replica')
    const isDemoted = rows ? rows[0]?.['is_replica'] === true : postgresOn(node).length === 0
    return isDemoted && performance.now()
  })
}

async function killLastgood({ lastgood, folder, cluster, say }: Stage): Promise<Figures> {
  await lastgood.a.kill()
  say('killed Lastgood on a')
  await setTimeout(4_000)
  const at = performance.now()
  lastgood.a = startLastgood('a', folder, cluster.databaseUrl)
  await until('a Lastgood that is ready', 30, () => isReady('a'))
  await setTimeout(2_000)
  return { 'until it was ready again': secondsSince(at) - 2 }
}

async function planned(stage: Stage): Promise<Figures> {
  const primary = await until('a primary', 10, findPrimary)
  const target = (await readMembers()).find(({ role }) => role === 'sync_standby')?.name
  if (!target) throw new Error('There is no synchronous replica to switch to.')
  const at = performance.now()
  switchOver(primary, target, stage.cluster.folderOf(primary))
  stage.say(`asked Patroni to give the primary from ${primary} to ${target}`)
  const figures = await failOver(stage, primary, at)
  await untilWhole()
  return figures
}

async function killEtcdLeader({ cluster, say }: Stage): Promise<Figures> {
  const before = await until('a primary', 10, findPrimary)
  const node = await until('a leader of etcd', 10, findEtcdLeader)
  const pid = processesOn(node).find(pid => cluster.isEtcd(pid))
  if (pid === undefined) throw new Error(`There is no etcd on ${node}.`)
  signal(pid, 'SIGKILL')
  say(`killed the etcd of ${node}, the leader`)
  const at = performance.now()
  await until('another leader of etcd', 20, async () => {
    const leader = await findEtcdLeader()
    return leader !== undefined && leader !== node
  })
  const elected = secondsSince(at)
  await setTimeout(5_000)
  startEtcd(node, cluster.folderOf(node))
  await untilWhole()
  const hasMoved = (await until('a primary', 10, findPrimary)) !== before
  if (hasMoved) say('the primary has moved')
  return { 'until etcd had another leader': elected, 'primaries moved': hasMoved ? 1 : 0 }
}

/** Waits for another primary and for the first acknowledged run after it. */
async function failOver({ load, say }: Stage, from: Node, at: number): Promise<Figures> {
  const promoted = await until('another primary', 60, async () => {
    const primary = await findPrimary()
    return primary !== undefined && primary !== from && { primary, at: performance.now() }
  })
  say(`${promoted.primary} is the primary`)
  const written = await until('an acknowledged run', 60, () => firstAcknowledged(load.acknowledged, promoted.at))
  const figures = {
    'until Patroni had another primary': (promoted.at - at) / 1_000,
    'from then until a run was acknowledged': (written - promoted.at) / 1_000,
  }
  say(`a run is acknowledged, ${figures['from then until a run was acknowledged'].toFixed(1)} s after that`)
  return figures
}

async function untilWhole(): Promise<void> {
  await until('three nodes that replicate', 90, async () => isWhole(await readMembers()))
}

const secondsSince = (at: number): number => (performance.now() - at) / 1_000
