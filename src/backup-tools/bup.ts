import type { RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { deriveReading } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { joinPatterns } from './join-patterns.ts'

/**
 * Reads `bup index` and `bup save`, which print nothing when all is well: exit status 0 is the whole verdict, and no number
 * is known. `bup save` ends with 1 when it could not read some files; then it says so, and the backup is made.
 * `bup index` without `bup save` looks the same as both: nothing tells them apart.
 * Format: bup manual pages bup-index and bup-save; bup 0.33 as run.
 */
export const bup: BackupTool = {
  name: 'bup',
  usage: {
    programs: ['bup'],
    notBackups: {
      index: 'maintenance',
      init: 'maintenance',
      fsck: 'maintenance',
      ls: 'maintenance',
      gc: 'delete',
      rm: 'delete',
      restore: 'restore',
    },
    debianPackage: 'bup',
    example: { set: 'Documents', command: "sh -c 'bup index /home; bup save -n home /home'" },
    warnings: [1],
  },

  recognizes(output) {
    return readLines(output).some(line => savedWithErrors.test(line))
  },

  read(output) {
    const lines = readLines(output)
    const isSaved = lines.some(line => savedWithErrors.test(line))
    const isTraced = lines.includes('Traceback (most recent call last):')
    const isInterrupted = lines.includes('KeyboardInterrupt')
    const causes = lines.filter(line => causeLine.test(line))
    const items = lines.filter(line => itemLine.test(line))
    const stated = lines
      .map(line => Number(countedErrors.exec(line)?.[1] ?? 0))
      .reduce((most, count) => Math.max(most, count), 0)
    const isFailed = causes.length > 0 && !isSaved
    return deriveReading(output, {
      type: typeOf(lines),
      isClosed: isSaved,
      ended: isInterrupted ? 'canceled' : isTraced ? 'crashed' : isFailed ? 'failed' : null,
      partials: isSaved ? [someNotSaved] : [],
      problems: Math.max(stated, causes.length),
      messages: [
        ...causes.map(text => ({ level: 'error' as const, text })),
        ...items.map(text => ({ level: 'warning' as const, text })),
      ],
      lastWords: lines.slice(-3),
      silence: null,
      totalFiles: null,
      processedFiles: null,
      newFiles: null,
      bytes: null,
    })
  },

  needs(line) {
    if (telling.test(line)) return 'each'
    return commandLine.test(line) ? `newest command ${commands.findIndex(({ pattern }) => pattern.test(line))}` : null
  },
}

const someNotSaved = 1

const savedWithErrors = /^WARNING: \d{1,9} errors encountered while saving\.$/
const countedErrors = /^WARNING: (\d{1,9}) errors encountered(?: while saving)?\.$/i
const causeLine = /^(?:error: \S|fatal: \S|bup: error: )/

const itemLine = / ?\[Errno \d{1,4}\] \S/
const telling = joinPatterns([
  savedWithErrors,
  countedErrors,
  causeLine,
  itemLine,
  /^(?:Traceback \(most recent call last\):|KeyboardInterrupt)$/,
])

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines)
}

/** Lines that only one command writes; a backup writes none. */
const commands: readonly { type: RunType; pattern: RegExp }[] = [
  { type: 'backup', pattern: savedWithErrors },
  { type: 'backup', pattern: /^(?:Saving|bloom): / },
  { type: 'restore', pattern: /^Restoring: \d/ },
  { type: 'delete', pattern: /^(?:discarded \d{1,3}% of objects|removing unreachable data)$/ },
  { type: 'maintenance', pattern: /^pack-[0-9a-f]{40} (?:ok|failed)/ },
  { type: 'maintenance', pattern: /^check: passed\.$/ },
  { type: 'maintenance', pattern: /^Initialized empty Git repository in / },
  { type: 'maintenance', pattern: /^\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:[~-]\S{1,40})?$/ },
]

const commandLine = joinPatterns(commands.map(({ pattern }) => pattern))

function typeOf(lines: readonly string[]): RunType {
  return commands.find(({ pattern }) => lines.some(line => pattern.test(line)))?.type ?? 'backup'
}
