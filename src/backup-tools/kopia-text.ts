import type { RunCounts, RunType } from '../domain/run.ts'
import { sumCounts, toCount } from './counts.ts'
import { toBytes } from './size-text.ts'
import { joinPatterns } from './join-patterns.ts'

/** What the text says that Kopia prints for people. */
export type KopiaText = {
  /** The strongest command that the text tells; null when it tells none. */
  type: RunType | null
  isClosed: boolean
  isStopped: boolean
  isPanic: boolean
  /** How many snapshots were created. */
  created: number
  failed: number
  ignored: number
  items: string[]
  causes: string[]
  counts: RunCounts
  version: string | null
}

const created = /^Created( partial)? snapshot with root \S{1,200} and ID \S{1,200} in \S{1,40}$/
const unchanged = /^ ?Not saving snapshot because no files have been changed since previous snapshot$/
const restored = /^Restored (\d{1,15}) files, \d{1,15} directories and \d{1,15} symbolic links \(([^()]{1,40})\)/
const deleted = /^(?:Deleting snapshot |Deleted (\d{1,12}) snapshots of |Nothing to delete for )/
const wouldDelete = /^(?:Would delete snapshot |\d{1,12} snapshot\(s\) of .{1,500} would be deleted)/
const maintained = /^(?:Finished (?:full|quick) maintenance|Finished processing \d{1,15} objects|No maintenance )/
/** The last line of the progress of one source: a star stands where the spinner was. */
const uploaded =
  /^ \* \d{1,12} hashing, (\d{1,12}) hashed \([^()]{1,40}\), (\d{1,12}) cached \([^()]{1,40}\), uploaded (\d[\d.]{0,20} [A-Za-z]{1,5})/

/** `kopia --version`, and the last line of a notification. */
const versionLine =
  /(?:^|^Generated at .{1,60} by Kopia )v?(\d{1,4}\.\d{1,4}\.[\w-]{1,40}(?:\.[\w-]{1,20})?)(?: build: \S|\.$)/

const snapshotting = /^Snapshotting \S{1,300}@\S/
const canceled = /^(?:Created partial snapshot |(?:ERROR )?Upload canceled)/i
const panicked = /^goroutine \d{1,12} \[/
const fatal = /(?:^|[ :])[Ff]ound (\d{1,12}) fatal error\(s\) while snapshotting /
const ignored = /^(?:WARN )?Ignored (\d{1,12}) error\(s\) while snapshotting /
const ignoredInRestore = /^Restored \d.{1,200}, ignored (\d{1,12}) errors/
const cause = /^(?:ERROR |kopia: error: |panic: )/
const telling = joinPatterns([
  created,
  unchanged,
  restored,
  deleted,
  wouldDelete,
  maintained,
  uploaded,
  versionLine,
  snapshotting,
  canceled,
  panicked,
  fatal,
  ignored,
  ignoredInRestore,
  cause,
])

/** Whether a line tells anything of the run. */
export function isTellingKopiaText(line: string): boolean {
  return telling.test(line) || toItem(line) !== ''
}

/** Reads the lines that are no JSON. */
export function readKopiaText(lines: readonly string[]): KopiaText {
  const isMade = (line: string) => created.test(line) || unchanged.test(line)
  const started = lines.filter(line => snapshotting.test(line) && line.endsWith(' ...')).length
  const made = lines.filter(isMade).length
  const type = typeOf(lines, started + made > 0)
  return {
    type,
    isClosed: type === 'backup' ? made > 0 && made >= started : type !== null,
    isStopped: lines.some(line => canceled.test(line)),
    isPanic: lines.some(line => panicked.test(line)),
    created: lines.filter(line => created.test(line)).length,
    failed: countIn(lines, fatal),
    ignored: countIn(lines, ignored) + countIn(lines, ignoredInRestore),
    items: [...new Set(lines.map(toItem).filter(item => item !== ''))],
    causes: [...new Set(lines.filter(line => cause.test(line)))],
    counts: toCounts(lines, type),
    version: lines.map(line => versionLine.exec(line)?.[1]).find(Boolean) ?? null,
  }
}

function typeOf(lines: readonly string[], isBackup: boolean): RunType | null {
  if (isBackup) return 'backup'
  if (lines.some(line => restored.test(line))) return 'restore'
  if (lines.some(line => deleted.test(line))) return 'delete'
  return lines.some(line => wouldDelete.test(line) || maintained.test(line)) ? 'maintenance' : null
}

/** The sum over distinct lines, one of each source. */
function countIn(lines: readonly string[], pattern: RegExp): number {
  const counts = new Map(lines.map(line => [line, pattern.exec(line)?.[1]]))
  return sumCounts([...counts.values()].map(count => (count === undefined ? null : toCount(Number(count))))) ?? 0
}

/** `path: reason` of a line such as ` ! Ignored error when processing "path": reason`. */
function toItem(line: string): string {
  const match = /^(?: ! |! )?(?:WARN |ERROR )?(?:Ignored error|Error) when processing "(.{1,2000})$/.exec(line)
  return match ? (match[1] ?? '').replace('": ', ': ') : ''
}

function toCounts(lines: readonly string[], type: RunType | null): RunCounts {
  const none: RunCounts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }
  if (type === 'restore') {
    const matches = lines.map(line => restored.exec(line)).filter(match => match !== null)
    return {
      ...none,
      processedFiles: sumCounts(matches.map(match => toCount(Number(match[1])))),
      bytes: sumCounts(matches.map(match => toBytes(match[2] ?? '', 1_000))),
    }
  }
  if (type === 'delete') return { ...none, processedFiles: countDeleted(lines) }
  if (type !== 'backup') return none
  const matches = lines.map(line => uploaded.exec(line)).filter(match => match !== null)
  const isUnchanged = matches.length === 0 && lines.some(line => unchanged.test(line))
  const hashed = sumCounts(matches.map(match => toCount(Number(match[1]))))
  return {
    totalFiles: null,
    processedFiles: sumCounts([hashed, ...matches.map(match => toCount(Number(match[2])))]),
    newFiles: isUnchanged ? 0 : hashed,
    bytes: sumCounts(matches.map(match => toBytes(match[3] ?? '', 1_000))),
  }
}

/** How many snapshots were deleted, one by one or by source; nothing to delete is none. */
function countDeleted(lines: readonly string[]): number | null {
  return sumCounts(
    lines.map(line => {
      const match = deleted.exec(line)
      if (!match) return null
      if (match[1] !== undefined) return toCount(Number(match[1]))
      return line.startsWith('Deleting ') ? 1 : 0
    }),
  )
}
