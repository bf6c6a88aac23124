import type { RunCounts } from '../domain/run.ts'
import { sumCounts, toCount } from './counts.ts'

/**
 * What one run of rsync says at its end: the block of `--stats`, the two closing lines that `-v` writes too, or the
 * closing line of a log file.
 */
export type RsyncStats = {
  /** Regular files of the source; null where only links and directories are counted with them (before 3.1). */
  regularFiles: number | null
  transferredFiles: number | null
  totalBytes: number | null
  sentBytes: number | null
  receivedBytes: number | null
  /** Nothing was written to the destination: a dry run, or a batch file alone. */
  isDryRun: boolean
  /** Whether it is written to its end. */
  isClosed: boolean
}

const count = String.raw`(\d[\d.,'\u00A0\u202F]*[KMGTP]?)`
const blockStart = new RegExp(`^Number of files: ${count}(?: \\((.*)\\))?$`)
const closing = new RegExp(
  `^sent ${count} bytes {2}received ${count} bytes(?: {2}${count} bytes/sec| {2}total size ${count})`,
)
const closed = new RegExp(`^total size is ${count} {2}speedup is [\\d.,]+(?: \\((DRY RUN|BATCH ONLY)\\))?`)
const members: readonly { name: 'transferredFiles' | 'totalBytes' | 'sentBytes' | 'receivedBytes'; line: RegExp }[] = [
  // "regular" was added in 3.1.
  { name: 'transferredFiles', line: new RegExp(`^Number of (?:regular )?files transferred: ${count}$`) },
  { name: 'totalBytes', line: new RegExp(`^Total file size: ${count} bytes$`) },
  { name: 'sentBytes', line: new RegExp(`^Total bytes sent: ${count}$`) },
  { name: 'receivedBytes', line: new RegExp(`^Total bytes received: ${count}$`) },
]
const logPrefix = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] /

/** A line without the time and process number that `--log-file` puts before it. */
export function withoutLogPrefix(line: string): string {
  return line.replace(logPrefix, '')
}

/** The ends of all runs of rsync in `lines`, in order. Source: rsync(1), "--stats"; rsync 3.5.0 as run. */
export function readRsyncStats(lines: readonly string[]): RsyncStats[] {
  const runs: RsyncStats[] = []
  let open: RsyncStats | null = null
  const openRun = (): RsyncStats => {
    const run = emptyStats()
    runs.push(run)
    return run
  }
  for (const line of lines) {
    const start = blockStart.exec(line)
    const ends = closing.exec(line)
    const end = closed.exec(line)
    if (start) {
      open = openRun()
      open.regularFiles = regularIn(start)
    } else if (ends) {
      open ??= openRun()
      open.sentBytes ??= readRsyncNumber(ends[1])
      open.receivedBytes ??= readRsyncNumber(ends[2])
      if (ends[4] === undefined) continue
      open.totalBytes ??= readRsyncNumber(ends[4])
      open.isClosed = true
      open = null
    } else if (end && open) {
      open.totalBytes ??= readRsyncNumber(end[1])
      open.isDryRun = end[2] !== undefined
      open.isClosed = true
      open = null
    } else if (open) {
      readMember(line, open)
    }
  }
  return runs
}

/** The lines of the statistics of rsync. */
export const rsyncStatsLines: readonly RegExp[] = [blockStart, closing, closed, ...members.map(({ line }) => line)]

/** Whether a line belongs to the statistics of rsync. */
export function isRsyncStatsLine(line: string): boolean {
  return rsyncStatsLines.some(pattern => pattern.test(line))
}

/** Whether `lines` hold a whole block of `--stats`. */
export function hasWholeStats(lines: readonly string[]): boolean {
  return (
    lines.some(line => blockStart.test(line)) &&
    lines.some(line => members[1]?.line.test(line)) &&
    lines.some(line => closing.test(line)) &&
    lines.some(line => closed.test(line))
  )
}

/**
 * What several runs of rsync did together; `unread` is the number of files that were listed and could not be read. Bytes
 * are the larger of sent and received: the copy goes the way of the data, whoever called it.
 */
export function sumRsyncStats(runs: readonly RsyncStats[], unread: number): RunCounts {
  const totalFiles = sumKnown(runs.map(run => run.regularFiles))
  return {
    totalFiles,
    processedFiles: totalFiles === null ? null : Math.max(0, totalFiles - unread),
    newFiles: sumKnown(runs.map(run => run.transferredFiles)),
    bytes: sumCounts(runs.map(run => largest(run.sentBytes, run.receivedBytes))),
  }
}

/** What looks like a source that held nothing, where the numbers do not say it: one of several, or without `--stats`. */
export function emptySources(runs: readonly RsyncStats[]): string[] {
  const isEmpty = ({ regularFiles, totalBytes }: RsyncStats) =>
    regularFiles === null ? totalBytes === 0 : regularFiles === 0
  const empty = runs.filter(isEmpty).length
  if (empty === 0 || (runs.length === 1 && runs[0]?.regularFiles === 0)) return []
  return [runs.length === 1 ? 'The source held no data.' : `${empty} of ${runs.length} sources held no data.`]
}

/** A sum that is known only when every part of it is. */
function sumKnown(counts: readonly (number | null)[]): number | null {
  return counts.includes(null) ? null : sumCounts(counts)
}

function largest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.max(one, other)
}

function emptyStats(): RsyncStats {
  return {
    regularFiles: null,
    transferredFiles: null,
    totalBytes: null,
    sentBytes: null,
    receivedBytes: null,
    isDryRun: false,
    isClosed: false,
  }
}

function readMember(line: string, run: RsyncStats): void {
  for (const { name, line: member } of members) {
    const match = member.exec(line)
    if (match) run[name] = readRsyncNumber(match[1])
  }
}

/** The regular files of `44 (reg: 33, dir: 10, link: 1)`: kinds that there are none of are left out. */
function regularIn([, total, kinds]: RegExpExecArray): number | null {
  const regular = new RegExp(`(?:^|, )reg: ${count}(?:,|$)`).exec(kinds ?? '')
  if (regular) return readRsyncNumber(regular[1]?.replace(/,$/, ''))
  // Before 3.1 there are no kinds, and even an empty directory counts as one.
  if (kinds !== undefined) return 0
  return readRsyncNumber(total) === 0 ? 0 : null
}

const unitBytes = new Map([
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
])

/**
 * A number as rsync writes it: `2009017`, with separators as in `2,009,017` (since 3.1, the locale decides which), or
 * rounded as `30.01M` (`--human-readable`). Null when it is none.
 */
export function readRsyncNumber(text: string | undefined): number | null {
  if (text === undefined) return null
  const unit = unitBytes.get(text.at(-1) ?? '')
  if (unit === undefined) return /^\d/.test(text) ? toCount(Number(text.replaceAll(/\D/g, ''))) : null
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,3}))?[KMGTP]$/.exec(text) ?? []
  return toCount(Math.round(Number(`${whole.replaceAll(/\D/g, '')}.${fraction || '0'}`) * unit))
}
