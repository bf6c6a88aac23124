import { writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { ask } from './ask.ts'
import { etcdHosts } from './etcd.ts'
import { type MachineProcess, startOn } from './machine-process.ts'
import { machines, type Node, nodes } from './namespaces.ts'
import { toPatroniSettings } from './patroni-settings.ts'
import { postgresPrograms } from './prerequisites.ts'

/** What the cluster is made with. */
export type ClusterSecrets = { superuserPassword: string; replicationPassword: string; ttl: number }

/** Writes the settings of a node into its folder, which the user of PostgreSQL owns; answers their file. */
export function writePatroniSettings(node: Node, folder: string, secrets: ClusterSecrets): string {
  const file = path.join(folder, 'patroni.yml')
  const settings = toPatroniSettings({
    ...secrets,
    name: node,
    address: machines[node],
    network: '10.77.0.0/24',
    etcdHosts,
    data: path.join(folder, 'data'),
    programs: postgresPrograms,
    socket: folder,
  })
  writeFileSync(file, settings, { mode: 0o644 })
  return file
}

/** Starts Patroni on a node, which starts PostgreSQL. */
export function startPatroni(node: Node, folder: string): MachineProcess {
  const command = ['patroni', path.join(folder, 'patroni.yml')]
  return startOn(node, command, { user: 'postgres', log: path.join(folder, 'patroni.log'), cwd: folder })
}

/** Has Patroni give the primary to another node in good order. */
export function switchOver(from: Node, to: Node, folder: string): MachineProcess {
  const settings = path.join(folder, 'patroni.yml')
  const roles = ['--leader', from, '--candidate', to, '--force']
  const command = ['patronictl', '-c', settings, 'switchover', ...roles, 'lastgood']
  return startOn('load', command, { user: 'root', log: path.join(folder, 'patronictl.log') })
}

/** A node as Patroni describes it. */
export type Member = { name: Node; role: string; state: string; timeline?: number }

/** The nodes as the primary tells: one that was cut off tells how it was before. Empty while there is no primary. */
export async function readMembers(): Promise<Member[]> {
  const primary = await findPrimary()
  const answer = primary && (await ask(`http://${machines[primary]}:8008/cluster`))
  const { members = [] } = (answer?.body ?? {}) as { members?: Member[] }
  return members
}

/** Whether all is as it shall be: a leader, a synchronous and a further replica, on the same timeline. */
export function isWhole(members: readonly Member[]): boolean {
  const roles = members.map(({ role }) => role).toSorted()
  const areUp = members.every(({ state }) => state === 'running' || state === 'streaming')
  const timelines = new Set(members.map(({ timeline }) => timeline))
  return roles.join() === 'leader,replica,sync_standby' && areUp && timelines.size === 1
}

/** The node whose Patroni says that it is the primary; undefined while none does. */
export async function findPrimary(): Promise<Node | undefined> {
  const answers = await Promise.all(nodes.map(node => ask(`http://${machines[node]}:8008/primary`)))
  return nodes.find((_, index) => answers[index]?.status === 200)
}

/** Asks one node by its local socket, as somebody would who sits in front of it; undefined when it does not answer. */
export async function queryNode(
  folder: string,
  password: string,
  text: string,
  database = 'postgres',
): Promise<Record<string, unknown>[] | undefined> {
  const client = new pg.Client({ host: folder, user: 'postgres', password, database, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(text)).rows
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
