import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { type DumpBorders, incompleteDump, isArchive, isDumpComplete } from './dump-text.ts'
import { toOutputLines } from './output-lines.ts'
import { isPostgresTrouble, type PostgresLine, readPostgresLine, readPostgresTroubles } from './postgres-lines.ts'
import { joinPatterns } from './join-patterns.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads pg_dump and pg_dumpall as backups and pg_restore as a restore, PostgreSQL 9 to 18. They print nothing when all is
 * well, so an empty output is judged by its exit status; with `--verbose` the tables are counted, and a dump in plain text on
 * standard output must have its last line. `read` throws `invalid` for a text in which nothing is theirs.
 * Source: PostgreSQL documentation, "pg_dump", "pg_dumpall", "pg_restore"; PostgreSQL 15.18 as run.
 */
export const pgDump: BackupTool = {
  name: 'pg_dump',
  usage: {
    programs: ['pg_dump', 'pg_dumpall', 'pg_restore'],
    notBackups: { pg_restore: 'restore' },
    debianPackage: 'postgresql-client',
    example: { set: 'Shop', command: 'pg_dump --verbose --format=custom --file=/srv/backup/shop.dump shop' },
    warnings: [1],
  },

  recognizes({ stdout, stderr }) {
    const starts = [stdout, stderr].filter(text => text.trim() !== '').map(isStartOfOwn)
    return starts.length > 0 && starts.every(isOwn => isOwn)
  },

  read(output) {
    const found = readLines(output)
    if (!found.isEmpty && !found.isOwn) refuseOutput('pg_dump')
    return toSqlReading(output, toEvidence(found))
  },

  needs(line) {
    if (neededLine.test(line) || isPostgresTrouble(line)) return 'each'
    const text = readPostgresLine(line)?.text
    if (text === undefined) return null
    if (tellingTexts.test(text)) return 'each'
    return text.startsWith('creating ') ? 'newest creating' : 'newest other'
  },
}

type Found = {
  lines: readonly string[]
  own: readonly PostgresLine[]
  troubles: readonly (Trouble & { program: string | null })[]
  isEmpty: boolean
  isOwn: boolean
  isListing: boolean
  /** Null when there is no dump in plain text. */
  isComplete: boolean | null
}

const dumpStart = /^-- PostgreSQL database (?:cluster )?dump$/
const dumps: readonly DumpBorders[] = [
  { start: /^-- PostgreSQL database dump$/, end: /^-- PostgreSQL database dump complete$/ },
  { start: /^-- PostgreSQL database cluster dump$/, end: /^-- PostgreSQL database cluster dump complete$/ },
]
/** What is counted in the lines of `--verbose`, and what is told once. */
const tellingTexts =
  /^(?:dumping contents of table |processing data for table |reading large objects$|connecting to database for restore$|terminated by user$)/
const listingStart = /^; Archive created at /

function readLines({ stdout, stderr }: ToolOutput): Found {
  const streams = [stdout, stderr].map(toOutputLines)
  const lines = streams.flat()
  const own = lines.map(readPostgresLine).filter(line => line !== null)
  const isComplete = isDumpComplete(lines, dumps)
  const isDump = isComplete !== null || isArchive(stdout)
  const isListing = lines.some(line => listingStart.test(line))
  // What a dump holds is no message, even where it looks like one: only lines with a program's name count beside it.
  const told = streams.flatMap(stream => {
    const isData = stream.some(line => dumpStart.test(line)) || (stream === streams[0] && isArchive(stdout))
    return isData ? stream.filter(line => readPostgresLine(line) !== null) : stream
  })
  const troubles = readPostgresTroubles(told)
  return {
    lines,
    own,
    troubles,
    isEmpty: lines.length === 0,
    isOwn: own.some(isOfFamily) || troubles.length > 0 || isDump || isListing,
    isListing,
    isComplete,
  }
}

function isOfFamily({ program }: PostgresLine): boolean {
  return program === 'pg_dump' || program === 'pg_dumpall' || program === 'pg_restore'
}

function toEvidence(found: Found): SqlEvidence {
  const { lines, own, isListing, isComplete } = found
  const isDump = isComplete !== null || own.some(({ program }) => program.startsWith('pg_dump'))
  const isRestore = !isDump && (own.some(({ program }) => program === 'pg_restore') || ignoredErrors(lines) !== null)
  const tables = isRestore ? restoredTables(own) : dumpedTables(own)
  return {
    type: isRestore ? 'restore' : isListing && !isDump ? 'maintenance' : 'backup',
    isDone: isComplete === true,
    isStopped: own.some(({ text }) => text === 'terminated by user'),
    ...forgiven(found),
    doubt: isComplete === false ? incompleteDump : null,
    notes: [],
    totalFiles: tables,
    processedFiles: tables,
    version: versionIn(lines),
  }
}

const ignored = /^(?:pg_restore: (?:\[[a-z (),]{2,40}\] )?)?(?:warning|WARNING): errors ignored on restore: (\d{1,9})$/

/** How many errors pg_restore went on after, by its last line; null when it does not say. */
function ignoredErrors(lines: readonly string[]): number | null {
  const counts = lines.map(line => ignored.exec(line)?.[1]).filter(count => count !== undefined)
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + Number(count), 0)
}

/**
 * pg_restore goes on after an error of the database, counts it, and ends with 1: what it then calls "errors ignored" is
 * restored but for these. An error beyond those that it counts is why it, or another program, failed.
 */
function forgiven({
  lines,
  troubles,
}: Found): Pick<SqlEvidence, 'troubles' | 'hasFailed' | 'successes' | 'statedWarnings'> {
  const count = ignoredErrors(lines)
  const told = troubles.filter(({ text }) => !ignored.test(text))
  const errors = told.filter(({ level }) => level === 'error')
  const isForgiven = count !== null && errors.length <= count && errors.every(({ program }) => program === 'pg_restore')
  if (!isForgiven) return { troubles: told, hasFailed: errors.length > 0 }
  const warnings = told.map(trouble => ({ ...trouble, level: 'warning' as const }))
  return { troubles: warnings, hasFailed: false, successes: [0, 1], statedWarnings: Math.max(1, count) }
}

/**
 * The tables whose rows were dumped, from the lines of `--verbose`. None is 0 only where large objects were looked for,
 * too: a dump of the schema alone does not.
 */
function dumpedTables(own: readonly PostgresLine[]): number | null {
  const tables = own.filter(({ text }) => text.startsWith('dumping contents of table ')).length
  const isWhole = own.some(({ text }) => text === 'reading large objects')
  return tables > 0 || isWhole ? tables : null
}

/** The tables whose rows were restored, from the lines of `--verbose`; unknown when only definitions were. */
function restoredTables(own: readonly PostgresLine[]): number | null {
  const tables = own.filter(({ text }) => text.startsWith('processing data for table ')).length
  const isVerbose = own.some(({ text }) => text === 'connecting to database for restore')
  const isSchema = own.some(({ text }) => text.startsWith('creating '))
  return tables > 0 || (isVerbose && !isSchema) ? tables : null
}

function versionIn(lines: readonly string[]): string | null {
  return lines.map(line => version.exec(line)?.[1]).find(text => text !== undefined) ?? null
}

const version = /^(?:-- Dumped by pg_dump version |pg_(?:dump|dumpall|restore) \(PostgreSQL\) )(\d[\w.]{0,20})/
const neededLine = joinPatterns([...dumps.flatMap(({ start, end }) => [start, end]), ignored, version])

/** What only these programs write first: an error, a line of `--verbose`, a dump, or the list of an archive. */
const ownStarts = [
  /^pg_(?:dump|dumpall|restore): (?:error|fatal|warning|detail): /,
  /^pg_(?:dump|dumpall|restore): \[[a-z (),]{2,40}\] /,
  /^pg_dump: (?:last built-in OID is \d+|reading [a-z]|saving [a-z]|terminated by user$)/,
  /^pg_dumpall: (?:executing S|dumping database "|running ")/,
  /^pg_restore: (?:connecting to database for restore$|creating [A-Z]|processing data for table )/,
  dumpStart,
  listingStart,
]

function isStartOfOwn(text: string): boolean {
  if (text.startsWith('PGDMP') || text.startsWith('toc.dat\0')) return true
  // A dump and a list begin with an empty comment.
  const [first = '', second = ''] = toOutputLines(text)
  return ownStarts.some(start => start.test(first === '--' || first === ';' ? second : first))
}
