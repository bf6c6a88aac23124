import { AppError } from '../domain/app-error.ts'
import type { BatchName } from './batches.ts'
import type { JudgeThreadRequest } from './postgres-judge.ts'
import type { PostgresOptions } from './postgres-pool.ts'
import { openThread, type Thread } from './thread.ts'

/** What is done in a thread of its own, because it takes hundreds of rows at a time. */
export const judging: ReadonlySet<BatchName> = new Set<BatchName>(['judgeDue', 'judgeReported', 'noteReported'])

/** The thread that judges, which is started when somebody first asks for it: most commands never do. */
export function buildJudge({ url, timeoutMs = 0, prepared = 'auto' }: PostgresOptions) {
  let thread: Thread<JudgeThreadRequest> | undefined
  return {
    batch: async (name: BatchName, input: unknown): Promise<unknown> => {
      thread ??= openThread<JudgeThreadRequest>({
        script: new URL('./postgres-judge.ts', import.meta.url),
        data: { url, timeoutMs, prepared, connections: 2 } satisfies PostgresOptions,
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
