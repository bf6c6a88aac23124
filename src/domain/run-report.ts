import { AppError } from './app-error.ts'
import { bringBackFuture } from './clock-lead.ts'
import { days, type Instant } from './instant.ts'
import type { LocalTime } from './local-time.ts'
import { readProcessEnd } from './process-end.ts'
import type { Redact } from './redaction.ts'
import {
  hasEnded,
  type Plugin,
  type RunCounts,
  type RunFacts,
  type RunMessage,
  type RunState,
  type RunType,
} from './run.ts'
import { toKeptLog, toStorableText } from './text.ts'

/** What a reporter told of a run, or an adapter read; null where it said nothing. */
export type ReportedRun = RunCounts & {
  runKey: string | null
  type: RunType
  backupsetName: string | null
  plugin: Plugin | null
  state: RunState
  startedAt: LocalTime | null
  /** The end, or of a running run its last update. */
  endedAt: LocalTime | null
  errors: number | null
  warnings: number | null
  exitStatus: number | null
  tool: string | null
  messages: RunMessage[]
  log: string
}

/** One report of one run, checked and complete: what is stored. */
export type RunReport = Omit<RunFacts, 'plugin'> & {
  /** The reporter's name for the run, unique within its computer. */
  runKey: string
  /** The backup set; null for runs that belong to none. */
  backupsetName: string | null
  /** Null where the report does not say: the set's own holds then, of a new set `file`. */
  plugin: Plugin | null
  messages: RunMessage[]
  log: string
  receivedAt: Instant
}

/** How far ahead of its arrival a run may claim to be; beyond that its dates are a mistake, and not a clock that is off. */
export const greatestClockLeadMs = days(1)

/**
 * Completes and checks what a reporter told. A time that it left out is the moment of arrival, and none is later than
 * that by more than the tolerance of clocks; counts of errors and warnings that it left out are those of its messages.
 * Secrets in its messages and its log are redacted. Throws `invalid`, naming the member, when the report has no
 * outcome, a backup has no set, or its times cannot be.
 */
export function toRunReport(
  told: ReportedRun,
  receivedAt: Instant,
  { newRunKey, redact }: { newRunKey: () => string; redact: Redact },
): RunReport {
  checkFuture(told, receivedAt)
  const reported = bringBackFuture(told, receivedAt)
  const { type, backupsetName, plugin, state, tool, messages, totalFiles, processedFiles, newFiles, bytes } = reported
  if (type === 'backup' && backupsetName === null) {
    throw new AppError('invalid', 'backupset_name is missing: name the backup set that the run belongs to.')
  }
  const { started, updated } = deriveTimes(reported, receivedAt)
  return {
    runKey: reported.runKey?.toLowerCase() ?? newRunKey(),
    type,
    backupsetName,
    plugin,
    state,
    startedAt: started.at,
    startedOffset: started.offset,
    updatedAt: updated.at,
    updatedOffset: updated.offset,
    totalFiles,
    processedFiles,
    newFiles,
    bytes,
    errors: reported.errors ?? countMessages(messages, 'error'),
    warnings: reported.warnings ?? countMessages(messages, 'warning'),
    exitStatus: reported.exitStatus,
    tool,
    messages: redactMessages(messages, redact),
    log: redactLog(reported.log, redact),
    receivedAt,
  }
}

/** What a run logged, without the secrets in it. */
export function redactMessages(messages: RunMessage[], redact: Redact): RunMessage[] {
  return messages.length === 0 ? messages : messages.map(({ level, text }) => ({ level, text: redact(text) }))
}

/** The log of a run, without the secrets in it, and only then cut to what may be kept: half a secret does not look like one. */
export function redactLog(log: string, redact: Redact): string {
  return toKeptLog(redact(toStorableText(log)))
}

/**
 * The state of a run that its reporter graded itself. A success is believed only when the end of the process does not
 * speak against it. Throws `invalid` when nothing tells how the run stands.
 */
export function deriveReportedState(
  state: RunState | null,
  processEnd: { exitStatus: number | null; signal: string | null },
): RunState {
  if (processEnd.exitStatus === null && processEnd.signal === null) {
    if (state) return state
    throw new AppError('invalid', 'status is missing: say how the run stands, or send its exit_status.')
  }
  if (state !== null && state !== 'finished') return state
  return readProcessEnd(processEnd).state
}

type Moment = { at: Instant; offset: number | null }

function deriveTimes(reported: ReportedRun, receivedAt: Instant): { started: Moment; updated: Moment } {
  const updated = toMoment(reported.endedAt) ?? lastUpdate(reported, receivedAt)
  const started = toMoment(reported.startedAt) ?? { at: Math.min(updated.at, receivedAt), offset: updated.offset }
  if (updated.at < started.at) throw new AppError('invalid', 'local_end lies before local_start.')
  return { started, updated }
}

function checkFuture({ startedAt, endedAt }: ReportedRun, receivedAt: Instant): void {
  const latest = receivedAt + greatestClockLeadMs
  for (const [member, time] of [['local_start', startedAt] as const, ['local_end', endedAt] as const]) {
    if (time && time.at > latest) throw new AppError('invalid', `${member} lies more than a day in the future.`)
  }
}

/** When a report says nothing of its end: the moment of arrival, but never before the start. */
function lastUpdate({ startedAt, state }: ReportedRun, receivedAt: Instant): Moment {
  // A running run without an update was last heard of when it started: any order of arrival ends in the same facts.
  if (startedAt && !hasEnded({ state })) return { at: startedAt.at, offset: startedAt.offsetMinutes }
  return { at: Math.max(receivedAt, startedAt?.at ?? receivedAt), offset: null }
}

function toMoment(time: LocalTime | null): Moment | undefined {
  return time ? { at: time.at, offset: time.offsetMinutes } : undefined
}

function countMessages(messages: readonly RunMessage[], level: RunMessage['level']): number {
  return messages.filter(message => message.level === level).length
}
