import { readProcessEnd } from '../domain/process-end.ts'
import type { RunMessage, RunType } from '../domain/run.ts'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { deriveReading } from './derive-reading.ts'
import { toTallyOfFinished } from './verdict.ts'

/** A problem that a tool tells, with the lines that explain it. */
export type Trouble = { level: 'error' | 'warning'; text: string; details: string[] }

/** What the output of a database tool tells of its run, before its exit status and signal are looked at. */
export type SqlEvidence = {
  type: RunType
  /** It says that it is done. */
  isDone: boolean
  /** It says that it was told to stop. */
  isStopped: boolean
  /** It says that it failed, even where a pipe hides its exit status. */
  hasFailed: boolean
  troubles: readonly Trouble[]
  /** What makes a good end doubtful: one warning of a run that finished; null when nothing does. */
  doubt: string | null
  /** What is worth showing and counts for nothing. */
  notes: readonly RunMessage[]
  /** Exit statuses, besides 0, with which it finished. */
  successes?: readonly number[]
  /** The warnings that it counts itself, where its output may hold fewer. */
  statedWarnings?: number
  version: string | null
} & Partial<Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'bytes' | 'startedAt' | 'endedAt'>>

/**
 * The reading of a database tool. Problems are errors of a run that failed and warnings of one that finished: the tool's
 * own verdict decides. Throws `invalid` when nothing at all tells how it ended.
 */
export function toSqlReading(output: ToolOutput, evidence: SqlEvidence): ToolReading {
  const { type, isDone, isStopped, hasFailed, troubles, doubt, notes, statedWarnings = 0 } = evidence
  if (isMute(evidence)) readProcessEnd(output)
  const errors = troubles.filter(trouble => trouble.level === 'error').length
  return deriveReading(output, {
    totalFiles: null,
    processedFiles: null,
    newFiles: null,
    bytes: null,
    ...evidence,
    type,
    plugin: 'sql',
    isClosed: isDone,
    outlastsStop: false,
    ended: isStopped ? 'canceled' : hasFailed ? 'failed' : null,
    problems: errors,
    warnings: Math.max(troubles.length, statedWarnings) - errors,
    tally: toTallyOfFinished,
    messages: [
      ...troubles.flatMap(({ level, text, details }) => [text, ...details].map(text => ({ level, text }))),
      ...notes,
    ],
    silence: null,
    doubt,
  })
}

/** Whether the output tells nothing of how the command ended. */
function isMute({ isDone, isStopped, hasFailed, troubles, doubt }: SqlEvidence): boolean {
  return !isDone && !isStopped && !hasFailed && troubles.length === 0 && doubt === null
}
