import type { RunCounts, RunMessage } from '../domain/run.ts'
import type { BackupTool, LineNeed, ToolOutput, ToolReading } from './backup-tool.ts'
import { type BorgCommand, readBorgCommand } from './borg-commands.ts'
import { readBorgTimes, readCreateCounts, readDeleteCounts, readExtractCounts } from './borg-counts.ts'
import { archiveOf, type BorgLine, readBorgLine, readBorgLines, says } from './borg-lines.ts'
import { joinPatterns } from './join-patterns.ts'
import { isLaidOutJson } from './json-documents.ts'
import { type BorgTroubles, borgTroublePatterns, isBorgTroubleText, readBorgTroubles } from './borg-troubles.ts'
import { toRunMessages } from './run-messages.ts'
import { exitStatuses, looking, removing } from './tool-usage.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTallyByLevel, type Verdict } from './verdict.ts'

/**
 * Reads borg 1.1 to 1.4: `borg create --json --log-json` (a document on stdout, one record a line on stderr), its plain
 * text, and its other commands. borg prints nothing after a success unless it is asked to, so silence with exit status 0
 * is a success of which nothing else is known.
 * Format and exit codes: borg manual, "All about JSON" and "Return codes"; borg 1.2.4 as run.
 */
export const borg: BackupTool = {
  name: 'borg',
  usage: {
    programs: ['borg'],
    notBackups: { ...removing, ...looking, extract: 'restore', compact: 'maintenance', diff: 'maintenance' },
    debianPackage: 'borgbackup',
    example: { set: 'Documents', command: 'borg create --json --log-json --show-rc /srv/backup/borg::{now} /home' },
    warnings: [1, ...exitStatuses(100, 123), 125],
  },

  recognizes(output) {
    return isBorgOutput(readBorgLines(output), output)
  },

  read(output) {
    const lines = readBorgLines(output)
    const { command, type } = readBorgCommand(lines)
    const troubles = readBorgTroubles(lines)
    const end = readToolEnd(output, {
      tool: 'borg',
      statuses,
      said: [...troubles.said, ...saidByCheck(command, troubles)],
      isClosed: command === 'create',
      isOwn: lines.some(isOwnLine),
    })
    return {
      type,
      plugin: 'file',
      state: end.state,
      ...readBorgTimes(lines),
      ...readBorgCounts(type, lines, troubles, output.isCut ?? false),
      ...toTallyByLevel(end, { errors: troubles.errors.length, warnings: troubles.warnings.length }),
      messages: toMessages(end, troubles, lines),
      version: versionIn(lines),
    }
  },

  needs(line) {
    if (isLaidOutJson(line)) return 'each'
    if (line.startsWith('{') || line.startsWith('[')) {
      return readBorgLine(line).reduce<LineNeed | null>((need, piece) => need ?? needOf(piece), null)
    }
    if (/^[EC] .*\//.test(line) || neededText.test(line)) return 'each'
    return listedText.test(line) ? 'newest listed' : null
  },
}

/** What is listed is needed where it tells of a file that was not stored as it should be. */
function needOf(piece: BorgLine): LineNeed | null {
  if (piece.status) return piece.status.letter === 'E' || piece.status.letter === 'C' ? 'each' : 'newest listed'
  if (piece.kind === 'document') return archiveOf(piece) === null ? 'newest document' : 'each'
  if (piece.kind === 'text') return neededText.test(piece.text) ? 'each' : null
  const { type, name, levelname } = piece.record
  if (type !== 'log_message' || levelname === 'DEBUG') return `newest ${String(type)}`
  return name === 'borg.output.list' && !piece.words.some(words => neededText.test(words)) ? 'newest listed' : 'each'
}

/**
 * 1 and, since 1.4.0 with BORG_EXIT_CODES=modern, 100 to 127: the archive was made. 3 is a person who cancelled. 124, 126
 * and 127 mean something else to every shell.
 */
const statuses = new Map<number, Verdict>([
  [1, 'warning'],
  [3, 'canceled'],
  ...Array.from({ length: 28 }, (_, index) => 100 + index)
    .filter(status => ![124, 126, 127].includes(status))
    .map(status => [status, 'warning'] as const),
])

/** `borg check` ends with 1, a warning, when it has found the repository to be corrupt. */
function saidByCheck(command: BorgCommand | null, { errors }: BorgTroubles): Verdict[] {
  return command === 'check' && errors.length > 0 ? ['failure'] : []
}

/** What a run of borg counted. What is counted by a list of files is not known when the list was cut. */
export function readBorgCounts(
  type: ToolReading['type'],
  lines: readonly BorgLine[],
  { unread }: BorgTroubles,
  isCut: boolean,
): RunCounts {
  if (type === 'backup') return { ...readCreateCounts(lines, unread), ...(isCut ? { newFiles: null } : {}) }
  if (type === 'delete') return readDeleteCounts(lines)
  if (type === 'restore' && !isCut) return readExtractCounts(lines)
  return readCreateCounts([], 0)
}

const ownPatterns = [
  /^(?:Archive name|Archive fingerprint|Time \((?:start|end)\)|This archive|All archives|Chunk index|Deleted data): /,
  /^(?:Creating|Keeping|Pruning|Deleting|Deleted) archive\b/,
  /^Would (?:prune|delete)\b/,
  /^compaction freed about /,
  /^(?:Starting repository check|Archive consistency check complete)\b/,
  /^IMPORTANT: you will need both KEY AND PASSPHRASE/,
  /^[\d.]+ [kMGT]?B O [\d.]+ [kMGT]?B C [\d.]+ [kMGT]?B D \d+ N /,
  /^.{37}\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[0-9a-f]{64}\]$/,
  /^borg(?:backup version)? \d+\.\d+/,
  /^usage: borg\b/,
]
const ownTexts = says(...ownPatterns)
const neededText = joinPatterns([
  ...ownPatterns,
  ...borgTroublePatterns,
  // What tells of a command, and what raised an exception.
  /^(?:Would|Creating|Pruning|Keeping|Deleting|Deleted|Archive|Repository|Starting|Finished|Command line:|By default) /,
  /^(?:Include pattern '|Number of files: | +Unique chunks |Borg: \d|Traceback |[\w.]+(?:Error|Exception)\b)/,
])
const listedText = /^[AMUdshbcfix+?-] .*\//

function isOwnLine(line: BorgLine): boolean {
  if (line.kind !== 'text') return line.kind === 'record' || archiveOf(line) !== null || isBorgDocument(line.document)
  return ownTexts(line) || line.status !== null || isBorgTroubleText(line.text)
}

function isBorgDocument(document: Record<string, unknown>): boolean {
  return Object.hasOwn(document, 'repository') && Object.hasOwn(document, 'encryption')
}

const recordNames = /^borg\./
const archiveTable = /^Archive fingerprint: [0-9a-f]{64}\r?$/m
// borgmatic leaves the empty lines out of borg's text.
const wholeTable = /^All archives: .{1,80}\r?\n[ ]*\r?\n +Unique chunks /m

/** Whether `lines` are surely those that borg itself wrote, and not borgmatic. */
function isBorgOutput(lines: readonly BorgLine[], { stdout, stderr }: ToolOutput): boolean {
  if (lines.some(line => line.kind === 'document' && line.isInArray)) return false
  if (lines.some(says(/^\S+\.ya?ml: /, /^\S+: (?:Creating archive|Pruning archives|Running actions for repository)/)))
    return false
  const isRecordOfBorg = (line: BorgLine) =>
    line.kind === 'record' &&
    line.record['type'] === 'log_message' &&
    typeof line.record['levelname'] === 'string' &&
    recordNames.test(String(line.record['name']))
  const isWholeDocument = (line: BorgLine) =>
    line.kind === 'document' && archiveOf(line) !== null && isBorgDocument(line.document)
  return (
    lines.some(isRecordOfBorg) ||
    lines.some(isWholeDocument) ||
    [stdout, stderr].some(text => archiveTable.test(text) && wholeTable.test(text))
  )
}

function toMessages(end: ToolEnd, troubles: BorgTroubles, lines: readonly BorgLine[]): RunMessage[] {
  const { warnings, errors } = troubles
  const hasFailed = end.state === 'failed' || end.state === 'crashed'
  const others = hasFailed && errors.length === 0 ? lines.flatMap(line => (isUnexplained(line) ? line.words : [])) : []
  return toRunMessages([
    ...[...errors, ...others].map(text => ({ level: hasFailed ? 'error' : 'warning', text }) as const),
    ...toEndMessages(end, errors.length + others.length + warnings.length),
    ...warnings.map(text => ({ level: 'warning', text }) as const),
  ])
}

/** A line of plain text that no rule knows: of a run that failed without a known reason it may be the reason. */
function isUnexplained(line: BorgLine): boolean {
  return line.kind === 'text' && !line.text.startsWith(' ') && !/^-+$/.test(line.text) && !isOwnLine(line)
}

function versionIn(lines: readonly BorgLine[]): string | null {
  for (const text of lines.flatMap(line => line.words)) {
    const match = /^borg(?:backup version)? (\d+\.\d+[\w.]*)/.exec(text) ?? /^Borg: (\d+\.\d+[\w.]*) /.exec(text)
    if (match?.[1] !== undefined) return match[1]
  }
  return null
}
