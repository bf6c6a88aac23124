import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { type BarmanBackup, type BarmanOutput, readBarmanOutput } from './barman-documents.ts'
import { joinPatterns } from './join-patterns.ts'
import { sumCounts, toCount } from './counts.ts'
import { toOutputLines } from './output-lines.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { looking } from './tool-usage.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads Barman 2 and 3, in text and with `-f json`: `backup` is a backup, `recover` and `restore` a restore, `delete` a
 * deletion, checks and lists are maintenance. The answer of `show-backup` after a backup tells its times and bytes; the times
 * of the text carry no zone and are not read. `read` throws `invalid` for a text in which nothing is Barman's.
 * Source: Barman manual; Barman 3.4.0 as run.
 */
export const barman: BackupTool = {
  name: 'barman',
  usage: {
    programs: ['barman'],
    notBackups: { ...looking, recover: 'restore', restore: 'restore', delete: 'delete' },
    debianPackage: 'barman',
    example: { set: 'Cluster', command: "sh -c 'barman backup --wait main && barman -f json show-backup main latest'" },
  },

  recognizes(output) {
    const { lines, backups } = readBarmanOutput(linesOf(output))
    const isCheck = lines.some(line => /^Server \S{1,200}:$/.test(line)) && lines.some(line => postgresCheck.test(line))
    return isCheck || lines.some(line => sureLines.some(sure => sure.test(line))) || backups.some(isShown)
  },

  read(output) {
    const lines = linesOf(output)
    const found = readBarmanOutput(lines)
    const isOwn = found.lines.some(isOwnLine) || found.backups.length > 0 || found.isListing
    if (lines.length > 0 && !isOwn) refuseOutput('barman')
    return toSqlReading(output, toEvidence(found))
  },

  needs(line) {
    if (line.startsWith('{"'))
      return /"(?:_INFO|_WARNING|_ERROR|_EXCEPTION|backup_id|hint)":/.test(line) ? 'each' : null
    return neededLine.test(line) ? 'each' : null
  },
}

const postgresCheck = /^\t(?:PostgreSQL|postgresql): (?:OK|FAILED)\b/
const sureLines = [
  /^Starting backup using \S{1,40} method for server \S{1,200} in /,
  /^Starting (?:local|remote) restore for server \S{1,200} using backup \d{8}T\d{6}$/,
  /^Deleting backup \d{8}T\d{6} for server /,
  /^BARMAN (?:OK|WARNING|CRITICAL|UNKNOWN) - /,
  /^ERROR: Impossible to start the backup\. Check the log for more details, or run 'barman check /,
]

function linesOf({ stdout, stderr }: ToolOutput): string[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)]
}

function isShown({ id, startedAt }: BarmanBackup): boolean {
  return /^\d{8}T\d{6}$/.test(id) && startedAt !== null
}

/** What each command writes when it begins and when it is done; of a script that ran several the first of these counts. */
const commands: readonly { type: RunType; name: RegExp; begins: RegExp; ends: RegExp }[] = [
  { type: 'backup', name: /^backup$/, begins: /^Starting backup using /, ends: /^Backup completed \(/ },
  {
    type: 'restore',
    name: /^(?:recover|restore)$/,
    begins: /^Starting (?:local|remote) restore /,
    ends: /^(?:Recovery|Restore operation) completed \(/,
  },
  { type: 'delete', name: /^delete$/, begins: /^Deleting backup /, ends: /^Deleted backup / },
]

const usage = /^barman ([a-z-]{2,30}): error: /
const trouble = /^(ERROR|EXCEPTION|CRITICAL|WARNING): /
// What a check, a list, `show-backup` and `archive-wal` in text begin with.
const otherLines =
  /^(?:Server \S{1,200}:|BARMAN (?:OK|WARNING|CRITICAL|UNKNOWN) - |\S{1,200} \d{8}T\d{6} - |Backup \d{8}T\d{6}:$|Processing xlog segments |Starting WAL |Creating physical replication slot )/

function isOwnLine(line: string): boolean {
  const isOfCommand = commands.some(({ begins, ends }) => begins.test(line) || ends.test(line))
  return isOfCommand || trouble.test(line) || usage.test(line) || otherLines.test(line)
}

function toEvidence(found: BarmanOutput): SqlEvidence {
  const { lines } = found
  const command = commands.find(({ begins, ends }) => lines.some(line => begins.test(line) || ends.test(line)))
  const type = command?.type ?? typeWithoutCommand(found)
  const shown = type === 'backup' ? madeBackups(found) : found.backups
  const troubles = [...readTroubles(lines), ...failedBackups(shown)]
  const begun = command ? lines.filter(line => command.begins.test(line)).length : 0
  const ended = command ? lines.filter(line => command.ends.test(line)).length : 0
  const isDone = command ? ended >= Math.max(1, begun) : type === 'maintenance'
  return {
    type,
    isDone,
    isStopped: troubles.some(({ text }) => interrupted.test(text)),
    hasFailed: troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: isDone ? null : 'The output does not tell that the backup was completed.',
    notes: waitingNotes(lines, shown),
    ...countsOf(type, lines, shown),
    version: lines.map(line => /^(\d[\w.]{0,20}) Barman by /.exec(line)?.[1]).find(Boolean) ?? null,
  }
}

function typeWithoutCommand({ lines, backups, isListing }: BarmanOutput): RunType {
  const name = lines.map(line => usage.exec(line)?.[1]).find(found => found !== undefined)
  if (name !== undefined) return commands.find(command => command.name.test(name))?.type ?? 'maintenance'
  return isListing || backups.length > 0 || lines.some(line => otherLines.test(line)) ? 'maintenance' : 'backup'
}

/** The backups that are told of and that this output says were made: named by the folder they went to. */
function madeBackups({ lines, backups }: BarmanOutput): BarmanBackup[] {
  const made = new Set(lines.map(line => /^Starting backup using .{1,1000}\/(\d{8}T\d{6})$/.exec(line)?.[1]))
  return backups.filter(({ id }) => made.has(id))
}

const interrupted = /^ERROR: Process interrupted by user/
const waiting = /^WARNING: IMPORTANT: this backup is classified as WAITING_FOR_WALS/
const failedCheck = /^\t[^:]{1,100}: FAILED\b|^ {2}Status {1,40}: FAILED$/

function readTroubles(lines: readonly string[]): Trouble[] {
  const troubles: Trouble[] = []
  let last: Trouble | null = null
  for (const line of lines) {
    if (last && line.startsWith('DETAILS: ')) {
      last.details.push(line)
      continue
    }
    last = null
    const level = levelOf(line)
    if (level === null) continue
    last = { level, text: line, details: [] }
    troubles.push(last)
  }
  return troubles
}

function levelOf(line: string): Trouble['level'] | null {
  if (waiting.test(line)) return null
  if (failedCheck.test(line) || usage.test(line) || /^BARMAN (?:CRITICAL|UNKNOWN) - /.test(line)) return 'error'
  if (line.startsWith('BARMAN WARNING - ')) return 'warning'
  const word = trouble.exec(line)?.[1]
  if (word === undefined) return null
  return word === 'WARNING' ? 'warning' : 'error'
}

function failedBackups(backups: readonly BarmanBackup[]): Trouble[] {
  return backups
    .filter(({ status }) => status === 'FAILED')
    .map(({ id }) => ({ level: 'error', text: `The backup ${id} is FAILED.`, details: [] }))
}

/** A backup is good while the write-ahead log behind it is still on its way; it is worth a remark. */
function waitingNotes(lines: readonly string[], backups: readonly BarmanBackup[]): RunMessage[] {
  const told = lines.filter(line => waiting.test(line))
  const shown = backups.filter(({ status }) => status === 'WAITING_FOR_WALS')
  return [...told, ...shown.map(({ id }) => `The backup ${id} waits for its WAL files.`)].map(text => ({
    level: 'info',
    text,
  }))
}

function countsOf(type: RunType, lines: readonly string[], backups: readonly BarmanBackup[]): Partial<ToolReading> {
  if (type === 'delete') return { processedFiles: lines.filter(line => line.startsWith('Deleted backup ')).length }
  if (type !== 'backup') return {}
  return {
    bytes: sumCounts(backups.map(({ bytes }) => bytes)) ?? sumCounts(lines.map(sizeIn)),
    startedAt: backups[0]?.startedAt ?? null,
    endedAt: backups.at(-1)?.endedAt ?? null,
  }
}

const size =
  /^Backup size: (\d{1,6}(?:\.\d)?) ([KMGTPE]iB|B)(?:\. Actual size on disk: (\d{1,6}(?:\.\d)?) ([KMGTPE]iB|B))?/
const neededLine = joinPatterns([
  usage,
  trouble,
  otherLines,
  failedCheck,
  ...sureLines,
  ...commands.flatMap(({ begins, ends }) => [begins, ends]),
  /^(?:Backup size: |\t(?:PostgreSQL|postgresql): |DETAILS: |\d[\w.]{0,20} Barman by )/,
])
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** What the backup takes in the store, without the files it shares with the one before; Barman rounds it. */
function sizeIn(line: string): number | null {
  const match = size.exec(line)
  if (!match) return null
  const [, whole, wholeUnit, actual = whole, unit = wholeUnit] = match
  return toCount(Math.round(Number(actual) * 1_024 ** units.indexOf(unit ?? '')))
}
