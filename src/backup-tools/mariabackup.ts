import type { RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { toOutputLines } from './output-lines.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads mariabackup (mariadb-backup) of MariaDB 10 to 12 and xtrabackup (innobackupex) 2 to 8: `--backup` is a backup,
 * `--copy-back` and `--move-back` a restore, `--prepare` maintenance. Every one says "completed OK!" as its last word; a good
 * exit status without it is doubtful. Its times carry no zone that can be relied on and are not read. `read` throws
 * `invalid` for a text in which nothing is theirs.
 * Source: MariaDB documentation, "mariadb-backup"; Percona XtraBackup documentation; mariabackup 10.11.19 as run.
 */
export const mariabackup: BackupTool = {
  name: 'mariabackup',
  usage: {
    programs: ['mariadb-backup', 'mariabackup', 'xtrabackup', 'innobackupex'],
    debianPackage: 'mariadb-backup',
    example: { set: 'Shop', command: 'mariadb-backup --backup --target-dir=/srv/backup/shop' },
  },

  recognizes(output) {
    return linesOf(output).some(line => banner.test(line) || (logStart.test(line) && connecting.test(textOf(line))))
  },

  read(output) {
    const lines = linesOf(output)
    if (lines.length > 0 && !lines.some(isOwnLine)) refuseOutput('mariabackup')
    return toSqlReading(output, toEvidence(lines))
  },

  needs(line) {
    if (!isOwnLine(line)) return null
    const text = textOf(line)
    if (levelOf(line) !== null || banner.test(line) || text === 'completed OK!') return 'each'
    const rule = typeRules.findIndex(({ tells }) => tells.test(text))
    return rule < 0 ? null : `newest command ${rule}`
  },
}

const banner =
  /^(?:mariabackup|mariadb-backup|xtrabackup|innobackupex)(?:\.exe)? (?:version (\S{1,30}) )?based on (?:MariaDB|MySQL) server (\d\S{0,30})/
const program = /^(?:mariabackup|mariadb-backup|xtrabackup|innobackupex)(?:\.exe)?: /
// "[00] 2026-11-23 07:13:12 " since MariaDB 10.2, "161123 07:13:12 [01] " before it and in xtrabackup 2, and the server's
// own "2026-11-23  7:13:12 0 [Note] ", which xtrabackup 8 writes throughout.
const logStart =
  /^(?:\[\d{2,3}\] (?:FATAL ERROR: )?\d{4}-\d\d-\d\d {1,2}\d{1,2}:\d\d:\d\d |\d{6} {1,2}\d{1,2}:\d\d:\d\d (?:\[\d{2,3}\] )?|\d{4}-\d\d-\d\d[T ] ?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)? \d{1,20} )/
const xtrabackupMark = /^\[(?:Note|Warning|ERROR)\] \[MY-\d{1,9}\] \[Xtrabackup\] /
const connecting = /^Connecting to (?:MariaDB|MySQL|Percona) server host: /

/** The lines of both streams; a backup that is streamed to standard output is no text. */
function linesOf({ stdout, stderr }: ToolOutput): string[] {
  return [...(stdout.startsWith('XBSTCK01') ? [] : toOutputLines(stdout)), ...toOutputLines(stderr)]
}

function isOwnLine(line: string): boolean {
  return logStart.test(line) || banner.test(line) || program.test(line)
}

/** What a line says, without its time, its level and the name of the program. */
function textOf(line: string): string {
  return line.replace(logStart, '').replace(xtrabackupMark, '').replace(program, '')
}

function toEvidence(lines: readonly string[]): SqlEvidence {
  const texts = lines.filter(isOwnLine).map(textOf)
  const completed = texts.filter(text => text === 'completed OK!').length
  const begun = Math.max(1, lines.filter(line => banner.test(line)).length)
  const isDone = completed >= begun
  const troubles = readTroubles(lines)
  return {
    type: typeOf(texts),
    isDone,
    isStopped: false,
    // What it goes on after is no failure; without its last word it did not go on.
    hasFailed: !isDone && troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: isDone ? null : 'The output does not say "completed OK!": it is not known whether the backup is whole.',
    notes: [],
    version: versionIn(lines),
  }
}

/** What only one kind of run writes, the most telling first: of a script that ran several, the backup counts. */
const typeRules: readonly { type: RunType; tells: RegExp }[] = [
  { type: 'backup', tells: connecting },
  { type: 'backup', tells: /^(?:Backup created in directory |Generating a list of tablespaces$)/ },
  { type: 'backup', tells: /^recognized client arguments: (?:.{0,2000} )?--backup=1\b/ },
  { type: 'restore', tells: /^Original data directory .{1,1000} is not empty!/ },
  { type: 'restore', tells: /^recognized client arguments: (?:.{0,2000} )?--(?:copy|move)-back=1\b/ },
  { type: 'maintenance', tells: /^This target seems to be |^using the following InnoDB configuration for recovery:/ },
  { type: 'maintenance', tells: /^recognized client arguments: (?:.{0,2000} )?--prepare=1\b/ },
  { type: 'maintenance', tells: /^(?:Applying |Loading buffer pool|Last binlog file |cd to )/ },
  // Nothing but files that are copied: a backup would have connected to the server.
  { type: 'restore', tells: /^(?:Copying|Moving) \.?\S{1,1000} to \// },
]

function typeOf(texts: readonly string[]): RunType {
  return typeRules.find(({ tells }) => texts.some(text => tells.test(text)))?.type ?? 'backup'
}

const errorTexts = [
  /^(?:Error|ERROR|FATAL ERROR)\b/,
  /^(?:Failed|failed|Can't|can't|Could not|Cannot|cannot) /,
  /^(?:\[ERROR\]|InnoDB: Error)/,
  /^unknown (?:option|variable) /,
  /^Original data directory .{1,1000} is not empty!/,
  /^xb_stream_write_data\(\) failed/,
]

function readTroubles(lines: readonly string[]): Trouble[] {
  return lines.filter(isOwnLine).flatMap((line): Trouble[] => {
    const level = levelOf(line)
    return level === null ? [] : [{ level, text: line, details: [] }]
  })
}

function levelOf(line: string): Trouble['level'] | null {
  const text = textOf(line)
  const isMarked = /^\[\d{2,3}\] FATAL ERROR: /.test(line) || line.replace(logStart, '').startsWith('[ERROR]')
  if (isMarked || errorTexts.some(pattern => pattern.test(text))) return 'error'
  return /^(?:\[Warning\]|Warning:|warning:) /.test(line.replace(logStart, '').replace(program, '')) ? 'warning' : null
}

function versionIn(lines: readonly string[]): string | null {
  const match = lines.map(line => banner.exec(line)).find(found => found !== null)
  return match?.[1] ?? match?.[2] ?? null
}
