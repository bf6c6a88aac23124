import type { BackupTool } from './backup-tool.ts'
import { toCount } from './counts.ts'
import { isArchive } from './dump-text.ts'
import { toOutputLines } from './output-lines.ts'
import { isPostgresTrouble, type PostgresLine, readPostgresLine, readPostgresTroubles } from './postgres-lines.ts'
import { type SqlEvidence, toSqlReading } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads pg_basebackup, and pg_verifybackup as maintenance, PostgreSQL 9 to 18. Both print little or nothing when all is
 * well, so an empty output is judged by its exit status; with `--verbose` the backup must say that it is completed. A failed
 * checksum is a failure, as pg_basebackup ends with 1. `read` throws `invalid` for a text in which nothing is theirs.
 * Source: PostgreSQL documentation, "pg_basebackup", "pg_verifybackup"; PostgreSQL 15.18 as run.
 */
export const pgBasebackup: BackupTool = {
  name: 'pg_basebackup',
  usage: {
    programs: ['pg_basebackup', 'pg_verifybackup'],
    notBackups: { pg_verifybackup: 'maintenance' },
    debianPackage: 'postgresql-client',
    example: { set: 'Cluster', command: 'pg_basebackup --verbose --progress -D /srv/backup/base' },
  },

  recognizes({ stdout, stderr }) {
    const starts = [stdout, stderr].filter(text => text.trim() !== '' && !isBeside(text)).map(isStartOfOwn)
    return starts.length > 0 && starts.every(isOwn => isOwn)
  },

  read(output) {
    const lines = [...(isArchive(output.stdout) ? [] : toOutputLines(output.stdout)), ...toOutputLines(output.stderr)]
    const evidence = toEvidence(lines)
    if (lines.length > 0 && !lines.some(isOwnLine) && evidence.troubles.length === 0) refuseOutput('pg_basebackup')
    return toSqlReading(output, evidence)
  },

  needs(line) {
    if (progress.test(line)) return 'newest progress'
    const isTelling = isPostgresTrouble(line) || line === verified || versionIn([line]) !== null
    return isTelling || /: (?:base backup completed|initiating base backup\b.*)$/.test(line) ? 'each' : null
  },
}

// "52030/52030 kB (100%), 1/1 tablespace"; without an estimated size (--no-estimate-size) "52030 kB, 1/1 tablespace".
const progress = /^ {0,20}(\d{1,15})(?:\/\d{1,15})? kB(?: \(\d{1,3}%\))?, \d{1,9}\/\d{1,9} \S/
const verified = 'backup successfully verified'

function toEvidence(lines: readonly string[]): SqlEvidence {
  const own = lines.map(readPostgresLine).filter(line => line !== null)
  const isBackup = own.some(isOfBackup) || lines.some(line => progress.test(line))
  const isVerified = lines.includes(verified) || own.some(({ program }) => program === 'pg_verifybackup')
  const troubles = readPostgresTroubles(lines)
  const isCompleted = own.some(({ text }) => text === 'base backup completed')
  const isBegun = own.some(({ text }) => text.startsWith('initiating base backup'))
  return {
    type: isVerified && !isBackup ? 'maintenance' : 'backup',
    isDone: isCompleted || (isVerified && !isBackup && lines.includes(verified)),
    isStopped: false,
    hasFailed: troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: isBegun && !isCompleted ? 'The output ends before "base backup completed".' : null,
    notes: [],
    bytes: receivedBytes(lines),
    version: versionIn(lines),
  }
}

function isOfBackup({ program }: PostgresLine): boolean {
  return program === 'pg_basebackup'
}

function isOwnLine(line: string): boolean {
  return readPostgresLine(line) !== null || progress.test(line) || line === verified
}

/** What had come from the server at the last line of `--progress`. */
function receivedBytes(lines: readonly string[]): number | null {
  const last = lines.findLast(line => progress.test(line))
  const kibibytes = last === undefined ? undefined : progress.exec(last)?.[1]
  return kibibytes === undefined ? null : toCount(Number(kibibytes) * 1_024)
}

function versionIn(lines: readonly string[]): string | null {
  const version = /^pg_(?:basebackup|verifybackup) \(PostgreSQL\) (\d[\w.]{0,20})/
  return lines.map(line => version.exec(line)?.[1]).find(text => text !== undefined) ?? null
}

/** What may stand on the other stream: a backup in tar format, or that it was verified. */
function isBeside(text: string): boolean {
  return text.startsWith('backup_label\0') || text.trim() === verified
}

const ownStarts = [
  /^pg_basebackup: (?:error: |fatal: |initiating base backup, waiting for checkpoint to complete$)/,
  /^pg_verifybackup: (?:error|fatal): /,
  /^waiting for checkpoint$/,
  /^ {0,20}\d{1,15}\/\d{1,15} kB \(\d{1,3}%\), \d{1,9}\/\d{1,9} tablespace/,
]

function isStartOfOwn(text: string): boolean {
  const [first = ''] = toOutputLines(text)
  return ownStarts.some(start => start.test(first))
}
