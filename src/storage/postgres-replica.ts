import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { AppError } from '../domain/app-error.ts'
import type { Db } from './database.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { toKysely } from './postgres-kysely.ts'
import { type Connection, type Connections, openConnections, type PostgresOptions } from './postgres-pool.ts'
import { readFrom } from './postgres-statements.ts'

/**
 * A standby that some reads go to. It answers nothing that is older than what was acknowledged, and nothing at all where that
 * is in doubt, or where it fails: then the primary is asked.
 */
export type Replica = {
  /**
   * The rows of a statement that itself finds some only where the standby is new enough: without rows nothing is known.
   */
  read: (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>
  /** Notes the timeline that the primary was found to write on. */
  noteTimeline: (timeline: number) => void
  /** That timeline, as the primary last told it; undefined before. */
  timeline: () => number | undefined
  /** Reads what has every commit so far, or undefined where the standby is too far behind. */
  caughtUp: <Result>(work: (db: Db) => Promise<Result>) => Promise<Result | undefined>
  close: () => Promise<void>
}

const answersWithinMs = 5_000
const connectsWithinMs = 1_000
const looks = 5
const betweenLooksMs = 10
const shortestRestMs = 1_000
const longestRestMs = 5_000

/** Opens connections to the standby at `readUrl`, each when it is first needed. */
export function openReplica(primary: Connections, readUrl: string, options: PostgresOptions): Replica {
  const { onReplica } = options
  const connections = openConnections({
    ...options,
    url: readUrl,
    timeoutMs: Math.min(options.timeoutMs || answersWithinMs, answersWithinMs),
    connectsWithinMs,
    admit: client => admit(client, primary),
  })
  let timeline: number | undefined
  let isUsed = false
  let restMs = 0
  let restsUntil = 0

  /** After a failure the standby is left alone for a while, so that one which is slow holds up few. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (performance.now() < restsUntil) return undefined
    try {
      const result = await work()
      if (!isUsed) onReplica?.(undefined)
      isUsed = true
      restMs = 0
      return result
    } catch (error) {
      restMs = Math.min(longestRestMs, Math.max(shortestRestMs, restMs * 2))
      restsUntil = performance.now() + restMs
      isUsed = false
      onReplica?.(error)
      return undefined
    }
  }

  return {
    read: async (text, parameters) => (await attempt(() => readFrom(connections, text, parameters))) ?? [],
    noteTimeline: found => {
      // A late answer may be of a former primary: timelines only grow.
      timeline = Math.max(timeline ?? found, found)
    },
    timeline: () => timeline,
    caughtUp: work =>
      attempt(async () => {
        const mark = await readMark(primary)
        const connection = await connections.connect()
        try {
          return await inTransaction(connection, mark, work)
        } finally {
          connection.release()
        }
      }),
    close: connections.close,
  }
}

/** A connection must go to a standby of the primary: of the same cluster, and never to a server of its own. */
async function admit(client: pg.PoolClient, primary: Connections): Promise<void> {
  const identity = 'select system_identifier::text as cluster, pg_is_in_recovery() as standby from pg_control_system()'
  const [found] = (await client.query<Identity>(identity)).rows
  const [wanted] = (await readFrom(primary, identity, [])) as Identity[]
  if (found?.cluster !== wanted?.cluster) {
    throw new AppError('unavailable', 'LASTGOOD_DATABASE_READ_URL names a server that is no standby of the database.')
  }
  if (!found?.standby) {
    throw new AppError('unavailable', 'LASTGOOD_DATABASE_READ_URL names the primary, or a standby that was promoted.')
  }
}

type Identity = { cluster: string; standby: boolean }

/** Where the log of the primary ends, beyond everything that was acknowledged, and its timeline. */
type Mark = { timeline: number; position: string }

async function readMark(primary: Connections): Promise<Mark> {
  const text = `select ${postgresDialect.timeline} as timeline, pg_current_wal_insert_lsn()::text as position`
  const [mark] = (await readFrom(primary, text, [])) as Mark[]
  if (!mark) throw new AppError('unavailable', 'The database does not say where its log ends.')
  return mark
}

/**
 * Whether a standby has replayed all up to a mark, for which it is given some milliseconds. A former standby of a primary that
 * is gone may have more than that of another timeline: the pulse that it has tells.
 */
async function reaches(connection: Connection, { timeline, position }: Mark): Promise<boolean> {
  const text = `select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= $1::pg_lsn
    and exists (select from server_pulses where id = 1 and timeline = $2::bigint) as reached`
  for (let tries = 1; ; tries += 1) {
    const [row] = (await connection.query(text, [position, timeline])).rows as { reached: boolean }[]
    if (row?.reached) return true
    if (tries === looks) return false
    await setTimeout(betweenLooksMs)
  }
}

/**
 * In a transaction, so that behind a pooler, too, one server answers all of it; each statement sees what was there when it
 * began, which is nothing older than the mark. Undefined where the standby is too far behind.
 */
async function inTransaction<Result>(
  connection: Connection,
  mark: Mark,
  work: (db: Db) => Promise<Result>,
): Promise<Result | undefined> {
  const lent = { query: connection.query, release: () => {} }
  const db = toKysely({ connect: () => Promise.resolve(lent), close: () => Promise.resolve() })
  await connection.query('begin', [])
  try {
    return (await reaches(connection, mark)) ? await work(db) : undefined
  } finally {
    // Nothing was changed; on a lost connection it fails, and the server ends the transaction by itself.
    await connection.query('rollback', []).catch(() => undefined)
  }
}
