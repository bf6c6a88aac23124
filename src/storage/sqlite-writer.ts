import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { type BatchName, buildBatchWork, doBatch } from './batches.ts'
import type { RunStatement } from './rows-statement.ts'
import { sqliteDialect, writerPragmas } from './sqlite-dialect.ts'
import type { ThreadAnswer } from './thread.ts'

/**
 * The thread that makes every change of an SQLite file, so that waiting for the disk never holds up the requests.
 * It answers each message after what the message asked for is on disk (or, inside a transaction, is done).
 */

/** What the thread is asked for. A batch goes as JSON, which crosses threads faster than a copy of its objects. */
export type WriterRequest =
  | { id: number; kind: 'query'; sql: string; parameters: SQLInputValue[] }
  | { id: number; kind: 'batch'; name: BatchName; input: string }
  | { id: number; kind: 'rollback' }
  | { id: number; kind: 'shrink' }
  | { id: number; kind: 'close' }

/** What a statement did. */
export type QueryAnswer = { rows: unknown[]; changes: number }

/** How the thread answers; a failure of SQLite keeps its result code. */
type WriterAnswer = ThreadAnswer<QueryAnswer | string | boolean | undefined>

if (parentPort) serve(parentPort, String(workerData))

function serve(port: NonNullable<typeof parentPort>, file: string): void {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  db.exec(writerPragmas)
  const prepare = buildStatementCache(db)
  const work = buildBatchWork(sqliteDialect)

  // One after the other: a batch must not mix with the statements of the next message.
  let last: Promise<void> = Promise.resolve()
  port.on('message', (request: WriterRequest) => {
    last = last.then(() => answer(request))
  })

  async function answer(request: WriterRequest): Promise<void> {
    try {
      port.postMessage({ id: request.id, value: await valueOf(request) } satisfies WriterAnswer)
      if (request.kind === 'close') port.close()
    } catch (error) {
      port.postMessage({ id: request.id, failure: toFailure(error) } satisfies WriterAnswer)
    }
  }

  async function valueOf(request: WriterRequest): Promise<QueryAnswer | string | boolean | undefined> {
    if (request.kind === 'query') return query(request.sql, request.parameters)
    if (request.kind === 'batch') {
      const output = await inTransaction(run => doBatch(work, run, request.name, JSON.parse(request.input)))
      return JSON.stringify(output ?? null)
    }
    if (request.kind === 'shrink') return shrink(db)
    if (request.kind === 'rollback') rollBack()
    else db.close()
    return undefined
  }

  function query(sql: string, parameters: SQLInputValue[]): QueryAnswer {
    const statement = prepare(sql)
    if (statement.columns().length > 0) return { rows: statement.all(...parameters), changes: 0 }
    return { rows: [], changes: Number(statement.run(...parameters).changes) }
  }

  async function inTransaction(change: (run: RunStatement) => Promise<unknown>): Promise<unknown> {
    db.exec('begin immediate')
    try {
      const result = await change(({ text, columns }, rows) => {
        const statement = prepare(text)
        return Promise.resolve(rows.flatMap(row => statement.all(...bind(columns, row)) as never[]))
      })
      db.exec('commit')
      return result
    } catch (error) {
      rollBack()
      throw error
    }
  }

  /** A full disk has SQLite roll back by itself (SQLite, "ROLLBACK"): then there is nothing left to do. */
  function rollBack(): void {
    if (db.isTransaction) db.exec('rollback')
  }
}

const pagesAtOnce = 200

/**
 * Gives some free pages back; answers whether there are more. Files that were made before this was so
 * cannot: their mode tells. Once all are given back the log is cut short, unless somebody is reading from it.
 */
function shrink(db: DatabaseSync): boolean {
  const incremental = 2
  const read = (name: string) => Number(db.prepare(`pragma ${name}`).get()?.[name])
  if (read('auto_vacuum') !== incremental || read('freelist_count') === 0) return false
  db.exec(`pragma incremental_vacuum(${pagesAtOnce})`)
  if (read('freelist_count') > 0) return true
  db.exec('pragma busy_timeout = 0; pragma wal_checkpoint(truncate); pragma busy_timeout = 10000')
  return false
}

function buildStatementCache(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return sql => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= 500) statements.clear()
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

function bind(columns: string[], row: object): SQLInputValue[] {
  const values = row as Record<string, SQLInputValue>
  return columns.map(column => values[column] ?? null)
}

function toFailure(error: unknown): { message: string; errcode: number | undefined } {
  const { message, errcode } = error as Error & { errcode?: number }
  return { message: message ?? String(error), errcode }
}
