import { parentPort, workerData } from 'node:worker_threads'
import { type BatchName, buildBatchWork, doBatch } from './batches.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { openConnections, type PostgresOptions } from './postgres-pool.ts'
import { inTransaction } from './postgres-transactions.ts'
import type { ThreadAnswer } from './thread.ts'

/**
 * The thread that judges the sets of a PostgreSQL database, on connections of its own, so that reading and writing
 * hundreds of rows at a time never holds up the requests. It answers each batch after its commit.
 */

/** What the thread is asked for: a batch by its name, with its input as JSON. */
export type JudgeThreadRequest =
  { id: number; kind: 'batch'; name: BatchName; input: string } | { id: number; kind: 'close' }

if (parentPort) serve(parentPort, workerData as PostgresOptions)

function serve(port: NonNullable<typeof parentPort>, options: PostgresOptions): void {
  const connections = openConnections(options)
  const work = buildBatchWork(postgresDialect)

  port.on('message', (request: JudgeThreadRequest) => {
    void answer(request).then(reply => {
      port.postMessage(reply)
      if (request.kind === 'close') port.close()
    })
  })

  async function answer(request: JudgeThreadRequest): Promise<ThreadAnswer<string | undefined>> {
    const { id } = request
    try {
      if (request.kind === 'close') {
        await connections.close()
        return { id, value: undefined }
      }
      const { name, input } = request
      const output = await inTransaction(connections, run => doBatch(work, run, name, JSON.parse(input)))
      return { id, value: JSON.stringify(output ?? null) }
    } catch (error) {
      return { id, failure: toFailure(error) }
    }
  }
}

/** What went wrong, as it crosses threads: what `inTransaction` has called it already, or what it is to us. */
function toFailure(error: unknown): { message: string; kind: unknown } {
  const { message, kind } = error as Error & { kind?: unknown }
  return { message: message ?? String(error), kind }
}
