import pg from 'pg'
import { isConnectionLost, isFrozen, toPostgresError } from './postgres-errors.ts'
import { buildGate } from './postgres-gate.ts'
import { greet, limitedBegin, refuseStandby } from './postgres-greeting.ts'
import { buildPlaces } from './postgres-places.ts'
import { toNamedQuery } from './postgres-statements.ts'

/** Whether statements are prepared by name; `auto`: where no pooler is between us and the server. */
export type PreparedChoice = 'auto' | 'on' | 'off'

/**
 * How to reach a database. A statement may take `timeoutMs`, 0 for any time. `onIdleError` is told of idle connections that
 * end; a connection that breaks in use fails its own query.
 */
export type PostgresOptions = {
  url: string
  connections?: number
  timeoutMs?: number
  prepared?: PreparedChoice
  onIdleError?: (error: Error) => void
  /** The URL of a standby for reads that it may answer (`postgres-replica.ts`). */
  readUrl?: string
  /** Is told why the standby is not used, and, with undefined, that it is used again. */
  onReplica?: (failure: unknown) => void
}

/** How long a connection may take to come about, and who else is asked whether it may be used, for which it throws. */
type Admission = { connectsWithinMs?: number; admit?: (client: pg.PoolClient) => Promise<void> }

/** A connection that somebody has for a while. What fails throws as `toPostgresError` calls it. */
export type Connection = {
  query: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>
  /** Gives it back, or closes it where it cannot be used again. */
  release: () => void
}

/** The connections to a database. */
export type Connections = { connect: () => Promise<Connection>; close: () => Promise<void> }

// Counts, keys and times stay below 2^53, so that a number holds them exactly.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const usuallyConnectsWithinMs = 5_000
const placeWithinMs = 5_000
const answerWithinMs = 2_000

/** Opens connections to a database, each when it is first needed. */
export function openConnections(options: PostgresOptions & Admission): Connections {
  const { connections = 8, timeoutMs = 0, prepared = 'auto', admit } = options
  const gate = buildGate(buildPlaces(connections, placeWithinMs))
  /** Whether each connection goes to the server itself, and the pool that it is of. */
  const greeted = new WeakMap<pg.PoolClient, { isDirect: boolean; own: pg.Pool }>()
  let pool = openPool(options)
  let ended: Promise<unknown> = Promise.resolve()
  let isNaming = prepared !== 'off'

  /** Leaves all connections as they are: those in use close when they are given back. */
  function renew(failure: unknown): void {
    gate.shut(failure)
    ended = Promise.all([ended, pool.end()])
    pool = openPool(options)
  }

  async function take(): Promise<{ client: pg.PoolClient; isDirect: boolean; own: pg.Pool }> {
    const own = pool
    const client = await own.connect()
    try {
      const known = greeted.get(client) ?? { isDirect: await welcome(client), own }
      greeted.set(client, known)
      return { client, ...known }
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async function welcome(client: pg.PoolClient): Promise<boolean> {
    const { isDirect, isStandby } = await greet(client, timeoutMs)
    if (admit) await admit(client)
    else if (isStandby) refuseStandby()
    return isDirect
  }

  async function connect(): Promise<Connection> {
    const { client, isDirect, own } = await gate.pass(take).catch((error: unknown) => {
      throw toPostgresError(error)
    })
    let lost: unknown
    return {
      query: async (text, values) => {
        if (lost) throw lost
        const names = isNaming && values.length > 0 && (isDirect || prepared === 'on')
        try {
          if (text === 'begin') return await client.query(isDirect ? text : limitedBegin(timeoutMs))
          return await client.query(names ? toNamedQuery(text, values) : { text, values: [...values] })
        } catch (error) {
          const failure = toPostgresError(error)
          if (isConnectionLost(error)) lost = failure
          if (isFrozen(error) && own === pool) renew(failure)
          // Prepared on another connection than it was run on: a pooler that did not show itself.
          if (isUnprepared(error)) isNaming = false
          throw failure
        }
      },
      release: () => {
        client.release(lost !== undefined)
        gate.leave()
      },
    }
  }

  return {
    connect,
    close: async () => {
      await Promise.all([ended, pool.end()])
    },
  }
}

function openPool({
  url,
  connections = 8,
  timeoutMs = 0,
  connectsWithinMs = usuallyConnectsWithinMs,
  onIdleError = () => {},
}: PostgresOptions & Admission): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectsWithinMs,
    fallback_application_name: 'lastgood',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The server ends a statement first, unless the network is cut.
    ...(timeoutMs > 0 && { query_timeout: timeoutMs + answerWithinMs }),
  })
  // Without listeners a connection that the server ends would end the program.
  pool.on('error', onIdleError)
  pool.on('connect', client => client.on('error', onIdleError))
  return pool
}

function isUnprepared(error: unknown): boolean {
  return ['26000', '42P05'].includes(String((error as { code?: unknown }).code))
}
