import type { LocalTime } from '../domain/local-time.ts'
import { lastInstant, minutes } from '../domain/instant.ts'
import type { RunMessage } from '../domain/run.ts'
import type { ToolReading } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { earliestTime, latestTime } from './run-times.ts'

/** One block of statistics that duplicity and rdiff-backup print alike: its numbers by name, and its times. */
export type SessionStatistics = {
  numbers: ReadonlyMap<string, number>
  startedAt: LocalTime | null
  endedAt: LocalTime | null
}

/** What blocks of statistics say together. */
export type StatisticsCounts = Pick<
  ToolReading,
  'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes' | 'startedAt' | 'endedAt'
> & { problems: number }

const closingLine = /^-{40,}$/
const numberLine = /^([A-Z][A-Za-z]{1,39}) (-?\d{1,18}(?:\.\d{1,9})?)(?: \(([^()]{1,60})\))?$/
/** The lines of such a block, but for its header. */
export const statisticsLines = [closingLine, numberLine]

/**
 * The blocks that begin with a line that `header` fits, each once: duplicity's machine log repeats the block of its
 * output. A block without its closing line was cut off, and is none.
 */
export function readSessionStatistics(lines: readonly string[], header: RegExp): SessionStatistics[] {
  const blocks = new Map<string, SessionStatistics>()
  let open: string[] | null = null
  for (const line of lines) {
    if (header.test(line)) open = []
    else if (open && closingLine.test(line)) {
      blocks.set(open.join('\n'), toStatistics(open))
      open = null
    } else if (open && numberLine.test(line)) open.push(line)
  }
  return [...blocks.values()].filter(({ numbers }) => numbers.has('SourceFiles') && numbers.has('Errors'))
}

/**
 * The sums of all blocks. `SourceFiles` counts directories and links, too, and the source itself: where it is all there
 * is and nothing of it was stored, no file was read.
 */
export function countStatistics(blocks: readonly SessionStatistics[]): StatisticsCounts {
  const sumOf = (name: string) => sumCounts(blocks.map(({ numbers }) => numbers.get(name) ?? null))
  const problems = sumOf('Errors') ?? 0
  const totalFiles = sumCounts(blocks.map(countSource))
  const stored = blocks.map(({ numbers }) => numbers.get('TotalDestinationSizeChange') ?? NaN)
  return {
    totalFiles,
    processedFiles: totalFiles === null ? null : Math.max(0, totalFiles - problems),
    newFiles: totalFiles === 0 ? 0 : sumCounts([sumOf('NewFiles'), sumOf('ChangedFiles')]),
    bytes: blocks.length === 0 ? null : toCount(stored.reduce((sum, bytes) => sum + bytes, 0)),
    startedAt: earliestTime(blocks.map(block => block.startedAt)),
    endedAt: latestTime(blocks.map(block => block.endedAt)),
    problems,
  }
}

/** What is said of errors that the statistics count and no line explains. */
export function noteProblems(counted: number, explained: number): RunMessage[] {
  return counted > explained ? [{ level: 'warning', text: `Errors ${counted}, as the statistics count them.` }] : []
}

function countSource({ numbers }: SessionStatistics): number | null {
  const files = toCount(numbers.get('SourceFiles'))
  return files === 1 && !((numbers.get('RawDeltaSize') ?? 0) > 0) ? 0 : files
}

function toStatistics(lines: readonly string[]): SessionStatistics {
  const matches = lines.map(line => numberLine.exec(line)).filter(match => match !== null)
  const timeOf = (name: string) => {
    const match = matches.find(match => match[1] === name)
    return match ? toTime(Number(match[2]), match[3] ?? '') : null
  }
  return {
    numbers: new Map(matches.map(match => [match[1] ?? '', Number(match[2])])),
    startedAt: timeOf('StartTime'),
    endedAt: timeOf('EndTime'),
  }
}

/** A time in seconds since 1970, on the clock that the same line shows in words: `1795417524.86 (Mon Nov 23 07:05:24 2026)`. */
function toTime(epochSeconds: number, wallText: string): LocalTime | null {
  const at = Math.round(epochSeconds * 1_000)
  if (!(at > 0 && at <= lastInstant)) return null
  // ISO 8601 has no such form: without a zone in it, what is read as UTC is the clock itself.
  const wall = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(wallText)
    ? Date.parse(`${wallText} UTC`)
    : NaN
  const offsetMinutes = (wall - Math.floor(at / 1_000) * 1_000) / minutes(1)
  const isOffset = offsetMinutes % 15 === 0 && Math.abs(offsetMinutes) <= 18 * 60
  return { at, offsetMinutes: isOffset ? offsetMinutes : 0 }
}
