import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool } from './backup-tool.ts'
import { joinPatterns } from './join-patterns.ts'
import { isRsnapshotLine, readRsnapshotLines, rsnapshotLine, withoutLogTime } from './rsnapshot-lines.ts'
import { emptySources, isRsyncStatsLine, readRsyncStats, rsyncStatsLines, sumRsyncStats } from './rsync-stats.ts'
import { isRsyncTrouble, readRsyncTroubles, rsyncNotes } from './rsync-troubles.ts'
import { toRunMessages } from './run-messages.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads rsnapshot 1.3 and 1.4: the commands that it prints with `verbose 3`, the statistics of rsync where
 * `rsync_long_args` has `--stats`, its errors and warnings, and its log file. With `verbose 2` it prints nothing after a
 * success, so silence with exit status 0 is a success of which nothing else is known. A higher interval renames
 * directories and reads no file: a success, too.
 * Format and exit codes: rsnapshot(1), "EXIT VALUES"; rsnapshot 1.4.5 as run.
 */
export const rsnapshot: BackupTool = {
  name: 'rsnapshot',
  usage: {
    programs: ['rsnapshot'],
    notBackups: { configtest: 'maintenance', du: 'maintenance', diff: 'maintenance' },
    debianPackage: 'rsnapshot',
    example: { set: 'Documents', command: 'rsnapshot daily' },
    warnings: [2],
  },

  recognizes(output) {
    return readRsnapshotLines(output).some(isRsnapshotLine)
  },

  read(output) {
    const lines = readRsnapshotLines(output)
    const type = typeOf(lines)
    const runs = readRsyncStats(lines).filter(run => !run.isDryRun)
    const troubles = readTroubles(lines)
    const end = readToolEnd(output, {
      tool: 'rsnapshot',
      statuses: new Map([[someWarnings, 'warning']]),
      said: troubles.said,
      isClosed: lines.some(line => closing.test(line)),
      isOwn: lines.some(isOwnLine),
    })
    const empty = type === 'backup' && end.state === 'finished' ? emptySources(runs) : []
    const tally = toTally(end, { errors: troubles.errors.length, warnings: troubles.warnings })
    return {
      type,
      plugin: 'file',
      state: end.state,
      startedAt: null,
      endedAt: null,
      ...sumRsyncStats(type === 'backup' ? runs : [], troubles.unread),
      ...tally,
      warnings: tally.warnings + empty.length,
      messages: toMessages(end, troubles, empty),
      version: versionIn(lines),
    }
  },

  needs(line) {
    return neededLine.test(withoutLogTime(line)) ? 'each' : null
  },
}

const someWarnings = 2
const locking = /^echo \d+ > (\/.*\.pid)$/
const closing = /^rm -f \/.*\.pid$/
const maintaining = /^(?:Syntax OK|rsnapshot \d+\.\d+\S*|du -csh? .*)$/
// With what it was called, in the banner before errors.
const otherCommand = /^\/\S*rsnapshot (?:.* )?(?:configtest|du|diff|help) *$/
const commands =
  /^(?:\S*\/)?(?:rsync|ssh|cp|mv|rm|mkdir|touch|cmp|native_cp_al|rsync_cleanup_after_native_cp_al) -?|^(?:mv|rm|mkdir|touch|cd) |^sync_if_different\(|^Setting locale to POSIX|^require \w|^\/.+ not present \(yet\), nothing to /

function isOwnLine(line: string): boolean {
  return (
    isRsnapshotLine(line) ||
    isRsyncStatsLine(line) ||
    isRsyncTrouble(line) ||
    commands.test(line) ||
    maintaining.test(line) ||
    /^(?:ERROR|WARNING): /.test(line)
  )
}

/** A run takes its lock and gives it back; `rsnapshot -t` only prints the commands, and gives nothing back. */
function typeOf(lines: readonly string[]): RunType {
  if (lines.some(line => otherCommand.test(line))) return 'maintenance'
  const hasSaid = lines.some(line => /^(?:ERROR|WARNING): |^Usage: rsnapshot /.test(line))
  if (!lines.some(line => locking.test(line))) {
    return lines.some(line => maintaining.test(line)) && !hasSaid ? 'maintenance' : 'backup'
  }
  const isTest = !hasSaid && !lines.some(line => closing.test(line) || isRsyncStatsLine(line))
  return isTest ? 'maintenance' : 'backup'
}

type Troubles = {
  errors: string[]
  /** The lines to show, and how many troubles they are. */
  warningTexts: string[]
  warnings: number
  /** Lines that may say why a run failed, when no error does. */
  others: string[]
  notes: string[]
  unread: number
  said: Verdict[]
}

const decoration =
  /^ERROR: (?:-+|Errors were found in .*|rsnapshot can not continue\..*|sure you don't have .*|.* on line \d+:)$/
const other = /^(?:File not found: |\w+: .*not found)/
const stop = /^ERROR: rsnapshot was sent \w+ signal\b/

const neededLine = joinPatterns([
  rsnapshotLine,
  ...rsyncStatsLines,
  ...rsyncNotes,
  commands,
  maintaining,
  otherCommand,
  other,
  /^(?:ERROR|WARNING): |^Usage: rsnapshot /,
  // What is wrapped is joined with the line above it.
  /^ {4,}\S/,
])

/** What rsnapshot calls errors and warnings. What rsync could not copy is counted by file where rsync says so. */
function readTroubles(lines: readonly string[]): Troubles {
  const rsync = readRsyncTroubles(lines.filter(line => !/^(?:ERROR|WARNING): /.test(line)))
  const all = [...new Set(lines.map(line => line.replace(/^\/\S*rsnapshot .*: (?=(?:ERROR|WARNING): )/, '')))]
  const errors = all.filter(line => line.startsWith('ERROR: ') && !decoration.test(line) && !stop.test(line))
  const warnings = all.filter(line => line.startsWith('WARNING: '))
  const ofItems = warnings.filter(line => line.endsWith(' during rsync operation'))
  const isStopped = all.some(line => stop.test(line))
  const isSaid = (pattern: RegExp) => all.some(line => pattern.test(line))
  return {
    errors,
    warningTexts: [...rsync.items, ...warnings],
    warnings: warnings.length - ofItems.length + Math.max(rsync.items.length, ofItems.length),
    others: all.filter(line => other.test(line)),
    notes: all.filter(line => / not present \(yet\), nothing to /.test(line)),
    unread: rsync.unread,
    said: [
      ...(isStopped ? (['canceled'] as const) : []),
      ...(errors.length > 0 && !isStopped ? (['failure'] as const) : []),
      ...(warnings.length > 0 || isSaid(/: completed, but with some warnings$/) ? (['warning'] as const) : []),
      ...(isSaid(/: completed successfully$/) ? (['success'] as const) : []),
    ],
  }
}

function toMessages(end: ToolEnd, troubles: Troubles, empty: readonly string[]): RunMessage[] {
  const { errors, warningTexts, others, notes } = troubles
  const hasFailed = end.state === 'failed'
  const told = [...errors, ...(hasFailed && errors.length === 0 ? others : [])]
  return toRunMessages([
    ...told.map(text => ({ level: hasFailed ? 'error' : 'warning', text: text.replace(/^ERROR: /, '') }) as const),
    ...toEndMessages(end, told.length + warningTexts.length),
    ...[...warningTexts, ...empty].map(text => ({ level: 'warning', text: text.replace(/^WARNING: /, '') }) as const),
    ...notes.map(text => ({ level: 'info', text }) as const),
  ])
}

function versionIn(lines: readonly string[]): string | null {
  const [, version] = lines.map(line => /^rsnapshot (\d+\.\d+[\w.]*)/.exec(line)).find(match => match !== null) ?? []
  return version ?? null
}
