import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { AppError, isAppError } from '../domain/app-error.ts'
import { type BatchName, buildBatchWork, doBatch } from './batches.ts'
import type { Database, Db, SqlDialect } from './database.ts'
import { migrate } from './migrate.ts'
import type { JudgeThreadRequest } from './postgres-judge.ts'
import type { RunStatement } from './rows-statement.ts'
import type { Tables } from './tables.ts'
import { openThread, type Thread } from './thread.ts'

/** What PostgreSQL writes differently from SQLite. Its input rows come as one JSON array. */
export const postgresDialect: SqlDialect = {
  kind: 'postgres',
  identity: 'bigint generated always as identity',
  text: 'text collate "C"',
  inKeyOrder: '',
  forUpdate: (table, how) => ` for update of ${table} ${how}`,
  // The first number tells these locks from those of others (PostgreSQL manual, "Advisory Lock Functions").
  claim: account => `pg_try_advisory_xact_lock(19527, hashint8(${account}))`,
  // The start of a run says which partition it is in: of all the months one is looked into.
  joinNamedRuns: `join run_keys on run_keys.account_id = r.account_id and run_keys.computer_key = r.computer_key
      and run_keys.run_key = r.run_key
    join runs on runs.account_id = run_keys.account_id and runs.id = run_keys.run_id
      and runs.started_at = run_keys.started_at`,
  rows: columns => {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    return `(select * from json_to_recordset($1::json) as input (${definitions.join(', ')}))`
  },
}

/** How the pool reports trouble with idle connections; a connection that breaks in use fails its own query. */
export type PostgresOptions = { url: string; connections?: number; onIdleError?: (error: Error) => void }

// Counts, keys and times stay below 2^53, so that a number holds them exactly.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Opens a PostgreSQL database and brings its schema up to date. Throws `unavailable` when it cannot be reached and
 * `invalid` when a newer program has migrated it.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = openPool(options)
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: asNamingPool(pool) }) })
  try {
    await migrate(db, postgresDialect)
  } catch (error) {
    await db.destroy()
    throw toPostgresError(error)
  }
  const work = buildBatchWork(postgresDialect)
  const judge = buildJudge(options.url)
  return {
    dialect: postgresDialect,
    reader: db,
    writer: db,
    read: (sql, parameters) => readFrom(pool, sql, parameters),
    // A change answers what the one of its name answers.
    batch: (name, input) =>
      (judging.has(name)
        ? judge.batch(name, input)
        : inTransaction(pool, run => doBatch(work, run, name, input))) as Promise<never>,
    concurrentBatches: 2,
    version: buildVersions(pool),
    // It does so by itself (PostgreSQL manual, "Routine Vacuuming").
    shrink: () => Promise.resolve(false),
    close: async () => {
      await judge.close()
      await db.destroy()
    },
  }
}

/** What is done in a thread of its own, because it takes hundreds of rows at a time. */
const judging: ReadonlySet<BatchName> = new Set<BatchName>(['judgeDue', 'judgeReported', 'noteReported'])

/** The thread that judges, which is started when somebody first asks for it: most commands never do. */
function buildJudge(url: string) {
  let thread: Thread<JudgeThreadRequest> | undefined
  return {
    batch: async (name: BatchName, input: unknown): Promise<unknown> => {
      thread ??= openThread<JudgeThreadRequest>({
        script: new URL('./postgres-judge.ts', import.meta.url),
        data: url,
        young: 16,
        toError: toJudgeError,
      })
      return JSON.parse(String(await thread.ask({ kind: 'batch', name, input: JSON.stringify(input) }))) as unknown
    },
    close: async (): Promise<void> => thread?.close({ kind: 'close' }),
  }
}

/** A failure of the thread that judges, as it was called there. */
function toJudgeError(failure: unknown): unknown {
  const { kind, message } = (failure ?? {}) as { kind?: unknown; message?: string }
  return kind === 'unavailable' || kind === 'conflict'
    ? new AppError(kind, message ?? 'The database cannot answer now.', { cause: failure })
    : failure
}

/** Opens connections to a database. */
export function openPool({ url, connections = 8, onIdleError = () => {} }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 5_000 })
  // Without listeners a connection that the server ends would end the program.
  pool.on('error', onIdleError)
  pool.on('connect', client => client.on('error', onIdleError))
  return pool
}

/** Does something in a transaction on a connection of the pool; failures are those of `toPostgresError`. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (run: RunStatement) => Promise<Result>,
): Promise<Result> {
  try {
    const client = await pool.connect()
    let failure: Error | undefined
    try {
      await client.query('begin')
      const result = await work(async ({ text }, rows) => {
        if (rows.length === 0) return []
        return (await client.query(toNamedQuery(text, [JSON.stringify(rows)]))).rows
      })
      await client.query('commit')
      return result
    } catch (error) {
      failure = error as Error
      await client.query('rollback').catch(() => undefined)
      throw error
    } finally {
      // A connection that failed is not used again: who knows what state it is in.
      client.release(failure)
    }
  } catch (error) {
    throw toPostgresError(error)
  }
}

async function readFrom(pool: pg.Pool, text: string, parameters: readonly unknown[]): Promise<unknown[]> {
  try {
    return (await pool.query(toNamedQuery(text, parameters))).rows
  } catch (error) {
    throw toPostgresError(error)
  }
}

const names = new Map<string, string>()

/** A statement under a name of its own, so that the server plans it once for each connection. */
function toNamedQuery(text: string, parameters: readonly unknown[]): pg.QueryConfig {
  const name = nameOf(text)
  return { ...(name !== undefined && { name }), text, values: [...parameters] }
}

/** The name of a statement; undefined when there are too many. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 500) return known
  const name = `lastgood_${names.size}`
  names.set(text, name)
  return name
}

/** The pool as Kysely sees it, with every statement that has parameters prepared by name. */
function asNamingPool(pool: pg.Pool): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw toPostgresError(error)
      })
      return {
        release: () => client.release(),
        query: async (text: string, values: readonly unknown[]) => {
          try {
            return await client.query(values.length > 0 ? toNamedQuery(text, values) : { text })
          } catch (error) {
            throw toPostgresError(error)
          }
        },
      }
    },
  } as unknown as pg.Pool & ConstructorParameters<typeof PostgresDialect>[0]['pool']
}

/** Versions, one query for all that are asked for in the same turn of the event loop. */
function buildVersions(pool: pg.Pool): (accountId: number) => Promise<number> {
  let gathering: { ids: Set<number>; answer: Promise<Map<number, number>> } | undefined
  const text = 'select account_id, version from data_versions where account_id = any($1)'

  async function read(ids: Set<number>): Promise<Map<number, number>> {
    await new Promise(resolve => setImmediate(resolve))
    gathering = undefined
    const rows = (await readFrom(pool, text, [[...ids]])) as { account_id: number; version: number }[]
    return new Map(rows.map(row => [row.account_id, row.version]))
  }

  return async accountId => {
    if (!gathering) {
      const ids = new Set<number>()
      gathering = { ids, answer: read(ids) }
    }
    gathering.ids.add(accountId)
    return (await gathering.answer).get(accountId) ?? 0
  }
}

/**
 * What a failure of PostgreSQL means to a caller (PostgreSQL manual, "PostgreSQL Error Codes"): the connection, the
 * server's shutdown, a former primary and lost serialization races are `unavailable`; unique and foreign keys `conflict`.
 */
export function toPostgresError(error: unknown): unknown {
  if (isAppError(error)) return error
  const { code, message = '' } = error as { code?: string; message?: string }
  if (/^(?:08|57P0|53|40|25006|3D000|28)/.test(code ?? '') || isNetworkFailure(code, message)) {
    return new AppError('unavailable', `The database cannot answer now (${message || code}).`, { cause: error })
  }
  if (code === '23505' || code === '23503') {
    return new AppError('conflict', 'Something of that name is there already, or is still in use.', { cause: error })
  }
  return error
}

function isNetworkFailure(code: string | undefined, message: string): boolean {
  return /^E[A-Z_]+$/.test(code ?? '') || /terminated|timeout exceeded|Connection ended/i.test(message)
}
