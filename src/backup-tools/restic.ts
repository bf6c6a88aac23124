import type { RunMessage, RunState } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { isStopSignal, type ProcessEnd, readProcessEnd } from '../domain/process-end.ts'
import { type CommandEvidence, isResticOutput, readResticCommand } from './restic-commands.ts'
import { readResticCounts } from './restic-counts.ts'
import { readResticLines, type ResticLine } from './restic-lines.ts'
import { readResticTroubles, type ResticTroubles, someSourceUnreadable } from './restic-troubles.ts'
import { toRunMessages } from './run-messages.ts'

/**
 * Reads restic 0.14 to 0.19: `restic backup --json` (one JSON message a line, item errors on stderr, plain text between),
 * the text it prints without `--json`, and its other commands. It never throws: where the output tells nothing, the exit
 * status does, and where that is unknown, a backup without a summary has crashed.
 * Format and exit codes: restic manual, "Scripting"; restic 0.14.0 as run.
 */
export const restic: BackupTool = {
  name: 'restic',

  recognizes(output) {
    return isResticOutput(readResticLines(output))
  },

  read(output) {
    const lines = readResticLines(output)
    const evidence = readResticCommand(lines)
    const troubles = readResticTroubles(lines)
    const verdict = judge(output, evidence, troubles)
    return {
      type: evidence.type,
      plugin: null,
      state: verdict.state,
      ...readResticCounts(lines, evidence, troubles.items.length),
      ...toTally(verdict, evidence, troubles),
      messages: toMessages(verdict, evidence, troubles),
      version: versionIn(lines),
    }
  },
}

type Case = {
  /** As the shell shows it, or as restic announces it where a pipe may have hidden it; null when nobody knows. */
  exitStatus: number | null
  /** The signal; null when there was none. */
  signal: string | null
  /** How the process ended; null when neither exit status nor signal is known. */
  end: ProcessEnd | null
  evidence: CommandEvidence
  troubles: ResticTroubles
}

type Verdict = Case & { state: RunState }

/** Every way a run of restic ends; the first that holds. */
const verdicts: readonly { state: RunState; holds: (run: Case) => boolean }[] = [
  // Its own word: it says that it is done, and nothing killed it. A signal that it was sent came too late.
  { state: 'finished', holds: run => run.evidence.isClosed && isOwnEnd(run) },
  { state: 'canceled', holds: ({ end }) => end?.state === 'canceled' },
  { state: 'crashed', holds: ({ end, troubles }) => end?.state === 'crashed' || troubles.isPanic },
  // 0.17 and 0.18 end with 1 when they are interrupted.
  { state: 'canceled', holds: ({ exitStatus, troubles }) => troubles.isInterrupted && (exitStatus ?? 0) <= 1 },
  { state: 'failed', holds: ({ troubles }) => troubles.causes.length > 0 },
  // "If an unknown exit code is returned, then it MUST be treated as a command failure" (manual, "Exit codes").
  { state: 'failed', holds: ({ exitStatus }) => exitStatus !== null && !isSuccess(exitStatus) },
  { state: 'finished', holds: ({ exitStatus }) => exitStatus !== null },
]

function judge(output: ToolOutput, evidence: CommandEvidence, troubles: ResticTroubles): Verdict {
  const signal = output.signal?.trim() || null
  const mayBeHidden = !output.exitStatus && !evidence.isClosed
  const exitStatus = mayBeHidden ? (troubles.exitCode ?? output.exitStatus) : output.exitStatus
  const end = exitStatus === null && signal === null ? null : readProcessEnd({ exitStatus, signal })
  const run = { exitStatus, signal, end, evidence, troubles }
  // No exit status and no summary: the output was cut off, and the backup most likely with it.
  return { ...run, state: verdicts.find(({ holds }) => holds(run))?.state ?? 'crashed' }
}

function isOwnEnd({ exitStatus, signal }: Case): boolean {
  if (exitStatus === null) return signal === null
  return isSuccess(exitStatus) && (signal === null || isStopSignal(signal))
}

function isSuccess(exitStatus: number): boolean {
  return exitStatus === 0 || exitStatus === someSourceUnreadable
}

/** A backup that ended well without saying what it stored. */
function isUnclear({ state }: Verdict, { type, isClosed }: CommandEvidence): boolean {
  return state === 'finished' && type === 'backup' && !isClosed
}

/**
 * Items that could not be read are warnings of a run that finished and errors of one that failed: restic's own verdict
 * decides how bad they are. A cause of failure beside a summary is another command's of the same script.
 */
function toTally(
  verdict: Verdict,
  evidence: CommandEvidence,
  { items, skipped, statedErrors, causes, isPartial }: ResticTroubles,
): { errors: number; warnings: number } {
  const counted = items.length + skipped.length || statedErrors
  if (verdict.state === 'failed') return { errors: Math.max(1, counted), warnings: 0 }
  if (verdict.state !== 'finished') return { errors: 0, warnings: counted }
  const isIncomplete = verdict.exitStatus === someSourceUnreadable || isPartial || causes.length > 0
  return { errors: 0, warnings: Math.max(isIncomplete || isUnclear(verdict, evidence) ? 1 : 0, counted) }
}

function toMessages(verdict: Verdict, evidence: CommandEvidence, troubles: ResticTroubles): RunMessage[] {
  const { items, skipped, causes, notes } = troubles
  return toRunMessages([
    ...causes.map(text => ({ level: 'error' as const, text })),
    ...endMessages(verdict, evidence, troubles),
    ...[...items, ...skipped].map(text => ({ level: 'warning' as const, text })),
    ...notes,
  ])
}

/** What the end of the process adds to what restic itself says. */
function endMessages(verdict: Verdict, evidence: CommandEvidence, { causes }: ResticTroubles): RunMessage[] {
  const { state, end } = verdict
  if (isUnclear(verdict, evidence)) {
    const text = evidence.command
      ? 'The output ends before its summary: it does not tell what was backed up.'
      : 'The output does not tell what was backed up: add --json to restic backup.'
    return [{ level: 'warning', text }]
  }
  if (!end) {
    if (state !== 'crashed') return []
    return [{ level: 'error', text: 'The output ends before its summary, and no exit status was given.' }]
  }
  if (end.text === null || state === 'finished' || (state === 'failed' && causes.length > 0)) return []
  return [{ level: state === 'canceled' ? 'warning' : 'error', text: end.text }]
}

/** The version, from `restic version` in text or JSON; other commands do not tell it. */
function versionIn(lines: readonly ResticLine[]): string | null {
  for (const line of lines) {
    const text = line.kind === 'text' ? /^restic (\d+\.\d[\w.+-]{0,40}) /.exec(line.text)?.[1] : undefined
    if (text !== undefined) return text
    if (line.kind !== 'message' || line.message['message_type'] !== 'version') continue
    const { version } = line.message
    if (typeof version === 'string' && /^[\w.+-]{1,40}$/.test(version)) return version
  }
  return null
}
