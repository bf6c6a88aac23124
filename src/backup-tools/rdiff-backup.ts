import type { RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { deriveReading } from './derive-reading.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'
import { looking } from './tool-usage.ts'
import {
  statisticsLines,
  countStatistics,
  noteProblems,
  readSessionStatistics,
  type SessionStatistics,
} from './session-statistics.ts'

/**
 * Reads rdiff-backup 2.0 to 2.2 and later: the block `Session statistics` of `--print-statistics`, and the lines
 * `NOTE`, `WARNING` and `ERROR`. A file that could not be read leaves exit status 0 and counts as a warning.
 * Format and exit statuses: rdiff-backup manual page, "Return codes"; rdiff-backup 2.2.2 as run.
 */
export const rdiffBackup: BackupTool = {
  name: 'rdiff-backup',
  usage: {
    programs: ['rdiff-backup'],
    notBackups: { ...looking, restore: 'restore', verify: 'maintenance' },
    debianPackage: 'rdiff-backup',
    example: { set: 'Documents', command: 'rdiff-backup backup --print-statistics /home /srv/backup/home' },
    warnings: [2, 4, 6, 8, 10, 12, 14],
  },

  recognizes(output) {
    const lines = readLines(output)
    return (
      readBlocks(lines).some(({ numbers }) => numbers.has('MirrorFiles') && numbers.has('IncrementFiles')) ||
      lines.some(line => startLine.test(line))
    )
  },

  read(output) {
    const lines = readLines(output)
    const blocks = readBlocks(lines)
    const command = findCommand(lines, blocks)
    const items = [...new Set(lines.filter(line => itemLine.test(line)))]
    const warned = lines.filter(line => /^WARNING: +\S/.test(line) && !itemLine.test(line) && !isHarmless(line))
    const causes = lines.filter(line => causeLine.test(line))
    const { problems, ...counts } = countStatistics(command.type === 'backup' ? blocks : [])
    return deriveReading(output, {
      ...counts,
      type: command.type,
      processedFiles: command.type === 'delete' ? countDeleted(lines) : counts.processedFiles,
      isClosed: command.isClosed,
      ended: endedIn(lines, causes, command),
      partials: command.isKnown ? warningStatuses : [],
      problems: Math.max(problems, items.length) + (command.isClosed ? causes.length : 0),
      warnings: warned.length,
      messages: [
        ...causes.map(text => ({ level: 'error' as const, text })),
        ...[...items, ...warned].map(text => ({ level: 'warning' as const, text })),
        ...noteProblems(problems, items.length),
      ],
      lastWords: lines.slice(-3),
      silence: command.isKnown
        ? null
        : 'The output does not tell what was done: add --print-statistics to rdiff-backup backup.',
      version: versionIn(lines),
    })
  },

  needs(line) {
    return neededLine.test(line) ? 'each' : null
  },
}

const header = /^-{5,40}\[ Session statistics \]-{5,40}$/
const startLine =
  /^(?:NOTE: +|\* +)?Starting (?:mirror|increment operation|increment|backup operation) from source path /

/** Exit statuses are bits: 1 failed, 2 warnings, 4 errors with single files, 8 warnings of single files. */
const warningStatuses = [2, 4, 6, 8, 10, 12, 14]

/** The lines of both streams; those that version 201 of its interface wraps at 80 columns are joined again. */
function readLines({ stdout, stderr }: ToolOutput): string[] {
  const lines: string[] = []
  for (const line of [stdout, stderr].flatMap(toOutputLines)) {
    const isContinued = /^ {9}\S/.test(line) && /^(?:NOTE|WARNING|ERROR): /.test(lines.at(-1) ?? '')
    if (isContinued) lines.push(`${lines.pop()} ${line.trimStart()}`)
    else lines.push(line)
  }
  return lines
}

function readBlocks(lines: readonly string[]): SessionStatistics[] {
  return readSessionStatistics(lines, header)
}

type Command = { type: RunType; isKnown: boolean; isClosed: boolean }

/** The lines that only one command writes, the strongest first: of a script that ran several, the backup counts. */
const commandLines: readonly { type: RunType; isClosed: boolean; pattern: RegExp }[] = [
  { type: 'backup', isClosed: false, pattern: startLine },
  { type: 'backup', isClosed: false, pattern: /^(?:ERROR|WARNING): +Action backup /i },
  { type: 'restore', isClosed: true, pattern: /^(?:NOTE: +|\* +)?Restore successfully finished/ },
  { type: 'restore', isClosed: false, pattern: /^(?:NOTE: +|\* +)?Starting restore of / },
  { type: 'restore', isClosed: false, pattern: /^(?:ERROR|WARNING): +Action restore /i },
  { type: 'delete', isClosed: true, pattern: /^NOTE: +Deleting increments? at dates?\/times?:/ },
  { type: 'delete', isClosed: true, pattern: /^NOTE: +No increments older than .{1,60} found, exiting\.$/ },
  { type: 'delete', isClosed: false, pattern: /^(?:ERROR|WARNING): +Action (?:remove|delete) /i },
  { type: 'maintenance', isClosed: true, pattern: /^NOTE: +All files verified successfully$/ },
  { type: 'maintenance', isClosed: true, pattern: /^(?:Found \d+ increments:|-{5,40}\[ Average of \d+ stat files \])/ },
  { type: 'maintenance', isClosed: true, pattern: /^NOTE: +Given repository doesn't need to be regressed$/ },
  { type: 'maintenance', isClosed: false, pattern: /^(?:ERROR|WARNING): +Action \w+ /i },
]

function findCommand(lines: readonly string[], blocks: readonly SessionStatistics[]): Command {
  if (blocks.length > 0) return { type: 'backup', isKnown: true, isClosed: true }
  const rule = commandLines.find(({ pattern }) => lines.some(line => pattern.test(line)))
  if (!rule) return { type: 'backup', isKnown: false, isClosed: false }
  return { type: rule.type, isKnown: true, isClosed: rule.isClosed }
}

/** A Python trace says by its last line whether a signal caused it. */
function endedIn(lines: readonly string[], causes: readonly string[], { isClosed }: Command) {
  if (lines.some(line => /^(?:[\w.]{1,80}\.)?SignalException: \d+$|^KeyboardInterrupt$/.test(line))) return 'canceled'
  if (lines.includes('Traceback (most recent call last):')) return 'crashed'
  return causes.length > 0 && !isClosed ? 'failed' : null
}

/** How many increments were removed: their times are listed below a heading. */
function countDeleted(lines: readonly string[]): number | null {
  const heading = lines.findIndex(line => /^NOTE: +Deleting increments? at dates?\/times?:/.test(line))
  if (heading === -1) return lines.some(line => /^NOTE: +No increments older than /.test(line)) ? 0 : null
  const below = /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/g
  return [...lines.slice(heading).join(' ').matchAll(below)].length || null
}

/** Files and directories that a backup could not read or store. */
const itemLine =
  /^(?:WARNING: +)?(?:ListError|UpdateError|SpecialFileError|DeleteError|FsyncError|Error|UnlinkError|ReadError): ?'/

/** Lines that say why a command failed. */
const causeLine =
  /^(?:ERROR: +\S|Fatal Error: |Exception: |rdiff-backup: error: |(?:[a-z_]\w{0,40}\.){0,6}[A-Z]\w{0,40}(?:Error|Exception): (?!'))/

/** Other lines that are looked for, the times below a heading, and what is wrapped. */
const otherLines = [
  header,
  itemLine,
  causeLine,
  /^WARNING: +\S/,
  /^(?:[\w.]{1,80}\.)?SignalException: \d+$|^KeyboardInterrupt$/,
  /^Traceback \(most recent call last\):$/,
  /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/,
  /^ {9}\S/,
]

const neededLine = joinPatterns([
  ...statisticsLines,
  ...otherLines,
  ...commandLines.map(({ pattern }) => pattern),
  /^rdiff-backup \d|rdiff-backup==\d/,
])

/** The old command line of 2.0 is deprecated in 2.2, which says nothing about the backup. */
function isHarmless(line: string): boolean {
  return line.includes('this command line interface is deprecated')
}

function versionIn(lines: readonly string[]): string | null {
  const versions = lines.map(
    line => /^rdiff-backup (\d[\w.+]{0,30})$/.exec(line) ?? /rdiff-backup==(\d[\w.+]{0,30})'/.exec(line),
  )
  return versions.find(Boolean)?.[1] ?? null
}
