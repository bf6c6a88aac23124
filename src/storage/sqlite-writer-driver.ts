import type { SQLInputValue } from 'node:sqlite'
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import type { RunBatch } from './batches.ts'
import { toSqliteError } from './sqlite-file.ts'
import type { QueryAnswer, WriterRequest } from './sqlite-writer.ts'
import { openThread, type Thread } from './thread.ts'

/**
 * Starts the writer thread of a file. Statements reach it through Kysely's driver, batches of runs directly; both take
 * turns, so that no batch falls into a transaction of somebody else.
 */
export function openSqliteWriter(file: string): {
  driver: Driver
  batch: RunBatch
  shrink: () => Promise<boolean>
  close: () => Promise<void>
} {
  const thread = openThread<WriterRequest>({
    script: new URL('./sqlite-writer.ts', import.meta.url),
    data: file,
    young: 16,
    toError: cause => toSqliteError(cause, file),
  })
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
      rollbackTransaction: async () => {
        await thread.ask({ kind: 'rollback' })
      },
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
    shrink: async () => {
      await turns.take()
      try {
        return (await thread.ask({ kind: 'shrink' })) === true
      } finally {
        turns.give()
      }
    },
    close: () => thread.close({ kind: 'close' }),
  }
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(Query.raw(statement))
}

async function executeQuery<Row>(ask: Thread<WriterRequest>['ask'], query: CompiledQuery): Promise<QueryResult<Row>> {
  const { rows, changes } = (await ask({
    kind: 'query',
    sql: query.sql,
    parameters: query.parameters as SQLInputValue[],
  })) as QueryAnswer
  return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
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
