import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { deriveReading } from './derive-reading.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'
import {
  statisticsLines,
  countStatistics,
  noteProblems,
  readSessionStatistics,
  type SessionStatistics,
} from './session-statistics.ts'

/**
 * Reads duplicity 0.8 to 3: the block `Backup Statistics`, the lines around it, and the machine log of `--log-fd` and
 * `--log-file`. A file that could not be read leaves exit status 0 and counts as a warning.
 * Format and exit statuses: duplicity manual page and its log codes; duplicity 0.8.22 as run.
 */
export const duplicity: BackupTool = {
  name: 'duplicity',
  usage: {
    programs: ['duplicity'],
    notBackups: { restore: 'restore', verify: 'maintenance', cleanup: 'delete', 'remove-older-than': 'delete' },
    debianPackage: 'duplicity',
    example: { set: 'Documents', command: 'duplicity --name docs /home file:///srv/backup/docs' },
  },

  recognizes(output) {
    const lines = readLines(output)
    const blocks = readBlocks(lines)
    const isSynchronized = lines.includes('Local and Remote metadata are synchronized, no sync needed.')
    return (
      blocks.some(({ numbers }) => numbers.has('RawDeltaSize') && numbers.has('TotalDestinationSizeChange')) ||
      (isSynchronized && lines.some(line => line.startsWith('Last full backup date: ')))
    )
  },

  read(output) {
    const lines = readLines(output)
    const blocks = readBlocks(lines)
    const real = blocks.filter(block => !isDryRun(block))
    const command = findCommand(lines, blocks)
    const items = [...new Set(lines.filter(line => itemLines.some(pattern => pattern.test(line))))]
    const causes = lines.filter(line => causeLines.some(pattern => pattern.test(line)))
    const { problems, ...counts } = countStatistics(command.type === 'backup' ? real : [])
    const isTraced = lines.includes('Traceback (most recent call last):')
    return deriveReading(output, {
      ...counts,
      type: command.type,
      processedFiles: command.type === 'delete' ? countDeleted(lines) : counts.processedFiles,
      isClosed: command.isClosed,
      ended: isTraced ? 'crashed' : causes.length > 0 && !command.isClosed ? 'failed' : null,
      problems: Math.max(problems, items.length) + (command.isClosed ? causes.length : 0),
      messages: [...toMessages(items, causes, lines), ...noteProblems(problems, items.length)],
      lastWords: lines.slice(-3),
      silence: silences[command.type],
      version: lines.map(line => /^duplicity (\d[\w.]{0,30})$/.exec(line)?.[1]).find(Boolean) ?? null,
    })
  },

  needs(text) {
    const line = toLine(text)
    if (neededLine.test(line)) return 'each'
    return commandLine.test(line)
      ? `newest command ${commandLines.findIndex(({ pattern }) => pattern.test(line))}`
      : null
  },
}

const header = /^-{5,40}\[ Backup Statistics \]-{5,40}$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/

/** The lines of both streams. In the machine log a line for people begins with a dot and a blank. */
function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines).map(toLine)
}

function toLine(text: string): string {
  return text.startsWith('. ') ? text.slice(2) : text
}

function readBlocks(lines: readonly string[]): SessionStatistics[] {
  return readSessionStatistics(lines, header)
}

/** A dry run prints all numbers of a backup; but even an unchanged source is written as a small volume. */
function isDryRun({ numbers }: SessionStatistics): boolean {
  return numbers.get('TotalDestinationSizeChange') === 0
}

type Command = { type: RunType; isClosed: boolean }

/** The lines that only one command writes, the strongest first: of a script that ran several, the backup counts. */
const commandLines: readonly { type: RunType; isClosed: boolean; pattern: RegExp }[] = [
  { type: 'restore', isClosed: false, pattern: /^(?:Main action: restore$|Restore destination directory )/ },
  { type: 'restore', isClosed: false, pattern: / not found in archive - no files restored\.$/ },
  { type: 'maintenance', isClosed: true, pattern: /^Verify complete: \d+ files? compared, 0 differences found\.$/ },
  { type: 'maintenance', isClosed: false, pattern: /^Verify complete: \d+ files? compared, / },
  { type: 'delete', isClosed: true, pattern: /^No (?:old backup sets|extraneous files) found, nothing deleted/ },
  { type: 'delete', isClosed: true, pattern: /^Rerun command with --force option to actually delete\.$/ },
  { type: 'delete', isClosed: false, pattern: /^Deleting (?:backup chains?|incremental backup sets?|these files)\b/ },
  { type: 'delete', isClosed: false, pattern: /^Main action: (?:remove-|cleanup)/ },
  { type: 'maintenance', isClosed: false, pattern: /^Main action: (?!inc|full|backup)/ },
  { type: 'maintenance', isClosed: true, pattern: /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \S/ },
]
const collectionStatus = /^No orphaned or incomplete backup sets found\.$/

function findCommand(lines: readonly string[], blocks: readonly SessionStatistics[]): Command {
  if (blocks.some(block => !isDryRun(block))) return { type: 'backup', isClosed: true }
  if (blocks.length > 0) return { type: 'maintenance', isClosed: true }
  if (lines.some(line => /^Main action: (?:inc|full|backup)/.test(line))) return findSilentBackup(lines)
  const rule = commandLines.find(({ pattern }) => lines.some(line => pattern.test(line)))
  if (rule) return { type: rule.type, isClosed: rule.isClosed }
  const isStatus = lines.includes('Collection Status') && lines.some(line => collectionStatus.test(line))
  return isStatus ? { type: 'maintenance', isClosed: true } : { type: 'backup', isClosed: false }
}

/** A backup with `--no-print-statistics` that says at the level `info` what it does. */
function findSilentBackup(lines: readonly string[]): Command {
  const isDry = lines.some(line => line.startsWith('Args: ') && line.includes(' --dry-run'))
  return { type: isDry ? 'maintenance' : 'backup', isClosed: lines.some(line => /^Processed volume \d+/.test(line)) }
}

const silences: Record<RunType, string | null> = {
  backup: 'The output does not tell what was backed up: run duplicity without --no-print-statistics.',
  restore: null,
  delete: null,
  maintenance: null,
}

/** How many backup chains or sets were deleted: their times are listed below a heading. */
function countDeleted(lines: readonly string[]): number | null {
  if (lines.some(line => line.startsWith('Rerun command with --force option to actually delete'))) return 0
  const heading = lines.findIndex(line =>
    /^Deleting (?:backup chains?|incremental backup sets?) at times?:$/.test(line),
  )
  if (heading === -1) return lines.some(line => line.includes(' found, nothing deleted')) ? 0 : null
  const rest = lines.slice(heading + 1)
  const end = rest.findIndex(line => !asctime.test(line))
  return (end === -1 ? rest.length : end) || null
}

/** Files and directories that a backup could not read. */
const itemLines = [/^Error (?:accessing|initializing|listing|reading|processing|opening) /, /^Error \[Errno \d+\] /]

/** Lines that say why a command failed. */
const causeLines = [
  /^(?:Fatal Error|Command line error|GPGError|BackendException|UserError)\b/,
  /^Giving up after \d+ attempts?\./,
  /^Backup source (?:directory|path) .* does not exist\.$/,
  /^Another duplicity instance is already running/,
  /^Restore destination directory .* already exists\.$/,
  / not found in archive - no files restored\.$/,
  /^ERROR \d+ /,
  /^gpg: .*(?:failed|error|No secret key|No such)/,
  /^(?:\w+\.)*(?:[A-Z]\w*Error|[A-Z]\w*Exception): /,
]

/** Single lines that are looked for, and the times below a heading. */
const otherLines = [
  asctime,
  collectionStatus,
  /^(?:Main action|Args): /,
  /^Processed volume \d/,
  /^(?:Collection Status|Traceback \(most recent call last\):|Local and Remote metadata are synchronized, no sync needed\.)$/,
  /^(?:Last full backup date: |Rerun command with --force |Deleting )/,
  / found, nothing deleted/,
  /^duplicity \d[\w.]{0,30}$/,
]

const neededLine = joinPatterns([header, ...statisticsLines, ...otherLines, ...itemLines, ...causeLines])
const commandLine = joinPatterns(commandLines.map(({ pattern }) => pattern))

function toMessages(items: readonly string[], causes: readonly string[], lines: readonly string[]): RunMessage[] {
  const notes = lines.filter(line => /^(?:Difference found: |Rerun command with --force )/.test(line))
  return [
    ...causes.map(text => ({ level: 'error' as const, text })),
    ...items.map(text => ({ level: 'warning' as const, text })),
    ...notes.map(text => ({ level: 'warning' as const, text })),
  ]
}
