import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import { addBackupSet, renewPingId } from '../../../src/app/backup-sets.ts'
import { addComputer } from '../../../src/app/computers.ts'
import { lastgoodProgram, startProcess } from '../../support/lastgood-process.ts'
import { exampleOf, rename, type Renames } from './examples.ts'
import { readStanding, type Standing, store } from './standing.ts'

/** What differs from the example of the page: names, environment, and whether the process may read everything. */
export type Change = {
  renames?: Renames
  env?: NodeJS.ProcessEnv
  /** Leaves root all its rights: for the files of servers, which another user owns. */
  isAlmighty?: boolean
}

/** What the server made of an example, and how the line ended. */
export type Outcome = Standing & { exit: number | NodeJS.Signals | null }

/** A computer with a folder of its own, which goes with the test. */
export type BackedUpComputer = {
  folder: string
  /** What is backed up: `letter.txt` of 11 bytes and `photos/photo.raw` of 300,000. */
  home: string
  /** Where backups go; empty. */
  backup: string
  /** Runs the line of the page with `lastgood run`, for a set of its own. */
  run: (change?: Change) => Promise<Outcome>
  /** Runs the line of the page with curl, by the ping URL of a set of its own. */
  ping: (change?: Change) => Promise<Outcome>
  /** Runs the first line until `isUnderWay` is fulfilled, and then sends a signal to `lastgood run`. */
  stop: (signal: NodeJS.Signals, isUnderWay: (run: Started) => Promise<unknown>, change?: Change) => Promise<Outcome>
  /** Runs a line of a shell that must succeed, such as one that makes a repository; answers what it printed. */
  prepare: (line: string, change?: Change) => Promise<string>
  /** Adds a backup set; answers its ping URL. */
  addPinged: (set: string) => Promise<string>
  standingOf: (set: string) => Promise<Standing>
}

/** A line that was started. */
export type Started = ReturnType<typeof startProcess>

/** A computer whose backups a tool makes; `toUsual` says what all its lines change in the example. */
export async function aComputer(
  tool: string,
  toUsual: (folder: string) => Change = () => ({}),
): Promise<BackedUpComputer> {
  const { computer, agentKey } = await addComputer(store, { username: 'acme', name: tool }, Date.now())
  const place = aPlace()
  const usual = toUsual(place.folder)
  const start = (line: string, change: Change) => startLine(place, agentKey, line, joinChanges(usual, change))
  const standingOf = (set: string) => readStanding(computer, agentKey, set)
  const addPinged = async (name: string) => {
    const set = await addBackupSet(store, computer, { name, tool: tool === 'generic' ? null : tool }, Date.now())
    return `${inject('serverUrl')}/ping/${await renewPingId(store, set, 0, Date.now())}`
  }
  return { ...place, ...buildRuns(tool, { start, standingOf, addPinged }), addPinged, standingOf }
}

type Runs = Pick<BackedUpComputer, 'addPinged' | 'standingOf'> & { start: (line: string, change: Change) => Started }

function buildRuns(tool: string, { start, standingOf, addPinged }: Runs) {
  const lines = exampleOf(tool)
  const usualSet = /--set (\S+)/.exec(lines.run)?.[1] ?? ''
  // A set for each run: dates are in seconds, and of two runs that began in the same one either may be the newest.
  let sets = 0
  const newSet = () => `${usualSet}-${(sets += 1)}`
  const forSet = (set: string, change: Change) =>
    joinChanges(change, { renames: { [`--set ${usualSet}`]: `--set ${set}` } })
  const toOutcome = async ({ ended }: Started, set: string): Promise<Outcome> => {
    const { status, signal } = await ended
    return { ...(await standingOf(set)), exit: status ?? signal }
  }
  return {
    run: async (change: Change = {}, set = newSet()) => toOutcome(start(lines.run, forSet(set, change)), set),
    ping: async (change: Change = {}, set = newSet()) =>
      toOutcome(start(lines.ping, joinChanges(change, { env: { PING_URL: await addPinged(set) } })), set),
    stop: async (
      signal: NodeJS.Signals,
      isUnderWay: (run: Started) => Promise<unknown>,
      change: Change = {},
      set = newSet(),
    ) => {
      const started = start(`exec ${lines.run}`, forSet(set, change))
      await isUnderWay(started)
      started.child.kill(signal)
      return toOutcome(started, set)
    },
    prepare: async (line: string, change: Change = {}) => {
      const { status, stdout, stderr } = await start(line, change).ended
      if (status !== 0) throw new Error(`${line} ended with ${status}: ${stderr}`)
      return stdout.toString()
    },
  }
}

function joinChanges(one: Change, other: Change): Change {
  const [renames, env] = [
    { ...one.renames, ...other.renames },
    { ...one.env, ...other.env },
  ]
  return { ...one, ...other, renames, env }
}

type Place = Pick<BackedUpComputer, 'folder' | 'home' | 'backup'>

/** Starts a line of a shell in the folder of a computer; what it leaves running goes with the test. */
function startLine({ folder, home, backup }: Place, agentKey: string, line: string, change: Change): Started {
  const command = rename(line, { '/home': home, '/srv/backup': backup, ...change.renames })
  const words = [...inChains(change.isAlmighty), 'sh', '-c', `${smallFiles}; ${command}`]
  const env = { ...environmentOf(folder, agentKey), ...change.env }
  const started = startProcess(words, { cwd: folder, env, detached: true })
  onTestFinished(() => endGroup(started))
  return started
}

/** Whatever a program takes for the size of what it reads, it cannot fill the disk with one file: 512 MB are the most. */
const smallFiles = 'ulimit -f 1000000'

/** A folder whose path has neither spaces nor more characters than the path of a socket may have. */
function aPlace(): Place {
  const folder = mkdtempSync('/tmp/lastgood-programs-')
  // A program that was ended may have a child that writes a last file while the folder goes.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  const [home, backup] = [path.join(folder, 'documents'), path.join(folder, 'backup')]
  mkdirSync(path.join(home, 'photos'), { recursive: true })
  mkdirSync(backup)
  writeFileSync(path.join(home, 'letter.txt'), 'Dear reader')
  writeFileSync(path.join(home, 'photos', 'photo.raw'), randomBytes(300_000))
  return { folder, home, backup }
}

function environmentOf(folder: string, agentKey: string): NodeJS.ProcessEnv {
  return {
    PATH: `${path.dirname(lastgoodProgram)}:${process.env['PATH']}`,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    LASTGOOD_URL: inject('serverUrl'),
    LASTGOOD_KEY: agentKey,
  }
}

/** Ends what a line has left running where its test was given up, also what outlives the line itself. */
function endGroup({ child }: Started): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Root without the rights to pass over permissions: what it must not read it cannot read, either. */
function inChains(isAlmighty = false): string[] {
  if (process.getuid?.() !== 0 || isAlmighty) return []
  return ['setpriv', '--bounding-set=-dac_override,-dac_read_search']
}
