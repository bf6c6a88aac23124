import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** Where Debian has the newest PostgreSQL server; the path of none where there is none. */
export const postgresFolder = globSync('/usr/lib/postgresql/*/bin').sort(byNumbers).at(-1) ?? '/usr/lib/postgresql/bin'

// Neither server runs as root: then it runs as the user that owns nothing.
const nobody = 65_534
const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}

/** Starts a PostgreSQL server with the database shop of two tables; answers its folder, which is that of its socket. */
export async function startPostgres(folder: string): Promise<{ home: string; data: string }> {
  const home = aHome(folder, 'postgres')
  const data = path.join(home, 'data')
  const options = { cwd: home, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }, ...identity }
  execFileSync(path.join(postgresFolder, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], options)
  const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${home}`]
  const words = ['-D', data, ...settings.flatMap(setting => ['-c', setting])]
  const server = spawn(path.join(postgresFolder, 'postgres'), words, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => end(server, 'SIGINT'))
  await untilItSays(server, 'ready to accept connections')
  await asPostgres(home, 'postgres', client => client.query('create database shop'))
  await asPostgres(home, 'shop', client =>
    client.query('create table customers (id int); create table orders (id int)'),
  )
  return { home, data }
}

/** Does something as the superuser of a server, over a connection of its own. */
export async function asPostgres<T>(
  home: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host: home, user: 'postgres', database })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Starts a MariaDB server with the database shop of two tables, and writes what its clients have to know into the home
 * folder of the computer.
 */
export async function startMariadb(folder: string): Promise<void> {
  const home = aHome(folder, 'mariadb')
  const [data, socket] = [path.join(home, 'data'), path.join(home, 'socket')]
  const words = ['--no-defaults', `--datadir=${data}`]
  const install = [...words, '--auth-root-authentication-method=normal', '--skip-test-db']
  execFileSync('mariadb-install-db', install, { cwd: home, stdio: 'ignore', ...identity })
  const more = [`--socket=${socket}`, `--pid-file=${home}/pid`, '--skip-networking']
  const server = spawn('/usr/sbin/mariadbd', [...words, ...more], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity,
  })
  onTestFinished(() => end(server, 'SIGTERM'))
  await untilItSays(server, 'ready for connections')
  const groups = { client: `socket=${socket}\nuser=root`, 'mariadb-backup': `datadir=${data}` }
  const text = Object.entries(groups).map(([group, lines]) => `[${group}]\n${lines}\n`)
  writeFileSync(path.join(folder, '.my.cnf'), text.join(''))
  const tables = 'create table shop.customers (id int); create table shop.orders (id int)'
  execFileSync('mariadb', [`--socket=${socket}`, '--user=root', '-e', `create database shop; ${tables}`])
}

/** A folder that the server owns below one that it may pass through. */
function aHome(folder: string, name: string): string {
  chmodSync(folder, 0o755)
  const home = path.join(folder, name)
  mkdirSync(home)
  if (identity.uid !== undefined) chownSync(home, identity.uid, identity.gid)
  return home
}

async function untilItSays({ stderr }: ChildProcess, text: string): Promise<void> {
  if (!stderr) throw new Error('The server has no log.')
  for (let log = ''; !log.includes(text);) {
    const [chunk] = (await once(stderr, 'data')) as [Buffer]
    log += chunk.toString()
  }
  // Nobody reads on, and a full pipe would stop the server.
  stderr.resume()
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(server, 'exit')
  server.kill(signal)
  await exited
}

function byNumbers(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
