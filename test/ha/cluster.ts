import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { startEtcd } from './etcd.ts'
import { startHaproxy, primaryPort } from './haproxy.ts'
import { machines, type Node, nodes, processesOn } from './namespaces.ts'
import { findPrimary, isWhole, queryNode, readMembers, startPatroni, writePatroniSettings } from './patroni.ts'
import { until } from './until.ts'

/** The three nodes with what is in front of them. */
export type Cluster = {
  /** Where Lastgood finds its database: by way of HAProxy. */
  databaseUrl: string
  folderOf: (node: Node) => string
  /** Asks one node by its local socket; undefined when it does not answer. */
  query: (node: Node, text: string, database?: string) => Promise<Record<string, unknown>[] | undefined>
  /** Starts what runs on a node, as when the machine is switched on. */
  startNode: (node: Node) => void
  /** Whether a process is a member of etcd. */
  isEtcd: (pid: number) => boolean
}

/** Builds the cluster in a folder and waits until all of its nodes replicate. */
export async function buildCluster(folder: string, ttl: number): Promise<Cluster> {
  const secret = () => randomBytes(12).toString('hex')
  const secrets = { superuserPassword: secret(), replicationPassword: secret(), ttl }
  const folderOf = (node: Node) => path.join(folder, node)
  const password = secret()
  for (const node of nodes) {
    mkdirSync(folderOf(node), { mode: 0o755 })
    writePatroniSettings(node, folderOf(node), secrets)
    execFileSync('chown', ['-R', 'postgres:postgres', folderOf(node)])
  }
  const cluster: Cluster = {
    databaseUrl: `postgres://lastgood:${password}@${machines.proxy}:${primaryPort}/lastgood`,
    folderOf,
    query: (node, text, database) => queryNode(folderOf(node), secrets.superuserPassword, text, database),
    startNode(node) {
      startEtcd(node, folderOf(node))
      startPatroni(node, folderOf(node))
    },
    isEtcd: pid => commandOf(pid).startsWith('etcd\0'),
  }
  for (const node of nodes) cluster.startNode(node)
  startHaproxy(folder)
  await until('three nodes that replicate', 90, async () => isWhole(await readMembers()))
  const primary = await until('a primary', 20, findPrimary)
  await mustQuery(cluster, primary, `create role lastgood login password '${password}'`)
  await mustQuery(cluster, primary, 'create database lastgood owner lastgood')
  return cluster
}

/** Asks a node that must answer. */
export async function mustQuery(
  cluster: Cluster,
  node: Node,
  text: string,
  database?: string,
): Promise<Record<string, unknown>[]> {
  const rows = await cluster.query(node, text, database)
  if (!rows) throw new Error(`PostgreSQL on ${node} did not do this: ${text.split(' ').slice(0, 4).join(' ')} …`)
  return rows
}

/** The processes of PostgreSQL on a node. */
export function postgresOn(node: Node): number[] {
  return processesOn(node).filter(pid => /^postgres|\/postgres\0/.test(commandOf(pid)))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
