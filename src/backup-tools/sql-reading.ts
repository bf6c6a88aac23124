import { AppError } from '../domain/app-error.ts'
import { type ProcessEnd, readProcessEnd } from '../domain/process-end.ts'
import type { RunMessage, RunState, RunType } from '../domain/run.ts'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { toRunMessages } from './run-messages.ts'

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
  /** Exit statuses with which it finished; only 0 where none are given. */
  successes?: readonly number[]
  /** The warnings that it counts itself, where its output may hold fewer. */
  statedWarnings?: number
  version: string | null
} & Partial<Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'bytes' | 'startedAt' | 'endedAt'>>

/**
 * Joins what a database tool tells with the end of its process. A signal outweighs all that it says, and a failing exit
 * status every good word. Where neither is known, only its own word that it is done makes a run finished.
 * Throws `invalid` when nothing at all tells how it ended.
 */
export function toSqlReading(output: ToolOutput, evidence: SqlEvidence): ToolReading {
  const end = judge(output, evidence)
  return {
    type: evidence.type,
    plugin: 'sql',
    state: end.state,
    startedAt: evidence.startedAt ?? null,
    endedAt: evidence.endedAt ?? null,
    totalFiles: evidence.totalFiles ?? null,
    processedFiles: evidence.processedFiles ?? null,
    newFiles: null,
    bytes: evidence.bytes ?? null,
    ...toTally(end.state, evidence),
    messages: toMessages(end, evidence),
    version: evidence.version,
  }
}

/** Throws `invalid`: the text is not that of `tool`. */
export function refuseOutput(tool: string): never {
  throw new AppError('invalid', `This is not the output of ${tool}.`)
}

function judge(output: ToolOutput, evidence: SqlEvidence): ProcessEnd {
  const { exitStatus, signal } = output
  const isKnown = exitStatus !== null || (signal?.trim() ?? '') !== ''
  const end = isKnown || isMute(evidence) ? readProcessEnd(output) : null
  if (end?.state === 'canceled' || end?.state === 'crashed') return end
  if (evidence.isStopped) return { state: 'canceled', text: 'The command was told to stop.' }
  if (evidence.hasFailed) return { state: 'failed', text: end?.text ?? null }
  if (end && exitStatus !== null) {
    const isSuccess = (evidence.successes ?? [0]).includes(exitStatus)
    return isSuccess ? { state: 'finished', text: null } : { state: 'failed', text: end.text }
  }
  if (evidence.isDone) return { state: 'finished', text: null }
  return { state: 'crashed', text: 'The output does not tell that the command was done, and no exit status was given.' }
}

/** Whether the output tells nothing of how the command ended. */
function isMute({ isDone, isStopped, hasFailed, troubles, doubt }: SqlEvidence): boolean {
  return !isDone && !isStopped && !hasFailed && troubles.length === 0 && doubt === null
}

/** Problems are errors of a run that failed and warnings of one that finished: the tool's own verdict decides. */
function toTally(state: RunState, evidence: SqlEvidence): Pick<ToolReading, 'errors' | 'warnings'> {
  const { troubles, doubt, statedWarnings = 0 } = evidence
  if (state === 'failed') {
    return { errors: Math.max(1, troubles.filter(trouble => trouble.level === 'error').length), warnings: 0 }
  }
  if (state !== 'finished') return { errors: 0, warnings: 0 }
  return { errors: 0, warnings: Math.max(doubt === null ? 0 : 1, statedWarnings, troubles.length) }
}

function toMessages({ state, text }: ProcessEnd, { troubles, doubt, notes }: SqlEvidence): RunMessage[] {
  const isExplained = state === 'failed' && troubles.some(trouble => trouble.level === 'error')
  const end = text === null || isExplained ? [] : [toEndMessage(state, text)]
  const doubts = state === 'finished' && doubt !== null ? [{ level: 'warning' as const, text: doubt }] : []
  const told = troubles.flatMap(({ level, text, details }) => [text, ...details].map(text => ({ level, text })))
  return toRunMessages([...end, ...told, ...doubts, ...notes])
}

function toEndMessage(state: RunState, text: string): RunMessage {
  return { level: state === 'canceled' ? 'warning' : 'error', text }
}
