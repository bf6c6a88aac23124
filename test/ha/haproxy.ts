import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type MachineProcess, startOn } from './machine-process.ts'
import { machines, nodes } from './namespaces.ts'

/** The port on which HAProxy leads to the primary. */
export const primaryPort = 5000

/** The settings of HAProxy for nodes with their addresses, as the documentation shows them. */
export function toHaproxySettings(servers: readonly { name: string; address: string }[]): string {
  return `global
    maxconn 1000
defaults
    mode tcp
    timeout connect 2s
    timeout client 30m
    timeout server 30m
    timeout check 1s
listen primary
    bind :${primaryPort}
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${servers.map(({ name, address }) => `    server ${name} ${address}:5432 check port 8008\n`).join('')}`
}

/** Starts HAProxy in front of all nodes. */
export function startHaproxy(folder: string): MachineProcess {
  const file = path.join(folder, 'haproxy.cfg')
  writeFileSync(file, toHaproxySettings(nodes.map(name => ({ name, address: machines[name] }))))
  return startOn('proxy', ['haproxy', '-db', '-f', file], { user: 'postgres', log: path.join(folder, 'haproxy.log') })
}
