import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { deriveReading } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { joinPatterns } from './join-patterns.ts'

/**
 * Reads dar 2.5 to 2.7 by the block of numbers at the end. Exit status 5 means that some files could not be saved, and 11
 * that some changed meanwhile: the archive is made. With 4 somebody gave up: a signal, or a question that nobody was there
 * to answer, which is a failure. A dry run (`-e`) cannot be told from a backup: its output is the same.
 * Format: dar manual page, "Exit codes" and "Signals"; dar 2.7.8 as run.
 */
export const dar: BackupTool = {
  name: 'dar',
  usage: {
    programs: ['dar'],
    debianPackage: 'dar',
    example: { set: 'Documents', command: 'dar -c /srv/backup/home -R /home -Q' },
    warnings: [5, 11],
  },

  recognizes(output) {
    const lines = readLines(output)
    return blockLines.some(patterns => patterns.every(pattern => lines.some(line => pattern.test(line))))
  },

  read(output) {
    const lines = readLines(output)
    const command = findCommand(lines)
    const items = [...new Set(lines.filter(line => itemLine.test(line)))]
    const causes = lines.filter(line => causeLine.test(line))
    const isOwn = command.isClosed || items.length > 0 || lines.some(line => line.startsWith('WARNING! File modified '))
    const isStopped = lines.some(line => /^Received signal: \d/.test(line))
    const failed = sumOf(lines, [failedToSave, failedToRestore, wrong]) ?? 0
    const changed = sumOf(lines, [changedMeanwhile]) ?? 0
    const isFailed = causes.length > 0 && !command.isClosed
    return deriveReading(output, {
      ...toCounts(lines, command.type),
      ...command,
      // Stopped, dar still completes an archive of what it has saved so far.
      ended: isStopped ? 'canceled' : isFailed ? 'failed' : null,
      // A comparison or a test that ends with 5 has found what it looked for: it has failed.
      partials: isOwn && command.type !== 'maintenance' ? [someNotSaved, someChanged] : [],
      problems: Math.max(items.length, failed) + (command.isClosed ? causes.length : 0),
      warnings: changed,
      messages: toMessages(items, causes, isStopped),
      lastWords: lines.slice(-3),
      silence: 'The output does not tell what was saved: run dar without -q.',
      version: lines.map(line => /^ ?dar version (\d[\w.]{0,30}),/.exec(line)?.[1]).find(Boolean) ?? null,
    })
  },

  needs(line) {
    if (neededLine.test(line)) return 'each'
    return line.startsWith('[Data ][D][') ? 'newest listed' : null
  },
}

const someNotSaved = 5
const someChanged = 11

const considered = /^ Total number of inode\(s\) considered: (\d{1,15})$/
const saved = /^ (\d{1,15}) inode\(s\) saved$/
const notNew = /^ (\d{1,15}) inode\(s\) not saved \(no inode\/file change\)$/
const onlyMetadata = /^ (\d{1,15}) inode\(s\) with only metadata changed$/
const ignored = /^ (\d{1,15}) inode\(s\) ignored \(excluded by filters\)$/
const gone = /^ (\d{1,15}) inode\(s\) recorded as deleted from reference backup$/
const failedToSave = /^ (\d{1,15}) inode\(s\) failed to be saved \(filesystem error\)$/
const changedMeanwhile = /^ (\d{1,15}) inode\(s\) changed at the moment of the backup/
const restored = /^ (\d{1,15}) inode\(s\) restored$/
const failedToRestore = /^ (\d{1,15}) inode\(s\) failed to restore \(filesystem error\)$/
const treated = /^ (\d{1,15}) item\(s\) treated$/
const itemsConsidered = /^ Total number of items considered: (\d{1,15})$/
const wrong = /^ (\d{1,15}) item\(s\) (?:with error|do not match those on filesystem)$/
const merged = /^ (\d{1,15}) inode\(s\) added to archive$/

/** The lines that only dar writes together. */
const blockLines = [
  [saved, considered],
  [restored, considered],
  [treated, itemsConsidered],
  [merged, considered],
]

/** Commands by what only they write, the strongest first: of a script that ran several, the backup counts. */
const commands: readonly { type: RunType; tells: RegExp; closes: RegExp }[] = [
  { type: 'backup', tells: saved, closes: considered },
  { type: 'restore', tells: restored, closes: considered },
  { type: 'maintenance', tells: treated, closes: itemsConsidered },
  { type: 'maintenance', tells: merged, closes: considered },
  { type: 'maintenance', tells: /^\[Data \]\[D\]\[/, closes: /^\[Data \]\[D\]\[/ },
  { type: 'maintenance', tells: /^ dar version \d/, closes: /^ dar version \d/ },
]

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines)
}

function findCommand(lines: readonly string[]): { type: RunType; isClosed: boolean } {
  const command = commands.find(({ tells }) => lines.some(line => tells.test(line)))
  if (!command) return { type: 'backup', isClosed: false }
  return { type: command.type, isClosed: lines.some(line => command.closes.test(line)) }
}

function sumOf(lines: readonly string[], patterns: readonly RegExp[]): number | null {
  const matches = lines.flatMap(line => patterns.map(pattern => pattern.exec(line)?.[1]))
  return sumCounts(matches.map(count => (count === undefined ? null : toCount(Number(count)))))
}

type Counts = Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>

/**
 * What filters exclude is no part of the source, nor is what was there at the last backup. dar counts directories and
 * links, too, and no bytes.
 */
function toCounts(lines: readonly string[], type: RunType): Counts {
  const none = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }
  if (type === 'restore') {
    return { ...none, totalFiles: sumOf(lines, [considered]), processedFiles: sumOf(lines, [restored]) }
  }
  if (type !== 'backup') return none
  const [stored, unchanged] = [sumOf(lines, [saved, onlyMetadata]), sumOf(lines, [notNew])]
  const all = sumOf(lines, [considered])
  const excluded = sumOf(lines, [ignored, gone]) ?? 0
  return {
    ...none,
    totalFiles: all === null ? null : Math.max(0, all - excluded),
    processedFiles: stored === null ? null : sumCounts([stored, unchanged]),
    newFiles: stored,
  }
}

/** Items that could not be saved, restored or compared; dar writes them to the standard output. */
const itemLine = /^(?:Error while (?:saving|restoring|comparing|testing|treating) |DIFF \/|.{1,4000} not restored: )/

const causeLine =
  /^(?:FATAL error, aborting operation: |Parse error: |Aborting program\. |INTERNAL ERROR|Some file comparisons failed|Program has been aborted for the following reason: )/

const blockLine = /^ (?:Total number of |\d{1,15} (?:inode|item)\(s\) )/
const otherLine = /^(?:WARNING! File modified |Received signal: \d| ?dar version )/
const neededLine = joinPatterns([blockLine, causeLine, otherLine, / not restored: /, /^(?:Error while |DIFF \/)/])

function toMessages(items: readonly string[], causes: readonly string[], isStopped: boolean): RunMessage[] {
  const level = isStopped ? ('warning' as const) : ('error' as const)
  return [...causes.map(text => ({ level, text })), ...items.map(text => ({ level: 'warning' as const, text }))]
}
