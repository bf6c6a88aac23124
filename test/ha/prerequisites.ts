import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Debian keeps the programs of PostgreSQL 15. */
export const postgresPrograms = '/usr/lib/postgresql/15/bin'

/** What the test calls, and the package of Debian that brings it. */
const programs: readonly { file: string; brings: string }[] = [
  { file: 'ip', brings: 'iproute2' },
  { file: 'nsenter', brings: 'util-linux' },
  { file: 'setpriv', brings: 'util-linux' },
  { file: 'patroni', brings: 'patroni python3-etcd python3-psycopg2' },
  { file: 'patronictl', brings: 'patroni' },
  { file: 'etcd', brings: 'etcd-server' },
  { file: 'haproxy', brings: 'haproxy' },
  { file: `${postgresPrograms}/postgres`, brings: 'postgresql-15' },
]

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Why the test cannot run here, as sentences that say what to do; none if it can. */
export function whatIsMissing(): string[] {
  if (process.platform !== 'linux') return ['The test needs the network namespaces of Linux: run it there.']
  const missing: string[] = []
  if (process.getuid?.() !== 0) {
    missing.push('Network namespaces can only be made by root: run it as root, for example sudo npm run ha.')
  }
  const absent = programs.filter(({ file }) => !isThere(file))
  if (absent.length > 0) {
    const packages = [...new Set(absent.flatMap(({ brings }) => brings.split(' ')))].join(' ')
    const names = absent.map(({ file }) => file).join(', ')
    missing.push(`These programs are missing: ${names}. On Debian 12 they come with
  apt-get install --no-install-recommends ${packages}
Afterwards stop what the packages start: systemctl disable --now patroni etcd haproxy postgresql.`)
  }
  if (missing.length === 0 && !mayMakeNamespaces()) {
    missing.push('The system does not let this user make network namespaces: run it on a machine, not in a container.')
  }
  return missing
}

function isThere(file: string): boolean {
  return file.startsWith('/') ? existsSync(file) : folders.some(folder => existsSync(`${folder}/${file}`))
}

function mayMakeNamespaces(): boolean {
  try {
    execFileSync('unshare', ['--net', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
