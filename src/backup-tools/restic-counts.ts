import { isAppError } from '../domain/app-error.ts'
import { type LocalTime, parseLocalTime } from '../domain/local-time.ts'
import type { ToolReading } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import { type CommandEvidence, isBackupSummary, isForgetGroups, isRestoreSummary } from './restic-commands.ts'
import { isMessage, type ResticLine } from './restic-lines.ts'

/** The numbers and times of a reading. */
export type ResticCounts = Pick<
  ToolReading,
  'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes' | 'startedAt' | 'endedAt'
>

const unknown: ResticCounts = {
  totalFiles: null,
  processedFiles: null,
  newFiles: null,
  bytes: null,
  startedAt: null,
  endedAt: null,
}

/**
 * What restic states about how much it did; of a script that ran one command several times, the sums. A run that was
 * stopped has what its last status line says. `unreadable` is the number of items that could not be read.
 */
export function readResticCounts(
  lines: readonly ResticLine[],
  { type }: CommandEvidence,
  unreadable: number,
): ResticCounts {
  if (type === 'backup') return backupCounts(lines, unreadable)
  if (type === 'restore') return restoreCounts(lines)
  if (type === 'delete') return { ...unknown, processedFiles: sumCounts(lines.map(removedSnapshots)) }
  return unknown
}

function backupCounts(lines: readonly ResticLine[], unreadable: number): ResticCounts {
  const summaries = messagesOf(lines.filter(isBackupSummary)).filter(summary => summary['dry_run'] !== true)
  const [status] = messagesOf(lines.filter(isMessage('status')))
  const sumOf = (inJson: (summary: JsonObject) => number | null, inText: (text: string) => number | null) =>
    sumCounts([...summaries.map(inJson), ...lines.map(line => (line.kind === 'text' ? inText(line.text) : null))])
  const processed = sumOf(summary => toCount(summary['total_files_processed']), processedInText)
  const held = [processed === null ? null : processed + unreadable, toCount(status?.['total_files'])]
  return {
    totalFiles: largest(held),
    processedFiles: processed ?? toCount(status?.['files_done']),
    newFiles: sumOf(newInJson, newInText),
    bytes: sumOf(
      summary => toCount(summary['data_added_packed']) ?? toCount(summary['data_added']),
      text => storedInText(text),
    ),
    startedAt: earliest(summaries.map(summary => readTime(summary['backup_start']))),
    endedAt: latest(summaries.map(summary => readTime(summary['backup_end']))),
  }
}

/** Members of a restore that are 0 may be left out (manual, "Scripting"). */
function restoreCounts(lines: readonly ResticLine[]): ResticCounts {
  const summaries = messagesOf(lines.filter(isRestoreSummary))
  const texts = lines.flatMap(line => (line.kind === 'text' ? [restoredInText(line.text)] : []))
  const sumOf = (member: string) => summaries.map(summary => toCount(summary[member] ?? 0))
  return {
    ...unknown,
    totalFiles: sumCounts([...sumOf('total_files'), ...texts.map(text => text?.total ?? null)]),
    processedFiles: sumCounts([...sumOf('files_restored'), ...texts.map(text => text?.restored ?? null)]),
    bytes: sumCounts(sumOf('bytes_restored')),
  }
}

function restoredInText(text: string): { restored: number | null; total: number | null } | null {
  const match = /^Summary: Restored (\d+)(?: \/ (\d+))? files\/dirs /.exec(text)
  return match && { restored: toCount(Number(match[1])), total: toCount(Number(match[2] ?? match[1])) }
}

/** How many snapshots a line says were removed, in JSON by group or in text; null for any other line. */
function removedSnapshots(line: ResticLine): number | null {
  if (line.kind === 'text') return countIn(/^remove (\d+) snapshots:$/, line.text)
  if (line.kind !== 'list' || !isForgetGroups(line)) return null
  const removed = line.items.filter(isJsonObject).map(group => group['remove'])
  return sumCounts(removed.map(snapshots => (Array.isArray(snapshots) ? snapshots.length : 0)))
}

function newInJson({ files_new: added, files_changed: changed }: JsonObject): number | null {
  return sumCounts([toCount(added), toCount(changed)])
}

function newInText(text: string): number | null {
  const match = /^Files: +(\d+) new, +(\d+) changed, +\d+ unmodified$/.exec(text)
  return match && toCount(Number(match[1]) + Number(match[2]))
}

function processedInText(text: string): number | null {
  return countIn(/^processed (\d+) files?, /, text)
}

const unitBytes = new Map([
  ['B', 1],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
])

/** What reached the repository; restic rounds it to three places, and states the compressed size from 0.14.0 on. */
function storedInText(text: string): number | null {
  const match = /^Added to the repo(?:sitory)?: ([\d.]+) +([KMGT]?i?B)(?: +\(([\d.]+) +([KMGT]?i?B) +stored\))?/.exec(
    text,
  )
  if (!match) return null
  const [, added, addedUnit, stored = added, storedUnit = addedUnit] = match
  return toCount(Math.round(Number(stored) * (unitBytes.get(storedUnit ?? '') ?? NaN)))
}

function countIn(pattern: RegExp, text: string): number | null {
  const match = pattern.exec(text)
  return match && toCount(Number(match[1]))
}

function messagesOf(lines: readonly ResticLine[]): JsonObject[] {
  return lines.flatMap(line => (line.kind === 'message' ? [line.message] : []))
}

/** A time of RFC 3339; null for none and for an odd one: then the reporter's clock holds. */
function readTime(value: unknown): LocalTime | null {
  if (typeof value !== 'string') return null
  try {
    return parseLocalTime(value, 'UTC', 'The time')
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

function earliest(times: readonly (LocalTime | null)[]): LocalTime | null {
  return times
    .filter(time => time !== null)
    .reduce<LocalTime | null>((one, other) => (one && one.at <= other.at ? one : other), null)
}

function latest(times: readonly (LocalTime | null)[]): LocalTime | null {
  return times
    .filter(time => time !== null)
    .reduce<LocalTime | null>((one, other) => (one && one.at >= other.at ? one : other), null)
}

function largest(counts: readonly (number | null)[]): number | null {
  const known = counts.filter(count => count !== null)
  return known.length === 0 ? null : toCount(Math.max(...known))
}
