import path from 'node:path'
import { ask } from './ask.ts'
import { type MachineProcess, startOn } from './machine-process.ts'
import { machines, type Node, nodes } from './namespaces.ts'

/** The members of etcd as Patroni is told of them. */
export const etcdHosts: string[] = nodes.map(node => `${machines[node]}:2379`)

/** Starts the member of etcd on a node; what it has kept in its folder it goes on with. */
export function startEtcd(node: Node, folder: string): MachineProcess {
  const address = machines[node]
  const members = nodes.map(name => `${name}=http://${machines[name]}:2380`).join(',')
  const options = {
    name: node,
    'data-dir': path.join(folder, 'etcd'),
    'listen-peer-urls': `http://${address}:2380`,
    'initial-advertise-peer-urls': `http://${address}:2380`,
    'listen-client-urls': `http://${address}:2379`,
    'advertise-client-urls': `http://${address}:2379`,
    'initial-cluster': members,
    'initial-cluster-state': 'new',
    'initial-cluster-token': 'lastgood',
    logger: 'zap',
  }
  const command = ['etcd', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)]
  return startOn(node, command, { user: 'postgres', log: path.join(folder, 'etcd.log') })
}

/** The node on which etcd has its leader now; undefined while there is none. */
export async function findEtcdLeader(): Promise<Node | undefined> {
  for (const node of nodes) {
    const answer = await ask(`http://${machines[node]}:2379/v3/maintenance/status`, { method: 'POST', body: '{}' })
    const { leader, header } = (answer?.body ?? {}) as { leader?: string; header?: { member_id: string } }
    if (leader !== undefined && leader !== '0' && leader === header?.member_id) return node
  }
  return undefined
}
