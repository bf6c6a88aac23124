import type { RunCounts } from '../domain/run.ts'
import { sumCounts, toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import type { RcloneLine } from './rclone-lines.ts'

/** The statistics of one run of rclone, as far as it had come when it last wrote them. */
export type RcloneStats = {
  bytes: number | null
  checks: number | null
  totalChecks: number | null
  transfers: number | null
  totalTransfers: number | null
  /** Files and directories. */
  deleted: number | null
  errors: number | null
  elapsedSeconds: number
}

/**
 * The last statistics of every run of rclone: of the member `stats` of JSON entries, else of the last whole block of
 * text. A clock that goes back begins another run. Source: rclone documentation, "--stats"; rclone 1.60.1 as run.
 */
export function readRcloneStats(lines: readonly RcloneLine[]): RcloneStats[] {
  const runs: RcloneStats[] = []
  for (const { record } of lines) {
    const stats = record?.['stats']
    if (!isJsonObject(stats) || !Object.hasOwn(stats, 'bytes')) continue
    const read = readJsonStats(stats)
    const last = runs.at(-1)
    if (last && read.elapsedSeconds >= last.elapsedSeconds) runs.pop()
    runs.push(read)
  }
  const block = runs.length === 0 ? readTextStats(lines) : null
  return block ? [block] : runs
}

/**
 * What the runs did together. A run that was tried again checked every file again, so its files are divided by the
 * number of `attempts`, and are unknown when that does not come out even.
 */
export function sumRcloneStats(runs: readonly RcloneStats[], attempts: number): RunCounts {
  const perAttempt = (count: number | null): number | null => {
    if (count === null || attempts <= 1) return count
    return runs.length === 1 && count % attempts === 0 ? count / attempts : null
  }
  const sumOf = (...names: ('checks' | 'totalChecks' | 'transfers' | 'totalTransfers')[]) =>
    sumCounts(runs.flatMap(run => names.map(name => run[name])))
  return {
    totalFiles: perAttempt(sumOf('totalChecks', 'totalTransfers')),
    processedFiles: perAttempt(sumOf('checks', 'transfers')),
    newFiles: sumOf('transfers'),
    bytes: sumCounts(runs.map(run => run.bytes)),
  }
}

function readJsonStats(stats: JsonObject): RcloneStats {
  const { elapsedTime } = stats
  return {
    bytes: toCount(stats['bytes']),
    checks: toCount(stats['checks']),
    totalChecks: toCount(stats['totalChecks']),
    transfers: toCount(stats['transfers']),
    totalTransfers: toCount(stats['totalTransfers']),
    deleted: sumCounts([toCount(stats['deletes']), toCount(stats['deletedDirs'])]),
    errors: toCount(stats['errors']),
    elapsedSeconds: typeof elapsedTime === 'number' ? elapsedTime : 0,
  }
}

const size = String.raw`([\d.]+) ?([kKMGTP]?)(?:i?B|i?Bytes)?`
const blockBytes = new RegExp(String.raw`^Transferred: +\t? *${size} / ${size}, (?:\d+%|-), `)
const oneLine = new RegExp(String.raw`^(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d - )? *${size} / ${size}, (?:\d+%|-), .*, ETA `)
const blockLines = {
  transfers: /^Transferred: +(\d+) \/ (\d+), (?:\d+%|-)$/,
  checks: /^Checks: +(\d+) \/ (\d+), (?:\d+%|-)/,
  deleted: /^Deleted: +(\d+) \(files\), (\d+) \(dirs\)/,
  errors: /^Errors: +(\d+)\b/,
  end: /^Elapsed time: /,
} as const

/** Whether a line of text is one of those statistics. */
export function isStatsText(text: string): boolean {
  return statsKindOf(text) !== null
}

/** Which of those statistics a line of text is; null for any other. */
export function statsKindOf(text: string): string | null {
  if (blockBytes.test(text) || oneLine.test(text)) return 'bytes'
  return Object.entries(blockLines).find(([, line]) => line.test(text))?.[0] ?? null
}

/** The last whole block, in which what is 0 is left out; or the line of `--stats-one-line`, which tells bytes alone. */
function readTextStats(lines: readonly RcloneLine[]): RcloneStats | null {
  const texts = lines.flatMap(line => line.words)
  const end = texts.findLastIndex(text => blockLines.end.test(text))
  const start = texts.findLastIndex((text, index) => index < end && blockBytes.test(text))
  if (start < 0) {
    const line = texts.map(text => oneLine.exec(text)).findLast(match => match !== null)
    return line ? { ...unknown, bytes: bytesIn(line) } : null
  }
  const block = texts.slice(start, end)
  const numbersIn = (pattern: RegExp) => block.map(text => pattern.exec(text)).find(match => match !== null)
  const transfers = numbersIn(blockLines.transfers)
  const checks = numbersIn(blockLines.checks)
  const deleted = numbersIn(blockLines.deleted)
  return {
    bytes: bytesIn(blockBytes.exec(texts[start] ?? '')),
    transfers: toCount(Number(transfers?.[1] ?? 0)),
    totalTransfers: toCount(Number(transfers?.[2] ?? 0)),
    checks: toCount(Number(checks?.[1] ?? 0)),
    totalChecks: toCount(Number(checks?.[2] ?? 0)),
    deleted: toCount(Number(deleted?.[1] ?? 0) + Number(deleted?.[2] ?? 0)),
    errors: toCount(Number(numbersIn(blockLines.errors)?.[1] ?? 0)),
    elapsedSeconds: 0,
  }
}

const unknown: RcloneStats = {
  bytes: null,
  checks: null,
  totalChecks: null,
  transfers: null,
  totalTransfers: null,
  deleted: null,
  errors: null,
  elapsedSeconds: 0,
}

const powers = ['', 'K', 'M', 'G', 'T', 'P']

/** Units are powers of 1024, also where older versions write `MBytes`; three places after the point are kept. */
function bytesIn(match: RegExpExecArray | null): number | null {
  if (!match) return null
  return toCount(Math.round(Number(match[1]) * 1_024 ** powers.indexOf((match[2] ?? '').toUpperCase())))
}
