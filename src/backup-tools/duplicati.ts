import { AppError } from '../domain/app-error.ts'
import { type LocalTime } from '../domain/local-time.ts'
import { lastInstant } from '../domain/instant.ts'
import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { deriveReading, type ToolClaim } from './derive-reading.ts'
import { type DuplicatiReport, readDuplicatiReport } from './duplicati-report.ts'
import { toOutputLines } from './output-lines.ts'
import { readZonedTime } from './zoned-time.ts'

/**
 * Reads the report that Duplicati 2.0 to 2.3 sends: in JSON (`--send-http-json-urls`) or in words, as a form or in a mail.
 * `ParsedResult` is its verdict. Throws `invalid` for a text without a report when no exit status tells how it ended.
 * Format: Duplicati documentation, "Sending reports via HTTP" and "Command Line Interface, Exit codes".
 */
export const duplicati: BackupTool = {
  name: 'duplicati',
  usage: {
    programs: ['duplicati-cli'],
    notBackups: { restore: 'restore', delete: 'delete', test: 'maintenance' },
    debianPackage: null,
    example: null,
    ownReport: 'its own report',
    successes: [0, 1],
    warnings: [2, 50],
  },

  recognizes(output) {
    return readDuplicatiReport(readLines(output)) !== null
  },

  read(output) {
    const lines = readLines(output)
    const report = readDuplicatiReport(lines)
    if (report === null) {
      if (output.exitStatus === null && output.signal === null) {
        throw new AppError('invalid', 'This is not a report of Duplicati.')
      }
      return deriveReading(output, { ...nothing, lastWords: lines.slice(-3) })
    }
    return deriveReading(output, { ...toClaim(report), lastWords: lines.slice(-3) })
  },
}

const nothing: ToolClaim = {
  type: 'backup',
  isClosed: false,
  ended: null,
  problems: 0,
  totalFiles: null,
  processedFiles: null,
  newFiles: null,
  bytes: null,
  messages: [],
  silence: 'The output holds no report of Duplicati, so it does not tell what was backed up.',
}

const types = new Map<string, RunType>([
  ['Backup', 'backup'],
  ['Restore', 'restore'],
  ['Delete', 'delete'],
  ['PurgeFiles', 'delete'],
  ['PurgeBrokenFiles', 'delete'],
  ['Compact', 'delete'],
])

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines)
}

function toClaim(report: DuplicatiReport): ToolClaim {
  const { members, operation, failure } = report
  const isTrue = (name: string) => members.get(name)?.toLowerCase() === 'true'
  const result = members.get('ParsedResult') ?? null
  const type = isTrue('Dryrun')
    ? 'maintenance'
    : operation === null
      ? 'backup'
      : (types.get(operation) ?? 'maintenance')
  const isFailed = failure !== null || result === 'Error' || result === 'Fatal'
  const counts = type === 'maintenance' ? {} : toCounts(type, report)
  const problems = Math.max(
    countIn(members, 'ErrorsActualLength') ?? 0,
    countIn(members, 'FilesWithError') ?? 0,
    countLog(report, 'Error'),
  )
  const warnings = Math.max(countIn(members, 'WarningsActualLength') ?? 0, countLog(report, 'Warning'))
  // A result that is not known to be good is not; nor is a backup that stored a part of its source.
  const isDoubtful = result !== 'Success' || isTrue('PartialBackup')
  const reservation = isDoubtful && problems + warnings === 0 ? 1 : 0
  return {
    ...nothing,
    ...counts,
    type,
    isClosed: true,
    ended: isFailed ? 'failed' : isTrue('Interrupted') ? 'canceled' : null,
    successes: counts.newFiles === 0 ? [nothingChanged] : [],
    partials: [endedWithWarnings, partlyUploaded],
    problems,
    warnings: isFailed ? warnings : warnings + reservation,
    messages: toMessages(report, isFailed, isTrue('PartialBackup')),
    silence: null,
    startedAt: timeIn(members, 'BeginTime'),
    endedAt: timeIn(members, 'EndTime'),
    version: /^\d[\w.]{0,30}/.exec(members.get('Version') ?? '')?.[0] ?? null,
  }
}

// Exit statuses of the command line.
const nothingChanged = 1
const endedWithWarnings = 2
const partlyUploaded = 50

type Counts = Partial<Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>>

function toCounts(type: RunType, { members, deletedSets }: DuplicatiReport): Counts {
  const count = (name: string) => countIn(members, name)
  if (type === 'delete') return { processedFiles: deletedSets }
  if (type === 'restore') {
    return { processedFiles: count('RestoredFiles'), bytes: count('BackendStatistics.BytesDownloaded') }
  }
  const examined = count('ExaminedFiles')
  const skipped = sumCounts(['FilesWithError', 'NotProcessedFiles', 'TooLargeFiles'].map(count)) ?? 0
  return {
    totalFiles: examined,
    processedFiles: examined === null ? null : Math.max(0, examined - skipped),
    newFiles: count('AddedFiles') === null ? null : sumCounts([count('AddedFiles'), count('ModifiedFiles')]),
    bytes: count('BackendStatistics.BytesUploaded'),
  }
}

type Members = DuplicatiReport['members']

function countIn(members: Members, name: string): number | null {
  const text = members.get(name) ?? ''
  return /^\d{1,16}$/.test(text) ? toCount(Number(text)) : null
}

function countLog({ logLines }: DuplicatiReport, level: string): number {
  return logLines.filter(line => line.includes(`[${level}-`)).length
}

/** ISO 8601 with a zone in JSON; in words a time without a zone, and since 2.0.4 the seconds since 1970 after it. */
function timeIn(members: Members, name: string): LocalTime | null {
  const text = members.get(name) ?? ''
  const zoned = readZonedTime(text)
  if (zoned) return zoned
  const match = /\((\d{1,12})\)$/.exec(text)
  const at = match ? Number(match[1]) * 1_000 : 0
  return at > 0 && at <= lastInstant ? { at, offsetMinutes: 0 } : null
}

function toMessages(report: DuplicatiReport, isFailed: boolean, isPartial: boolean): RunMessage[] {
  const { members, failure, logLines } = report
  const atLevel = (level: RunMessage['level'], name: string) =>
    logLines.filter(line => line.includes(`[${name}-`)).map(text => ({ level, text }))
  const result = members.get('ParsedResult') ?? 'missing'
  const verdict: RunMessage = { level: isFailed ? 'error' : 'warning', text: `ParsedResult is ${result}.` }
  return [
    ...(failure === null ? [] : [{ level: 'error' as const, text: failure }]),
    ...atLevel('error', 'Error'),
    ...atLevel('warning', 'Warning'),
    ...(isPartial ? [{ level: 'warning' as const, text: 'Only a part of the source was backed up.' }] : []),
    ...(result === 'Success' || failure !== null ? [] : [verdict]),
  ]
}
