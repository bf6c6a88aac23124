import type { RunMessage } from '../domain/run.ts'
import type { BackupTool } from './backup-tool.ts'
import { type DumpBorders, incompleteDump, isArchive, isDumpComplete } from './dump-text.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads mysqldump and mariadb-dump, MySQL 5 to 9 and MariaDB 10 to 12. They print nothing when all is well, so an empty
 * output is judged by its exit status; with `--verbose` the tables are counted, and a dump on standard output must have its
 * last line. `read` throws `invalid` for a text in which nothing is theirs.
 * Source: MariaDB documentation, "mariadb-dump"; MySQL Reference Manual, "mysqldump"; MariaDB 10.11.19 as run.
 */
export const mysqldump: BackupTool = {
  name: 'mysqldump',
  usage: {
    programs: ['mariadb-dump', 'mysqldump'],
    debianPackage: 'mariadb-client',
    example: {
      set: 'Shop',
      command: "sh -c 'mariadb-dump --verbose --single-transaction shop > /srv/backup/shop.sql'",
    },
  },

  recognizes({ stdout, stderr }) {
    const starts = [stdout, stderr].filter(text => text.trim() !== '').map(isStartOfOwn)
    return starts.length > 0 && starts.every(isOwn => isOwn)
  },

  read(output) {
    const lines = [...(isArchive(output.stdout) ? [] : toOutputLines(output.stdout)), ...toOutputLines(output.stderr)]
    if (lines.length > 0 && !lines.some(isOwnLine)) refuseOutput('mysqldump')
    return toSqlReading(output, toEvidence(lines))
  },

  needs(line) {
    return neededLine.test(line) && levelOf(line) !== 'info' ? 'each' : null
  },
}

/** How a dump begins and ends: with comments (the default), in SQL with or without them, in XML. */
const dumps: readonly DumpBorders[] = [
  { start: /^-- (?:MySQL|MariaDB) dump \d/, end: /^-- Dump completed\b/ },
  { start: /^\/\*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES\b/, end: /^\/\*!40111 SET SQL_NOTES=@OLD_SQL_NOTES\b/ },
  { start: /^<mysqldump[ >]/, end: /^<\/mysqldump>$/ },
]
const connecting = /^-- Connecting to \S{1,300}\.\.\.$/
const disconnecting = /^-- Disconnecting from \S{1,300}\.\.\.$/
const table = /^-- Retrieving table structure for table /
const clients = /^(?:mysqldump|mariadb-dump|mysql|mariadb|mysqladmin|mariadb-admin)(?:\.exe|\.bin)?: /
// The clients mysql and mariadb: "ERROR 1046 (3D000) at line 1: No database selected".
const clientError = /^ERROR \d{4,5} \([\dA-Z]{5}\)/

function isOwnLine(line: string): boolean {
  return (
    levelOf(line) !== null ||
    connecting.test(line) ||
    disconnecting.test(line) ||
    table.test(line) ||
    /^Usage: (?:mysqldump|mariadb-dump) /.test(line) ||
    dumps.some(({ start }) => start.test(line)) ||
    // With --compact nothing but the statements is left.
    /^(?:\/\*!\d{5} |\/\*M!\d{6}|CREATE TABLE `|INSERT INTO `)/.test(line)
  )
}

function toEvidence(lines: readonly string[]): SqlEvidence {
  const told = lines.map(line => ({ line, level: levelOf(line) })).filter(({ level }) => level !== null)
  const troubles = told.flatMap(({ line, level }): Trouble[] =>
    level === 'error' || level === 'warning' ? [{ level, text: line, details: [] }] : [],
  )
  const notes = told
    .filter(({ level }) => level === 'info')
    .map(({ line }): RunMessage => ({ level: 'info', text: line }))
  const isComplete = isDumpComplete(lines, dumps)
  const tables = countTables(lines)
  return {
    type: 'backup',
    isDone: isComplete === true,
    isStopped: false,
    hasFailed: troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: isComplete === false ? incompleteDump : doubtOf(lines),
    notes,
    totalFiles: tables,
    processedFiles: tables,
    version: versionIn(lines),
  }
}

/** What a connection that did not end well leaves: the pipe behind the tool hides that it was killed. */
function doubtOf(lines: readonly string[]): string | null {
  const isOpen =
    lines.findLastIndex(line => connecting.test(line)) > lines.findLastIndex(line => disconnecting.test(line))
  return isOpen ? 'The output ends before the tool disconnected from the server.' : null
}

/** The tables that were dumped, from the lines of `--verbose`; 0 only where it connected and disconnected. */
function countTables(lines: readonly string[]): number | null {
  const count = lines.filter(line => table.test(line)).length
  const isVerbose = lines.some(line => connecting.test(line)) && lines.some(line => disconnecting.test(line))
  return count > 0 || isVerbose ? count : null
}

/** Remarks on the way it was called, which say nothing about the dump. */
const remarks = [
  /^(?:\[Warning\] |Warning: )?Using a password on the command line interface can be insecure/,
  /^Deprecated program name\b/,
  /^(?:\[Warning\] |WARNING: )option '?--ssl-verify-server-cert'? is disabled\b/,
]

const warnings = [
  /^(?:\[Warning\]|Warning:|WARNING:) /,
  /^-- Warning: /,
  // The dump lacks tablespaces, which InnoDB does not need, and the tool goes on and ends with 0.
  /^Error: .{1,300} when trying to dump tablespaces$/,
]

/** How bad a line is; null for one that tells of no problem. Whatever a program says under its name is one, in doubt. */
function levelOf(line: string): RunMessage['level'] | null {
  const client = clients.exec(line)
  const text = client ? line.slice(client[0].length) : line
  if (remarks.some(pattern => pattern.test(text)) || text.startsWith('[Note] ')) return 'info'
  if (warnings.some(pattern => pattern.test(text))) return 'warning'
  return client || clientError.test(line) ? 'error' : null
}

const versions = [
  /^-- (?:MySQL|MariaDB) dump [\d.]{1,10}(?: {2}Distrib |-)(\d[\w.]{0,20}(?:-[A-Za-z]{1,20})?)(?:-[\w.+-]{1,40})?, for /,
  /^(?:mysqldump|mariadb-dump)(?:\.exe)? {2}Ver \S{1,40} (?:Distrib |for )(\d[\w.]{0,20}(?:-[A-Za-z]{1,20})?)/,
]

function versionIn(lines: readonly string[]): string | null {
  const found = lines.flatMap(line => versions.map(pattern => pattern.exec(line)?.[1]))
  return found.find(version => version !== undefined) ?? null
}

const neededLine = joinPatterns([
  connecting,
  disconnecting,
  table,
  clients,
  clientError,
  ...warnings,
  ...versions,
  ...dumps.flatMap(({ start, end }) => [start, end]),
])

const ownStarts = [
  /^(?:mysqldump|mariadb-dump)(?:\.exe)?: (?:Got err|Couldn't |Error[ :]|\[(?:Warning|ERROR)\] )/,
  connecting,
  /^-- (?:MySQL|MariaDB) dump \d/,
  /^<mysqldump[ >]/,
]

function isStartOfOwn(text: string): boolean {
  // Before a dump stands a line that only MariaDB reads, or that of XML; before all else a remark.
  const lines = toOutputLines(text).slice(0, 10)
  const first = lines.find(line => levelOf(line) !== 'info' && !/^(?:\/\*M!999999|<\?xml )/.test(line))
  return first !== undefined && ownStarts.some(start => start.test(first))
}
