import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { toOutputLines } from './output-lines.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads mydumper as a backup and myloader as a restore. They print warnings and errors alone, so an empty output is judged by
 * its exit status; with `--verbose 3` the tables are counted, and a dump must say that it has finished. `read` throws
 * `invalid` for a text in which nothing is theirs.
 * Source: mydumper documentation; GLib reference, "Message Logging" (how levels look); mydumper 0.10.0 as run.
 */
export const mydumper: BackupTool = {
  name: 'mydumper',
  usage: {
    programs: ['mydumper', 'myloader'],
    notBackups: { myloader: 'restore' },
    debianPackage: 'mydumper',
    example: { set: 'Shop', command: 'mydumper --verbose 3 --database shop --outputdir /srv/backup/shop' },
  },

  recognizes(output) {
    return readLines(output).some(({ program, text }) => program !== null || dumpTime.test(text))
  },

  read(output) {
    const lines = readLines(output)
    const isEmpty = output.stdout.trim() === '' && output.stderr.trim() === ''
    if (!isEmpty && lines.length === 0) refuseOutput('mydumper')
    return toSqlReading(output, toEvidence(lines))
  },

  needs(text) {
    const line = readLine(text)
    if (!line) return null
    const isTelling = line.level !== null || tellingTexts.some(pattern => pattern.test(line.text))
    if (isTelling) return 'each'
    if (line.program !== null) return `newest ${line.program}`
    return loading.test(line.text) ? 'newest loading' : null
  },
}

type Line = { program: string | null; level: Trouble['level'] | null; text: string; line: string }

// "** Message: 07:13:14.493: …", "** (mydumper:9095): CRITICAL **: 14:21:39.518: …"; before GLib 2.56 without a time.
const glibLine =
  /^\*\* (?:\((mydumper|myloader):\d{1,10}\): )?(Message|INFO|DEBUG|WARNING|CRITICAL|ERROR)(?: \*\*)?: (?:\d\d:\d\d:\d\d\.\d{3}: )?/
const libraryLine =
  /^\((mydumper|myloader):\d{1,10}\): [\w-]{1,40}-(WARNING|CRITICAL|ERROR) \*\*: (?:\d\d:\d\d:\d\d\.\d{3}: )?/
const usageLine = /^option parsing failed: /
const dumpTime = /^(?:Started|Finished) dump at: \d{4}-\d\d-\d\d /

function readLines({ stdout, stderr }: ToolOutput): Line[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)].flatMap(line => readLine(line) ?? [])
}

function readLine(line: string): Line | null {
  const match = glibLine.exec(line) ?? libraryLine.exec(line)
  if (match)
    return { program: match[1] ?? null, level: toLevel(match[2] ?? ''), text: line.slice(match[0].length), line }
  if (usageLine.test(line)) return { program: null, level: 'error', text: line, line }
  return versionLine.test(line) ? { program: null, level: null, text: line, line } : null
}

function toLevel(word: string): Trouble['level'] | null {
  if (word === 'CRITICAL' || word === 'ERROR') return 'error'
  return word === 'WARNING' ? 'warning' : null
}

const loading = /^(?:Creating (?:database|table|view) `|Thread \d{1,6} restoring `|\d{1,6} threads created$)/

function toEvidence(lines: readonly Line[]): SqlEvidence {
  const isLoader = lines.some(({ program, text }) => program === 'myloader' || loading.test(text))
  const isDumper = lines.some(({ program, text }) => program === 'mydumper' || dumpTime.test(text))
  const troubles = lines.flatMap(({ level, line }): Trouble[] => (level ? [{ level, text: line, details: [] }] : []))
  const started = lines.filter(({ text }) => text.startsWith('Started dump at: ')).length
  const finished = lines.filter(({ text }) => text.startsWith('Finished dump at: ')).length
  const isRestore = isLoader && !isDumper
  const tables = isRestore ? countTables(lines, restored) : dumpedTables(lines, finished > 0)
  return {
    type: isRestore ? 'restore' : 'backup',
    isDone: finished > 0 && finished >= started,
    isStopped: false,
    hasFailed: troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: started > finished ? 'The output ends before "Finished dump".' : null,
    notes: [],
    totalFiles: tables,
    processedFiles: tables,
    version: versionIn(lines),
  }
}

const versionLine = /^(?:mydumper|myloader) (\d[\w.-]{0,20}), built against /
const dumped = /dumping data for (`[^`]{1,200}`\.`[^`]{1,200}`)/
const restored = /^Thread \d{1,6} restoring (`[^`]{1,200}`\.`[^`]{1,200}`)/

const told = /^Thread \d{1,6} dumping db information for /
const schema = /^Thread \d{1,6} dumping schema for /
const tellingTexts = [dumped, restored, told, schema, dumpTime, versionLine]

/** The tables that lines tell, each once: a large one is dumped in parts. Null when none is told. */
function countTables(lines: readonly Line[], pattern: RegExp): number | null {
  const tables = new Set(lines.map(({ text }) => pattern.exec(text)?.[1]).filter(table => table !== undefined))
  return tables.size > 0 ? tables.size : null
}

/** The tables whose rows were dumped; 0 only where it told of the databases and of no table at all. */
function dumpedTables(lines: readonly Line[], isFinished: boolean): number | null {
  const isTold = lines.some(({ text }) => told.test(text))
  const isSchema = lines.some(({ text }) => schema.test(text))
  return countTables(lines, dumped) ?? (isFinished && isTold && !isSchema ? 0 : null)
}

function versionIn(lines: readonly Line[]): string | null {
  return lines.map(({ text }) => versionLine.exec(text)?.[1]).find(version => version !== undefined) ?? null
}
