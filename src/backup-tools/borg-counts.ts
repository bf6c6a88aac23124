import type { RunCounts } from '../domain/run.ts'
import { lastInstant } from '../domain/instant.ts'
import type { LocalTime } from '../domain/local-time.ts'
import { archiveOf, type BorgLine } from './borg-lines.ts'
import { isListed } from './borg-commands.ts'
import { sumCounts, toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'

const unknown: RunCounts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

/**
 * What `borg create` states, summed up over all archives; `unread` is how many files could not be read. Bytes are what
 * the archive added to the repository, which is never 0: an unchanged source adds its metadata.
 */
export function readCreateCounts(lines: readonly BorgLine[], unread: number): RunCounts {
  const archives = lines.map(archiveOf).filter(archive => archive !== null)
  const texts = lines.flatMap(line => line.words)
  const processed = sumCounts([
    ...archives.map(archive => statOf(archive, 'nfiles')),
    ...texts.map(text => countIn(/^Number of files: (\d+)$/, text)),
  ])
  return {
    totalFiles: processed === null ? null : toCount(processed + unread),
    processedFiles: processed,
    newFiles: newFilesIn(lines, archives),
    bytes: sumCounts([...archives.map(archive => statOf(archive, 'deduplicated_size')), ...texts.map(addedIn)]),
  }
}

/** How many archives `borg prune` and `borg delete` removed; null where they do not list them. */
export function readDeleteCounts(lines: readonly BorgLine[]): RunCounts {
  const texts = lines.flatMap(line => line.words)
  const removed = texts.filter(text => /^(?:Pruning|Deleting|Deleted) archive\b/.test(text)).length
  const isListing = texts.some(text =>
    /^(?:Pruning|Keeping|Deleting|Deleted) archive\b|^Archive .+ not found \(/.test(text),
  )
  return { ...unknown, processedFiles: isListing ? removed : null }
}

/** What `borg extract --list` restored. One pattern that matched nothing, and nothing listed: then nothing was restored. */
export function readExtractCounts(lines: readonly BorgLine[]): RunCounts {
  const listed = lines.filter(isListed).length
  const unmatched = lines
    .flatMap(line => line.words)
    .filter(text => /^Include pattern '.*' never matched\.$/.test(text))
  if (listed > 0) return { ...unknown, processedFiles: listed }
  return unmatched.length === 1 && lines.every(line => line.kind === 'record' || line.words.length === 1)
    ? { ...unknown, processedFiles: 0 }
    : unknown
}

/**
 * When the run began and ended: by the first and the last record, whose time is that of the epoch. The times of an
 * archive are those of a clock in an unknown zone, but its duration holds.
 */
export function readBorgTimes(lines: readonly BorgLine[]): { startedAt: LocalTime | null; endedAt: LocalTime | null } {
  const times = lines.flatMap(line => (line.kind === 'record' ? (toInstant(line.record['time']) ?? []) : []))
  const [first] = times
  const last = times.at(-1)
  if (first === undefined || last === undefined) return { startedAt: null, endedAt: null }
  const durations = lines.map(archiveOf).map(archive => archive?.['duration'])
  const lasted = durations.reduce<number>((sum, given) => sum + (typeof given === 'number' && given > 0 ? given : 0), 0)
  const startedAt = Math.max(0, Math.min(first, Math.round(last - lasted * 1_000)))
  return { startedAt: { at: startedAt, offsetMinutes: 0 }, endedAt: { at: last, offsetMinutes: 0 } }
}

function toInstant(seconds: unknown): number | null {
  if (typeof seconds !== 'number') return null
  const at = Math.round(seconds * 1_000)
  return at > 0 && at <= lastInstant ? at : null
}

function statOf(archive: JsonObject, name: string): number | null {
  const { stats } = archive
  return isJsonObject(stats) ? toCount(stats[name]) : null
}

/**
 * New and changed files, where `--list` tells: unfiltered, so that unchanged ones and directories are listed too, or with
 * a filter that the document shows to hold both. Without a single listed file it is not known whether the list was kept.
 */
function newFilesIn(lines: readonly BorgLine[], archives: readonly JsonObject[]): number | null {
  const statuses = lines.flatMap(line => line.status?.letter ?? [])
  const isWhole = statuses.includes('U') || statuses.includes('d') || (archives.length > 0 && archives.every(listsNew))
  const isKept = statuses.length > 0 || lines.some(line => line.kind === 'record')
  return isWhole && isKept ? statuses.filter(status => status === 'A' || status === 'M').length : null
}

function listsNew({ command_line: words }: JsonObject): boolean {
  if (!Array.isArray(words) || !words.includes('--list') || !words.includes('--log-json')) return false
  const at = words.indexOf('--filter')
  const joined = words.find(word => typeof word === 'string' && word.startsWith('--filter='))
  const filter: unknown = at >= 0 ? words[at + 1] : joined
  return filter === undefined || (typeof filter === 'string' && filter.includes('A') && filter.includes('M'))
}

const unitBytes = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['PB', 1e15],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
  ['PiB', 2 ** 50],
])

/** What the table of `--stats` says the archive added: its last column, rounded to two places. */
function addedIn(text: string): number | null {
  const match = /^This archive:(?: +[\d.]+ [A-Za-z]{1,3}){1,2} +([\d.]+) ([A-Za-z]{1,3})$/.exec(text)
  return match && toCount(Math.round(Number(match[1]) * (unitBytes.get(match[2] ?? '') ?? NaN)))
}

function countIn(pattern: RegExp, text: string): number | null {
  const match = pattern.exec(text)
  return match && toCount(Number(match[1]))
}
