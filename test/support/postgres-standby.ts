import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { laneOfPostgres, launch, makeCluster } from './postgres-server.ts'
import { execute } from './postgres-template.ts'

/** A PostgreSQL server and a standby which replays what it writes. */
export type ReplicatedPostgres = {
  primary: string
  standby: string
  /** Has the standby go on without replaying anything, and replay again. */
  pause: () => Promise<void>
  resume: () => Promise<void>
  /** Ends the standby as a power cut would, and starts it again at the same address. */
  kill: () => Promise<void>
  restart: () => Promise<void>
  promote: () => Promise<void>
} & AsyncDisposable

/** Starts both; replication is asynchronous. */
export async function startReplicated(): Promise<ReplicatedPostgres> {
  const cluster = await makeCluster(laneOfPostgres)
  const data = path.join(cluster.folder, 'standby')
  // What no server has touched yet may be copied as it is. Rights and owner go along.
  execFileSync('cp', ['-a', cluster.data, data])
  writeFileSync(path.join(data, 'standby.signal'), '')
  const primary = await launch(cluster)
  const follow = [
    'fsync=off',
    `primary_conninfo=host=127.0.0.1 port=${primary.port} user=postgres`,
    'wal_retrieve_retry_interval=100ms',
  ]
  let standby = await launch({ ...cluster, data }, follow)
  const { url, port } = standby
  return {
    primary: primary.url,
    standby: url,
    pause: () => execute(url, 'select pg_wal_replay_pause()'),
    resume: () => execute(url, 'select pg_wal_replay_resume()'),
    kill: () => standby.end('SIGQUIT'),
    restart: async () => {
      standby = await launch({ ...cluster, data }, follow, port)
    },
    promote: () => execute(url, 'select pg_promote()'),
    async [Symbol.asyncDispose]() {
      await standby.end('SIGINT')
      await primary.end('SIGINT')
      rmSync(cluster.folder, { recursive: true, force: true })
    },
  }
}
