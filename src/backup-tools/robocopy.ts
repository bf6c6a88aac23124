import type { RunMessage } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { sumCounts } from './counts.ts'
import { deriveReading } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { isRobocopyRow, readRobocopySummaries, type RobocopySummary } from './robocopy-summary.ts'
import { joinPatterns } from './join-patterns.ts'

/**
 * Reads robocopy of Windows, in whatever language. Its exit status is a set of bits: 1 files were copied, 2 the destination
 * holds more, 4 something did not match, 8 something could not be copied, 16 nothing could be done. So 1 is a success, but
 * only beside output that is robocopy's: for every other command 1 is a failure. `/L` copies nothing and is no backup.
 * Format: Microsoft Learn, "robocopy", "Exit (return) codes".
 */
export const robocopy: BackupTool = {
  name: 'robocopy',
  usage: {
    programs: ['robocopy'],
    debianPackage: null,
    example: { set: 'Documents', command: 'robocopy C:\\Data D:\\Backup /E /R:1 /W:1 /NP', shell: 'bat' },
    successes: [0, 1, 2, 3],
    warnings: [4, 5, 6, 7],
  },

  recognizes(output) {
    const lines = readLines(output)
    return lines.some(line => banner.test(line)) || lines.some(line => tableHeader.test(line))
  },

  read(output) {
    const lines = readLines(output)
    const summaries = readRobocopySummaries(lines)
    const isOwn = summaries.length > 0 || lines.some(line => banner.test(line) || logFile.test(line))
    const isDryRun = lines.some(line => options.test(line) && / \/L(?: |$)/.test(line))
    const failed = sum(summaries.map(summary => summary.failed))
    const mismatched = sum(summaries.map(summary => summary.mismatched))
    const troubles = toTroubles(lines)
    const isClosed = summaries.length > 0
    const isFailed = failed > 0 || (troubles.length > 0 && !isClosed)
    return deriveReading(output, {
      ...(isDryRun ? unknown : toCounts(summaries)),
      type: isDryRun ? 'maintenance' : 'backup',
      isClosed,
      ended: isFailed ? 'failed' : null,
      successes: isOwn ? [1, 2, 3] : [],
      partials: isOwn ? [4, 5, 6, 7] : [],
      problems: failed,
      warnings: mismatched,
      messages: toMessages(troubles, isFailed || bitsOf(output.exitStatus) >= 8, mismatched),
      lastWords: lines.slice(-3),
      silence: 'The output does not tell what was copied: run robocopy without /NJS, and with /TEE beside /LOG.',
      version: lines.map(line => versionLine.exec(line)?.[1]).find(Boolean) ?? null,
    })
  },

  needs(text) {
    const line = text.replaceAll('\t', ' ')
    return neededLine.test(line) || isRobocopyRow(line) ? 'each' : null
  },
}

const banner = /^ {0,12}ROBOCOPY {1,12}:: {1,12}\S/
// What is left on the screen with /LOG.
const logFile = /^ {0,12}Log File : \S/
const tableHeader = /^ +Total +Copied +Skipped +Mismatch +FAILED +Extras$/

const options = / \/R:\d/
const failedItem = /^(?:\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d )?\S{1,12} \d{1,5} \(0x[0-9A-F]{8}\) \S/
const usageError = /^ {0,12}ERROR : \S/
const versionLine = /:: {1,9}Version (\S{1,20})$/
const neededLine = joinPatterns([banner, logFile, tableHeader, options, failedItem, usageError, versionLine])

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines).map(line => line.replaceAll('\t', ' '))
}

type Counts = Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>

const unknown: Counts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

/** What robocopy skips, it has compared and found the same. */
function toCounts(summaries: readonly RobocopySummary[]): Counts {
  if (summaries.length === 0) return unknown
  return {
    totalFiles: sum(summaries.map(summary => summary.files)),
    processedFiles: sum(summaries.map(summary => summary.copied + summary.skipped)),
    newFiles: sum(summaries.map(summary => summary.copied)),
    bytes: sumCounts(summaries.map(summary => summary.copiedBytes)),
  }
}

function sum(counts: readonly number[]): number {
  return sumCounts(counts) ?? 0
}

function bitsOf(exitStatus: number | null): number {
  return exitStatus !== null && exitStatus < 32 ? exitStatus : 0
}

/** `… ERROR 5 (0x00000005) Copying File C:\a` with the reason in the line below, and what is wrong with the command. */
function toTroubles(lines: readonly string[]): string[] {
  const troubles = lines.flatMap((line, index) => {
    if (failedItem.test(line)) {
      return [`${line} – ${lines[index + 1]?.trim() ?? ''}`]
    }
    return usageError.test(line) ? [line.trim()] : []
  })
  return [...new Set(troubles)]
}

/** A file that could be copied after another try is no trouble, but worth showing. */
function toMessages(troubles: readonly string[], isFailed: boolean, mismatched: number): RunMessage[] {
  const mismatch: RunMessage = { level: 'warning', text: `${mismatched} files did not match those of the destination.` }
  return [
    ...troubles.map(text => ({ level: isFailed ? ('error' as const) : ('info' as const), text })),
    ...(mismatched > 0 ? [mismatch] : []),
  ]
}
