import { sumCounts, toCount } from './counts.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'

/** How far a run has come, as its tool says; null for what it does not say. */
export type Progress = {
  /** 0 to 1. */
  fraction: number | null
  files: number | null
  totalFiles: number | null
  /** Bytes that were read. */
  bytes: number | null
  totalBytes: number | null
  /** Bytes that reached the destination. */
  storedBytes: number | null
  secondsLeft: number | null
}

/**
 * Reads a line in which a tool says how far it has come; null for every other line. `restic --json` writes messages of the
 * type `status`, `borg --progress --log-json` the types `archive_progress`, `progress_percent` and `progress_message`,
 * `rsync --info=progress2` a line that it draws over. Time is in proportion to the line.
 * Formats: restic manual, "Scripting"; borg manual, "All about JSON"; rsync(1), "--progress".
 */
export function readProgress(line: string): Progress | null {
  if (!line.startsWith('{')) return readRsyncProgress(line)
  if (!/"(?:message_type|type)":/.test(line)) return null
  const message = parseJsonLine(line)
  if (!isJsonObject(message)) return null
  return message['message_type'] === 'status' ? readResticStatus(message) : readBorgProgress(message)
}

const unknown: Progress = {
  fraction: null,
  files: null,
  totalFiles: null,
  bytes: null,
  totalBytes: null,
  storedBytes: null,
  secondsLeft: null,
}

/** Of a backup, or of a restore, whose files are restored or skipped. */
function readResticStatus(status: JsonObject): Progress {
  return {
    ...unknown,
    fraction: toFraction(status['percent_done']),
    files:
      toCount(status['files_done']) ?? sumCounts([toCount(status['files_restored']), toCount(status['files_skipped'])]),
    totalFiles: toCount(status['total_files']),
    bytes: toCount(status['bytes_done']) ?? toCount(status['bytes_restored']),
    totalBytes: toCount(status['total_bytes']),
    secondsLeft: toCount(status['seconds_remaining']),
  }
}

function readBorgProgress({ type, ...record }: JsonObject): Progress | null {
  if (type === 'progress_message') return unknown
  if (type === 'progress_percent') {
    const [current, total] = [toCount(record['current']), toCount(record['total'])]
    return { ...unknown, fraction: current === null || !total ? null : toFraction(current / total) }
  }
  if (type !== 'archive_progress') return null
  return {
    ...unknown,
    files: toCount(record['nfiles']),
    bytes: toCount(record['original_size']),
    storedBytes: toCount(record['deduplicated_size']),
  }
}

// "    1,234,567  12%    1.23MB/s    0:00:01 (xfr#3, to-chk=5/10)"; "ir-chk" while it still looks for files.
const rsyncLine =
  /^ {0,20}[\d.,']{1,30}[KMGTP]? +(\d{1,3})% +[\d.,]{1,20}[kKMGT]?B\/s +(\d{1,6}):(\d\d):(\d\d)(?: +\(xfr#\d{1,15}, (?:to|ir)-chk=(\d{1,15})\/(\d{1,15})\))? *$/

/** Its bytes are those of one file with `--progress`, and of all with `--info=progress2`: nothing tells which. */
function readRsyncProgress(line: string): Progress | null {
  const match = rsyncLine.exec(line)
  if (!match) return null
  const [percent, hours, minutes, seconds, left, total] = match.slice(1).map(Number)
  const isKnown = match[6] !== undefined
  return {
    ...unknown,
    fraction: toFraction((percent ?? 0) / 100),
    files: isKnown ? toCount((total ?? 0) - (left ?? 0)) : null,
    totalFiles: isKnown ? toCount(total) : null,
    secondsLeft: percent === 100 ? null : (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0),
  }
}

function toFraction(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? Math.min(1, value) : null
}
