import { Worker } from 'node:worker_threads'
import type { SQLInputValue } from 'node:sqlite'
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import { AppError, isAppError } from '../domain/app-error.ts'
import type { RunBatch } from './batches.ts'
import { toSqliteError } from './sqlite-file.ts'
import type { QueryAnswer, WriterAnswer, WriterRequest } from './sqlite-writer.ts'

type Unnumbered = WriterRequest extends infer Request
  ? Request extends { id: number }
    ? Omit<Request, 'id'>
    : never
  : never

/**
 * Starts the writer thread of a file. Statements reach it through Kysely's driver, batches of runs directly; both take
 * turns, so that no batch falls into a transaction of somebody else.
 */
export function openSqliteWriter(file: string): {
  driver: Driver
  batch: RunBatch
  close: () => Promise<void>
} {
  const thread = openThread(file)
  const turns = buildTurns()
  const connection: DatabaseConnection = {
    executeQuery: query => executeQuery(thread.ask, query),
    streamQuery: () => {
      throw new Error('The writer does not stream: read with the reader.')
    },
  }

  return {
    driver: {
      init: () => Promise.resolve(),
      acquireConnection: async () => {
        await turns.take()
        return connection
      },
      // At once: a transaction that begins by reading could otherwise not be sure to become a writing one.
      beginTransaction: on => run(on, 'begin immediate'),
      commitTransaction: on => run(on, 'commit'),
      rollbackTransaction: on => run(on, 'rollback'),
      releaseConnection: () => Promise.resolve(turns.give()),
      destroy: () => Promise.resolve(),
    },
    batch: async (name, input) => {
      await turns.take()
      try {
        // The thread answers what the change of that name does.
        return JSON.parse(String(await thread.ask({ kind: 'batch', name, input: JSON.stringify(input) }))) as never
      } finally {
        turns.give()
      }
    },
    close: thread.close,
  }
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(Query.raw(statement))
}

async function executeQuery<Row>(
  ask: (request: Unnumbered) => Promise<unknown>,
  query: CompiledQuery,
): Promise<QueryResult<Row>> {
  const { rows, changes } = (await ask({
    kind: 'query',
    sql: query.sql,
    parameters: query.parameters as SQLInputValue[],
  })) as QueryAnswer
  return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
}

function openThread(file: string): { ask: (request: Unnumbered) => Promise<unknown>; close: () => Promise<void> } {
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: unknown) => void }>()
  let lastId = 0
  let ended: AppError | undefined

  function end(cause: unknown): void {
    ended ??= new AppError('unavailable', 'The writer of the database has stopped; start the program again.', { cause })
    const reason = toSqliteError(cause, file)
    for (const { reject } of waiting.values()) reject(isAppError(reason) ? reason : ended)
    waiting.clear()
  }

  worker.on('message', (answer: WriterAnswer) => {
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('failure' in answer)
      asker?.reject(toSqliteError(Object.assign(new Error(answer.failure.message), answer.failure), file))
    else asker?.resolve(answer.value)
  })
  worker.on('error', end)
  worker.on('exit', () => end(undefined))

  function ask(request: Unnumbered): Promise<unknown> {
    if (ended) return Promise.reject(ended)
    return new Promise((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.postMessage({ ...request, id: lastId })
    })
  }

  return {
    ask,
    close: async () => {
      if (ended) return
      const exited = new Promise(resolve => worker.once('exit', resolve))
      await ask({ kind: 'close' })
      await exited
    },
  }
}

/** One at a time, in the order of asking. */
function buildTurns(): { take: () => Promise<void>; give: () => void } {
  const queue: (() => void)[] = []
  let isTaken = false
  return {
    take: () => {
      if (!isTaken) {
        isTaken = true
        return Promise.resolve()
      }
      return new Promise(resolve => {
        queue.push(resolve)
      })
    },
    give: () => {
      const next = queue.shift()
      if (next) next()
      else isTaken = false
    },
  }
}
