import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** Every namespace and folder of the test begins with this, so that the next run finds what one has left behind. */
export const prefix = 'lastgood-ha-'

/** The machines of the test and their addresses, each in a network namespace of its own. */
export const machines = {
  n1: '10.77.0.11',
  n2: '10.77.0.12',
  n3: '10.77.0.13',
  proxy: '10.77.0.20',
  a: '10.77.0.31',
  b: '10.77.0.32',
  load: '10.77.0.40',
} as const

/** The name of a machine. */
export type Machine = keyof typeof machines

/** The machines that hold the database. */
export const nodes = ['n1', 'n2', 'n3'] as const satisfies Machine[]

/** One of the machines that hold the database. */
export type Node = (typeof nodes)[number]

const names = Object.keys(machines) as Machine[]
const fabric = `${prefix}fabric`

/** Makes a namespace for each machine and one with the bridge between them; the network of the host stays as it is. */
export function buildNetwork(): void {
  ip('netns', 'add', fabric)
  ip('-n', fabric, 'link', 'add', 'bridge', 'type', 'bridge')
  ip('-n', fabric, 'link', 'set', 'bridge', 'up')
  for (const name of names) {
    const namespace = prefix + name
    ip('netns', 'add', namespace)
    ip('-n', fabric, 'link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
    ip('-n', fabric, 'link', 'set', 'dev', name, 'master', 'bridge', 'up')
    ip('-n', namespace, 'address', 'add', `${machines[name]}/24`, 'dev', 'eth0')
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
    ip('-n', namespace, 'link', 'set', 'eth0', 'up')
  }
}

/** Has the port of the bridge forget a machine: no packet comes or goes, and nobody is told, as when a cable breaks. */
export function cutOff(machine: Machine): void {
  ip('-n', fabric, 'link', 'set', 'dev', machine, 'nomaster')
}

/** Gives a machine its network back. */
export function reconnect(machine: Machine): void {
  ip('-n', fabric, 'link', 'set', 'dev', machine, 'master', 'bridge')
}

/** The command that runs another on a machine, as a user of the system. */
export function onMachine(machine: Machine, user: string, command: readonly string[]): string[] {
  const as = user === 'root' ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups']
  return ['nsenter', `--net=/run/netns/${prefix}${machine}`, ...as, ...command]
}

/** The processes of a machine. */
export function processesOn(machine: Machine): number[] {
  return processesIn(prefix + machine)
}

/** Kills every process of a machine at once, as when its power fails. */
export function killAllOn(machine: Machine): void {
  killAllIn(prefix + machine)
}

/** Ends every process in the namespaces of the test and removes them, whichever run has made them. */
export function removeNetwork(): void {
  const left = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
    .split('\n')
    .map(line => line.split(' ')[0] ?? '')
    .filter(name => name.startsWith(prefix))
  for (const name of left) killAllIn(name)
  for (const name of left) ip('netns', 'delete', name)
}

function killAllIn(namespace: string): void {
  // What forks while it is being killed is found in the next round.
  for (let pids = processesIn(namespace); pids.length > 0; pids = processesIn(namespace)) {
    for (const pid of pids) signal(pid, 'SIGKILL')
    spawnSync('sleep', ['0.02'])
  }
}

/** Sends a signal to a process that may have ended by now. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Processes of a namespace that have not ended: `ip netns pids` names those that nobody has waited for, too. */
function processesIn(namespace: string): number[] {
  const text = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' })
  const running = new Set(readdirSync('/proc'))
  return text
    .split('\n')
    .filter(pid => pid !== '' && running.has(pid))
    .map(Number)
    .filter(pid => pid !== process.pid)
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
