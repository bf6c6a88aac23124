import { toCount } from './counts.ts'
import { toBytes } from './size-text.ts'

/** The table at the end of one run of robocopy. Bytes are rounded, unless `/BYTES` is given. */
export type RobocopySummary = {
  files: number
  copied: number
  skipped: number
  mismatched: number
  /** Files and directories that could not be copied. */
  failed: number
  copiedBytes: number | null
}

// A name, a colon, and six numbers: total, copied, skipped, mismatch, failed, extras. The names differ with the language.
const row = /^ {0,12}[^:\d]{1,24}: {1,30}(\d[\d. a-z]{5,200})$/i
const cell = /\d[\d.]{0,20}(?: [kmgt](?![a-z]))?/gi

/** The tables in `lines`, one of each run: a row of directories, one of files and one of bytes stand below each other. */
export function readRobocopySummaries(lines: readonly string[]): RobocopySummary[] {
  const rows = lines.map(toCells)
  return rows.flatMap((directories, index) => {
    const [files, bytes] = [rows[index + 1] ?? null, rows[index + 2] ?? null]
    const summary = directories && files && bytes && toSummary(directories, files, bytes)
    return summary ? [summary] : []
  })
}

/** Whether a line is a row of such a table. */
export function isRobocopyRow(line: string): boolean {
  return toCells(line) !== null
}

function toCells(line: string): string[] | null {
  const [, text] = row.exec(line) ?? []
  const cells = text?.match(cell) ?? []
  return cells.length === 6 ? cells : null
}

function toSummary(directories: readonly string[], files: readonly string[], bytes: readonly string[]) {
  const [total, copied, skipped, mismatched, failed] = files.map(toWhole)
  const failedDirectories = toWhole(directories[4] ?? '')
  const counts = [total, copied, skipped, mismatched, failed, failedDirectories]
  if (directories.some(text => toWhole(text) === null) || counts.includes(null)) return null
  return {
    files: total ?? 0,
    copied: copied ?? 0,
    skipped: skipped ?? 0,
    mismatched: mismatched ?? 0,
    failed: (failed ?? 0) + (failedDirectories ?? 0),
    copiedBytes: toBytes(bytes[1] ?? '', 1_024),
  }
}

function toWhole(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? toCount(Number(text)) : null
}
