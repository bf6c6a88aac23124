import type { BodyReading } from '../domain/ping-end.ts'
import type { RunMessage } from '../domain/run.ts'
import { toMessageText } from '../domain/text.ts'

/** The reading of a finished backup of which nothing is counted, but for what is `known`. */
export function aFinishedBackup(tool: string, known: Partial<BodyReading> = {}): BodyReading {
  return {
    type: 'backup',
    plugin: null,
    state: 'finished',
    errors: 0,
    warnings: 0,
    totalFiles: null,
    processedFiles: null,
    newFiles: null,
    bytes: null,
    messages: [],
    tool,
    ...known,
  }
}

/** The reading of a failure, with the reason in the words of the sender; `otherwise` where it gives none. */
export function aFailure(tool: string, reason: string, otherwise: string): BodyReading {
  return aFinishedBackup(tool, { state: 'failed', errors: 1, messages: toMessages('error', reason, otherwise) })
}

/** The reading of a finished backup that something is to be said against. */
export function aDoubt(tool: string, reason: string, otherwise: string): BodyReading {
  return aFinishedBackup(tool, { warnings: 1, messages: toMessages('warning', reason, otherwise) })
}

function toMessages(level: RunMessage['level'], reason: string, otherwise: string): RunMessage[] {
  return [{ level, text: toMessageText(reason) || otherwise }]
}
