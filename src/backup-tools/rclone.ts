import type { RunCounts, RunMessage, RunType } from '../domain/run.ts'
import { isAppError } from '../domain/app-error.ts'
import { type LocalTime, parseLocalTime } from '../domain/local-time.ts'
import type { BackupTool, LineNeed, ToolOutput } from './backup-tool.ts'
import { isJsonObject } from './json-text.ts'
import { isDryRunLine, type RcloneLine, readRcloneLine, readRcloneLines, toEntryText } from './rclone-lines.ts'
import { isStatsText, type RcloneStats, readRcloneStats, sumRcloneStats, statsKindOf } from './rclone-stats.ts'
import { toRunMessages } from './run-messages.ts'
import { looking } from './tool-usage.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads rclone 1.5x to 1.7x: the entries of `--use-json-log`, whose `stats` tell the numbers, and the log in text. What
 * counts is `stats.errors`, never the level: the statistics themselves are written as a warning. rclone prints nothing
 * after a success unless it is asked to, so silence with exit status 0 is a success of which nothing else is known.
 * Format and exit codes: rclone documentation, "Logging" and "Exit code"; rclone 1.60.1 as run.
 */
export const rclone: BackupTool = {
  name: 'rclone',
  usage: {
    programs: ['rclone'],
    notBackups: { ...looking, delete: 'delete', purge: 'delete', ls: 'maintenance' },
    debianPackage: 'rclone',
    example: {
      set: 'Documents',
      command: 'rclone sync --use-json-log -v --stats 1m --stats-log-level NOTICE /home nas:home',
    },
    successes: [0, 9],
  },

  recognizes(output) {
    return isRcloneOutput(readRcloneLines(output))
  },

  read(output) {
    const lines = readRcloneLines(output)
    const runs = readRcloneStats(lines)
    const type = typeOf(lines, runs)
    const problems = readProblems(lines, runs)
    const end = readToolEnd(output, {
      tool: 'rclone',
      statuses,
      said: lines.some(line => line.level === 'fatal') ? ['failure'] : [],
      isClosed: runs.length > 0,
      isOwn: lines.some(isOwnLine),
    })
    return {
      type,
      plugin: 'file',
      state: end.state,
      ...readTimes(lines),
      ...countsOf(type, lines, runs, problems.attempts, output),
      ...toTally(end, { errors: countedErrors(end, problems), warnings: 0 }),
      messages: toMessages(end, lines, problems),
      version: versionIn(lines),
    }
  },

  needs(text) {
    if (!text.startsWith('{') && !neededText.test(text)) return null
    const line = readRcloneLine(text)
    if (line.level === 'error' || line.level === 'fatal') return 'each'
    if (line.record && Object.hasOwn(line.record, 'stats')) return 'newest stats'
    const kind = line.words.map(statsKindOf).find(kind => kind !== null)
    if (kind !== undefined) return `newest ${kind}`
    if (isDryRunLine(line)) return 'newest dry run'
    return tellingTexts.find(({ pattern }) => anySays([line], pattern))?.need ?? null
  },
}

const tellingTexts: readonly { pattern: RegExp; need: LineNeed }[] = [
  { pattern: /^(?:.*: )?\d+ (?:differences found|matching files)$|^There was nothing to transfer$/, need: 'each' },
  { pattern: /^(?:.*: )?Server side directory move succeeded$|^rclone(?: v|: Version "v)\d|^Failed to /, need: 'each' },
  { pattern: /^(?:.*: )?(?:Copied|Moved|Updated) ?\(/, need: 'newest copied' },
  { pattern: /^(?:.*: )?Deleted$/, need: 'newest deleted' },
]

/** Text that tells something, wherever it stands in the line. */
const neededText =
  /^(?:Transferred|Checks|Deleted|Errors|Elapsed time): |^rclone[ :]|^Failed to |ETA |\/\d\d:? .{0,30}(?:ERROR|CRITICAL|ALERT|EMERGENCY|NOTICE|Failed to |Fatal error: )|^(?:Error|Command) |: (?:Deleted$|Copied|Moved|Updated)|differences found$|matching files$|nothing to transfer$|directory move succeeded$|dry-run is set|Attempt \d|Version "v/

const transferLimit = 8
const nothingTransferred = 9
const durationLimit = 10
const statuses = new Map<number, Verdict>([
  [transferLimit, 'canceled'],
  [nothingTransferred, 'success'],
  [durationLimit, 'canceled'],
])

type Problems = {
  /** How often the command was tried. */
  attempts: number
  errors: number
  /** The errors that are left when the last attempt did not put them right. */
  unsettled: number
}

const attempt = /^Attempt (\d+)\/\d+ (failed|succeeded)\b/

function readProblems(lines: readonly RcloneLine[], runs: readonly RcloneStats[]): Problems {
  const tried = lines.flatMap(line => line.words.map(text => attempt.exec(text)).filter(match => match !== null))
  const stated = runs.reduce((sum, run) => sum + (run.errors ?? 0), 0)
  const logged = new Set(lines.filter(line => line.level === 'error' && !isAttempt(line)).map(toEntryText)).size
  const errors = stated || logged
  return {
    attempts: tried.reduce((most, match) => Math.max(most, Number(match[1])), 1),
    errors,
    unsettled: stated === 0 && tried.at(-1)?.[2] === 'succeeded' ? 0 : errors,
  }
}

/** What stopped a run is logged as an error, too. */
function countedErrors({ state }: ToolEnd, { errors, unsettled }: Problems): number {
  if (state === 'canceled') return 0
  return state === 'failed' ? errors : unsettled
}

function isAttempt({ words }: RcloneLine): boolean {
  return words.some(text => attempt.test(text) || text.startsWith('not deleting '))
}

function anySays(lines: readonly RcloneLine[], pattern: RegExp): boolean {
  return lines.some(line => line.words.some(text => pattern.test(text)))
}

/** rclone does not name its command: only what it wrote about its work tells. */
function typeOf(lines: readonly RcloneLine[], runs: readonly RcloneStats[]): RunType {
  if (lines.some(isDryRunLine)) return 'maintenance'
  if (
    anySays(lines, /^(?:.*: )?\d+ (?:differences found|matching files)$|^Failed to (?:check|cryptcheck|list|ls|size)\b/)
  )
    return 'maintenance'
  if (anySays(lines, /^Failed to (?:delete|purge|cleanup|rmdirs?)\b/)) return 'delete'
  if (anySays(lines, /^There was nothing to transfer$|^(?:.*: )?(?:Copied|Moved|Updated) ?\(|^Failed to /))
    return 'backup'
  if (runs.length === 0) {
    if (anySays(lines, /^(?:.*: )?Deleted$/)) return 'delete'
    return anySays(lines, /^rclone v\d/) ? 'maintenance' : 'backup'
  }
  // A sync that deletes has also looked at files that it keeps.
  const deletes = ({ deleted, totalTransfers, checks }: RcloneStats) =>
    (deleted ?? 0) > 0 && totalTransfers === 0 && (checks ?? 0) <= (deleted ?? 0)
  return runs.every(deletes) ? 'delete' : 'backup'
}

const unknown: RunCounts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

function countsOf(
  type: RunType,
  lines: readonly RcloneLine[],
  runs: readonly RcloneStats[],
  attempts: number,
  { exitStatus, isCut }: ToolOutput,
): RunCounts {
  if (type === 'delete')
    return { ...unknown, processedFiles: isCut && runs.length === 0 ? null : deletedIn(lines, runs) }
  if (type === 'maintenance') return unknown
  const counts = sumRcloneStats(runs, attempts)
  // A whole directory was moved: its files were not counted.
  if (anySays(lines, /^(?:.*: )?Server side directory move succeeded$/))
    return { ...unknown, bytes: counts.bytes || null }
  const isNothingNew = exitStatus === nothingTransferred || anySays(lines, /^There was nothing to transfer$/)
  return counts.newFiles === null && isNothingNew ? { ...counts, newFiles: 0 } : counts
}

function deletedIn(lines: readonly RcloneLine[], runs: readonly RcloneStats[]): number | null {
  if (runs.length > 0)
    return runs.reduce<number | null>((sum, run) => (run.deleted === null ? sum : (sum ?? 0) + run.deleted), null)
  const deleted = lines.filter(line => line.words.some(text => /^(?:.*: )?Deleted$/.test(text))).length
  return deleted === 0 ? null : deleted
}

/** The times of the first and the last entry; entries in text have local times of an unknown zone. */
function readTimes(lines: readonly RcloneLine[]): { startedAt: LocalTime | null; endedAt: LocalTime | null } {
  const records = lines.map(line => line.record).filter(record => record !== null)
  return { startedAt: readTime(records[0]?.['time']), endedAt: readTime(records.at(-1)?.['time']) }
}

function readTime(value: unknown): LocalTime | null {
  if (typeof value !== 'string' || !/(?:[Zz]|[+-]\d\d:\d\d)$/.test(value)) return null
  try {
    return parseLocalTime(value, 'UTC', 'The time')
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

function isOwnLine(line: RcloneLine): boolean {
  return line.level !== null || line.words.some(text => isStatsText(text) || /^rclone v\d/.test(text))
}

/** Whether `lines` are surely rclone's: its statistics, an entry that names an object of it, or its own last line. */
function isRcloneOutput(lines: readonly RcloneLine[]): boolean {
  const isOwnRecord = ({ record }: RcloneLine) => {
    const stats = record?.['stats']
    const hasStats =
      isJsonObject(stats) && Object.hasOwn(stats, 'totalChecks') && Object.hasOwn(stats, 'totalTransfers')
    return hasStats || (typeof record?.['objectType'] === 'string' && /^\S+\.go:\d+$/.test(String(record['source'])))
  }
  const hasBlock = anySays(lines, /^Transferred: +\t? *[\d.]+ ?[\w]* \/ .*, ETA /) && anySays(lines, /^Elapsed time: /)
  return (
    lines.some(isOwnRecord) ||
    hasBlock ||
    lines.some(line => line.level === 'fatal' && anySays([line], /^Failed to create file system for "/))
  )
}

function toMessages(end: ToolEnd, lines: readonly RcloneLine[], { unsettled }: Problems): RunMessage[] {
  const isQuiet = end.state === 'finished' && unsettled === 0
  const told = lines.filter(line => line.level === 'fatal' || line.level === 'error')
  const level = end.state === 'failed' ? 'error' : 'warning'
  return toRunMessages([
    ...told.filter(line => line.level === 'fatal').map(line => ({ level, text: toEntryText(line) }) as const),
    ...told
      .filter(line => !isAttempt(line))
      .map(line => ({ level: isQuiet ? 'info' : level, text: toEntryText(line) }) as const),
    ...toEndMessages(end, told.length),
    ...told.filter(isAttempt).map(line => ({ level: isQuiet ? 'info' : level, text: toEntryText(line) }) as const),
    ...lines.filter(isNote).map(line => ({ level: 'info', text: toEntryText(line) }) as const),
  ])
}

/** A notice that is neither the statistics nor one of the many of a dry run. */
function isNote(line: RcloneLine): boolean {
  return line.level === 'notice' && !isDryRunLine(line) && !line.words.some(isStatsText)
}

function versionIn(lines: readonly RcloneLine[]): string | null {
  for (const text of lines.flatMap(line => line.words)) {
    const match =
      /^rclone v(\d+\.\d+[\w.-]*)/.exec(text) ?? /^rclone: Version "v(\d+\.\d+[\w.-]*)" starting\b/.exec(text)
    if (match?.[1] !== undefined) return match[1]
  }
  return null
}
