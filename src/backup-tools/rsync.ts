import type { RunMessage } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'
import { isRsnapshotLine, rsnapshotLine } from './rsnapshot-lines.ts'
import {
  emptySources,
  hasWholeStats,
  isRsyncStatsLine,
  readRsyncStats,
  rsyncStatsLines,
  type RsyncStats,
  sumRsyncStats,
  withoutLogPrefix,
} from './rsync-stats.ts'
import {
  isRsyncTrouble,
  maxDelete,
  partial,
  readRsyncTroubles,
  rsyncNotes,
  type RsyncTroubles,
  stopped,
  vanished,
  verdictsOf,
} from './rsync-troubles.ts'
import { toRunMessages } from './run-messages.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads rsync 3.0 to 3.5: the block that `--stats` prints, the closing lines of `-v`, the log of `--log-file`, and the
 * errors. rsync prints nothing after a success unless it is asked to, so silence with exit status 0 is a success of
 * which nothing else is known. Status 23 is a backup that is usable but incomplete only where the output shows that
 * files were copied: a missing source ends with 23 too.
 * Format and exit codes: rsync(1); rsync 3.5.0 as run.
 */
export const rsync: BackupTool = {
  name: 'rsync',
  usage: {
    programs: ['rsync'],
    debianPackage: 'rsync',
    example: { set: 'Documents', command: 'rsync -a --delete --stats /home/ nas:/backup/home/' },
    warnings: [23, 24, 25],
  },

  recognizes(output) {
    const lines = toLines(output)
    if (lines.some(isRsnapshotLine)) return false
    return hasWholeStats(lines) || lines.some(line => endLine.test(line))
  },

  read(output) {
    const lines = toLines(output)
    const troubles = readRsyncTroubles(lines)
    const all = readRsyncStats(lines)
    const type = typeOf(lines, all)
    const runs = all.filter(run => !run.isDryRun)
    const counts = sumRsyncStats(runs, troubles.unread)
    const ofPartial = sawFiles(runs, counts.processedFiles) ? 'warning' : 'failure'
    const end = readToolEnd(output, {
      tool: 'rsync',
      statuses: statuses(ofPartial),
      said: output.exitStatus ? [] : verdictsOf(troubles.codes, ofPartial),
      isClosed: all.length > 0 && all.every(run => run.isClosed),
      isOwn: lines.some(isOwnLine),
    })
    const judged = judge(end, output.exitStatus, troubles, ofPartial)
    const empty = type === 'backup' && judged.state === 'finished' ? emptySources(runs) : []
    const tally = toTally(judged, { errors: troubles.items.length, warnings: 0 })
    return {
      type,
      plugin: 'file',
      state: judged.state,
      startedAt: null,
      endedAt: null,
      ...(type === 'backup' ? counts : sumRsyncStats([], 0)),
      ...tally,
      warnings: tally.warnings + empty.length,
      messages: toMessages(judged, troubles, [...empty, ...hintsFor(judged, output.exitStatus, runs)]),
      version: versionIn(lines),
    }
  },

  needs(line) {
    const text = withoutLogPrefix(line)
    if (neededLine.test(text)) return 'each'
    return listLine.test(text) ? 'newest listed' : null
  },
}

const endLine = /^rsync (?:error|warning): .*\(code \d{1,3}\) at \w+\.c\(\d+\) \[\w+=\d+\.\d+/
const listLine = /^[-dlbcps][-rwxsStT]{9} +[\d.,]+ \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /
const versionLine = /^rsync {2}version v?(\d+\.\d+\S*) {2}protocol version \d/
const neededLine = joinPatterns([...rsyncStatsLines, ...rsyncNotes, rsnapshotLine, versionLine])
const ownLines = [
  /^(?:sending|receiving) (?:incremental )?file list\b/,
  /^(?:building|receiving) file list \.\.\./,
  /^(?:created|delta-transmission|deleting|opening connection) /,
  /^[<>ch.*][fdLDS][.+? cstTpoguaxbn]{9} /,
  /^\*deleting {3}/,
  /^ {2,}[\d.,]+[KMGTP]? +\d{1,3}% +[\d.,]+[kKMGT]?B\/s /,
  /^rsync(?: error| warning)?: /,
  listLine,
  versionLine,
]

function toLines({ stdout, stderr }: ToolOutput): string[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)].map(withoutLogPrefix)
}

function isOwnLine(line: string): boolean {
  return isRsyncStatsLine(line) || ownLines.some(own => own.test(line)) || isRsyncTrouble(line)
}

function statuses(ofPartial: Verdict): Map<number, Verdict> {
  return new Map<number, Verdict>([
    [stopped, 'canceled'],
    [partial, ofPartial],
    [vanished, 'warning'],
    [maxDelete, 'warning'],
  ])
}

/** A dry run and a listing copy nothing; beside a real run of the same script they do not count. */
function typeOf(lines: readonly string[], runs: readonly RsyncStats[]): ToolReading['type'] {
  if (runs.some(run => !run.isDryRun && run.transferredFiles !== 0)) return 'backup'
  if (lines.some(line => listLine.test(line))) return 'maintenance'
  if (runs.length > 0) return runs.every(run => run.isDryRun) ? 'maintenance' : 'backup'
  return lines.some(line => versionLine.test(line)) ? 'maintenance' : 'backup'
}

/** Whether the output shows that files of the source were copied, or were there already. */
function sawFiles(runs: readonly RsyncStats[], processed: number | null): boolean {
  return processed === null ? runs.some(run => (run.totalBytes ?? 0) > 0) : processed > 0
}

/** A status that a script hid behind a milder one of its own is believed. */
function judge(end: ToolEnd, exitStatus: number | null, { codes }: RsyncTroubles, ofPartial: Verdict): ToolEnd {
  if (end.state !== 'finished' || !exitStatus) return end
  return verdictsOf(codes, ofPartial).includes('failure') ? { ...end, state: 'failed' } : end
}

function hintsFor({ state }: ToolEnd, exitStatus: number | null, runs: readonly RsyncStats[]): string[] {
  if (state !== 'failed' || exitStatus !== partial || runs.length > 0) return []
  return ['The output does not tell whether any file was copied: add --stats to rsync.']
}

function toMessages(end: ToolEnd, troubles: RsyncTroubles, hints: readonly string[]): RunMessage[] {
  const { items, reasons, ends, notes } = troubles
  const hasFailed = end.state === 'failed'
  const told = [...items, ...(hasFailed ? reasons : []), ...ends]
  return toRunMessages([
    ...told.map(text => ({ level: hasFailed ? 'error' : 'warning', text }) as const),
    ...toEndMessages(end, told.length),
    ...hints.map(text => ({ level: 'warning', text }) as const),
    ...[...notes, ...(hasFailed ? [] : reasons)].map(text => ({ level: 'info', text }) as const),
  ])
}

function versionIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const match = versionLine.exec(line) ?? /^rsync (?:error|warning): .* \[\w+=(\d+\.\d+[\w.]*)\]$/.exec(line)
    if (match?.[1] !== undefined) return match[1]
  }
  return null
}
