import { once } from 'node:events'
import { chownSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startProcess } from './lastgood-process.ts'
import { freePort } from './postgres-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

// PgBouncer refuses to run as root: then it runs as the user that owns nothing.
const nobody = 65_534

/** Starts the PgBouncer of this machine in transaction mode, with two connections to the server of `url`. */
export async function openPgbouncer(url: string): Promise<{ url: string } & AsyncDisposable> {
  const folder = temporaryFolder()
  const { hostname, port, username } = new URL(url)
  const pooled = new URL(url)
  pooled.port = String(await freePort())
  const settings = path.join(folder.path, 'pgbouncer.ini')
  writeFileSync(path.join(folder.path, 'users'), `"${username}" ""\n`)
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${pooled.port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(folder.path, 'users')}
pool_mode = transaction
default_pool_size = 2
`,
  )
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if (identity.uid !== undefined) {
    for (const file of [folder.path, settings, path.join(folder.path, 'users')]) chownSync(file, nobody, nobody)
  }
  const pooler = startProcess(['pgbouncer', settings], identity)
  await untilItListens(Number(pooled.port), pooler.ended)
  return {
    url: pooled.href,
    [Symbol.asyncDispose]: async () => {
      pooler.child.kill('SIGKILL')
      await pooler.ended
      folder[Symbol.dispose]()
    },
  }
}

async function untilItListens(port: number, ended: Promise<{ stderr: string }>): Promise<void> {
  let end: { stderr: string } | undefined
  void ended.then(how => {
    end = how
  })
  for (;;) {
    if (end) throw new Error(`PgBouncer did not start:\n${end.stderr}`)
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await setTimeout(50)
    } finally {
      socket.destroy()
    }
  }
}
