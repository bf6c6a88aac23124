import type { RunMessage } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { type CommandEvidence, commandTexts, isResticOutput, readResticCommand } from './restic-commands.ts'
import { joinPatterns } from './join-patterns.ts'
import { readResticCounts } from './restic-counts.ts'
import { readResticLines, type ResticLine } from './restic-lines.ts'
import { readResticTroubles, type ResticTroubles, someSourceUnreadable, troubleTexts } from './restic-troubles.ts'
import { toRunMessages } from './run-messages.ts'
import { removing, looking } from './tool-usage.ts'
import { type Counted, judgeEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads restic 0.14 to 0.19: `restic backup --json` (one JSON message a line, item errors on stderr, plain text between),
 * the text it prints without `--json`, and its other commands. It never throws: where the output tells nothing, the exit
 * status does, and where that is unknown, a backup without a summary has crashed.
 * Format and exit codes: restic manual, "Scripting"; restic 0.14.0 as run.
 */
export const restic: BackupTool = {
  name: 'restic',
  usage: {
    programs: ['restic'],
    notBackups: { ...removing, ...looking, forget: 'delete', restore: 'restore' },
    debianPackage: 'restic',
    example: { set: 'Documents', command: 'restic backup --json /home' },
    warnings: [3],
  },

  recognizes(output) {
    return isResticOutput(readResticLines(output))
  },

  read(output) {
    const lines = readResticLines(output)
    const evidence = readResticCommand(lines)
    const troubles = readResticTroubles(lines)
    const end = judge(output, evidence, troubles)
    return {
      type: evidence.type,
      plugin: null,
      state: end.state,
      ...readResticCounts(lines, evidence, troubles.items.length),
      ...toTally(end, countTroubles(troubles)),
      messages: toMessages(end, evidence, troubles),
      version: versionIn(lines),
    }
  },

  needs(line) {
    if (!line.startsWith('{') && !line.startsWith('[')) return neededTexts.test(line) ? 'each' : null
    const type = /^\{"message_type":"(\w{1,20})"/.exec(line)?.[1]
    if (type === 'status' || type === 'verbose_status') return `newest ${type}`
    return type !== undefined || /^\[\{.*"(?:reasons|short_id)":/.test(line) ? 'each' : null
  },
}

const statuses = new Map<number, Verdict>([[someSourceUnreadable, 'success']])

const neededTexts = joinPatterns([...commandTexts, ...troubleTexts, /^restic \d+\.\d/])

type ResticEnd = ToolEnd & { exitStatus: number | null; isUnclear: boolean }

/** How the run ended. The exit status is the one that restic announces where a pipe may have hidden it. */
function judge(output: ToolOutput, { type, isClosed }: CommandEvidence, troubles: ResticTroubles): ResticEnd {
  const mayBeHidden = !output.exitStatus && !isClosed
  const exitStatus = mayBeHidden ? (troubles.exitCode ?? output.exitStatus) : output.exitStatus
  const end = judgeEnd(
    { ...output, exitStatus },
    { statuses, said: saidBy(exitStatus, isClosed, troubles), outlastsStop: true },
  )
  const isFinished = end.state === 'finished'
  const isPartial = exitStatus === someSourceUnreadable || troubles.isPartial || troubles.causes.length > 0
  const isUnclear = isFinished && type === 'backup' && !isClosed
  return { ...end, isIncomplete: end.isIncomplete || (isFinished && (isPartial || isUnclear)), exitStatus, isUnclear }
}

function saidBy(exitStatus: number | null, isClosed: boolean, troubles: ResticTroubles): Verdict[] {
  const isSuccess = exitStatus === null || exitStatus === 0 || exitStatus === someSourceUnreadable
  // A cause of failure beside a summary is another command's of the same script.
  if (isClosed && isSuccess) return ['success']
  if (troubles.isPanic) return ['crash']
  // 0.17 and 0.18 end with 1 when they are interrupted.
  if (troubles.isInterrupted && (exitStatus ?? 0) <= 1) return ['canceled']
  return troubles.causes.length > 0 ? ['failure'] : []
}

/**
 * Items that could not be read are warnings of a run that finished and errors of one that failed: restic's own verdict
 * decides how bad they are.
 */
function countTroubles({ items, skipped, statedErrors }: ResticTroubles): Counted {
  return { errors: items.length + skipped.length || statedErrors, warnings: 0 }
}

function toMessages(end: ResticEnd, { command }: CommandEvidence, troubles: ResticTroubles): RunMessage[] {
  const { items, skipped, causes, notes } = troubles
  const unclear = command
    ? 'The output ends before its summary: it does not tell what was backed up.'
    : 'The output does not tell what was backed up: add --json to restic backup.'
  return toRunMessages([
    ...causes.map(text => ({ level: 'error' as const, text })),
    ...(end.isUnclear ? [{ level: 'warning' as const, text: unclear }] : []),
    ...toEndMessages(end, end.state === 'failed' ? causes.length : 0),
    ...[...items, ...skipped].map(text => ({ level: 'warning' as const, text })),
    ...notes,
  ])
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
