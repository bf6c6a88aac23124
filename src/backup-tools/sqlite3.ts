import type { BackupTool } from './backup-tool.ts'
import { type DumpBorders, incompleteDump, isDumpComplete } from './dump-text.ts'
import { toOutputLines } from './output-lines.ts'
import { joinPatterns } from './join-patterns.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads the command line shell of SQLite 3: `.backup`, `.clone` and `VACUUM INTO` print nothing when all is well, so an empty
 * output is judged by its exit status; `.dump` on standard output must end with COMMIT, and ends with ROLLBACK and exit status
 * 0 where the database is damaged. The answer of an integrity check alone is maintenance. `read` throws `invalid` for a text
 * in which nothing is the shell's.
 * Source: SQLite documentation, "Command Line Shell For SQLite"; SQLite 3.40.1 as run.
 */
export const sqlite3: BackupTool = {
  name: 'sqlite3',
  usage: {
    programs: ['sqlite3'],
    debianPackage: 'sqlite3',
    example: { set: 'App', command: "sqlite3 -readonly /srv/app/app.db '.backup /srv/backup/app.db'" },
  },

  recognizes({ stdout, stderr }) {
    const [first, second] = toOutputLines(stdout)
    const isDump = first !== undefined && dump.start.test(first) && second === 'BEGIN TRANSACTION;'
    return isDump && (stderr.trim() === '' || toOutputLines(stderr).every(line => errorLine.test(line)))
  },

  read(output) {
    const lines = [...toOutputLines(output.stdout), ...toOutputLines(output.stderr)]
    if (lines.length > 0 && !lines.some(isOwnLine)) refuseOutput('sqlite3')
    return toSqlReading(output, toEvidence(lines))
  },

  needs(line) {
    if (neededLine.test(line)) return 'each'
    return line.length <= longestAnswer && answer.test(line) ? 'newest answer' : null
  },
}

const createTable = /^CREATE (?:VIRTUAL )?TABLE /
const dump: DumpBorders = { start: /^PRAGMA foreign_keys=OFF;$/, end: /^(?:COMMIT;$|ROLLBACK;)/ }
const errorLine =
  /^(?:sqlite3: )?(?:Error|Parse error|Runtime error|SQL error|CORRUPTION ERROR)\b.{0,80}:|^(?:missing FILENAME argument|unknown option|too many arguments|Usage: \.(?:backup|save|clone|dump|restore))\b/
const damaged = /^(?:ROLLBACK; -- due to errors|\/\*{4,10} (?:ERROR|CORRUPTION ERROR)\b)/
// How an integrity check tells of damage; all is well when it says "ok" alone.
const damage =
  /^(?:\*{3} in database |(?:Tree|Page|Main freelist|Freelist|row|wrong #|non-unique|NULL value|NUMERIC value|TEXT value)\b.{1,200})/
// What queries answer that go with a backup: a checkpoint ("0|0|0"), a count, the mode of the journal; and .clone.
const answer = /^(?:\d{1,18}(?:\|-?\d{1,18}){0,5}|wal|delete|truncate|persist|.{1,200}\.\.\. done)$/

const neededLine = joinPatterns([dump.start, dump.end, errorLine, damaged, damage, createTable, /^ok$/])

// A longer one is not looked at, because any one answer is enough.
const longestAnswer = 30

function isOwnLine(line: string): boolean {
  return line === 'ok' || [dump.start, errorLine, damaged, damage, answer].some(pattern => pattern.test(line))
}

function toEvidence(lines: readonly string[]): SqlEvidence {
  const isComplete = isDumpComplete(lines, [dump])
  // Rows of a dump may look like the answer of a check.
  const isChecked = isComplete === null && lines.some(line => line === 'ok' || damage.test(line))
  const isProblem = (line: string) => errorLine.test(line) || damaged.test(line) || (isChecked && damage.test(line))
  const troubles = lines.filter(isProblem).map((text): Trouble => ({ level: 'error', text, details: [] }))
  const isOnlyCheck = isChecked && lines.every(line => line === 'ok' || damage.test(line))
  return {
    type: isOnlyCheck ? 'maintenance' : 'backup',
    isDone: isComplete === true || isOnlyCheck,
    isStopped: false,
    hasFailed: troubles.length > 0,
    troubles,
    doubt: isComplete === false ? incompleteDump : null,
    notes: [],
    ...tablesOf(lines, isComplete),
    version: null,
  }
}

/** The tables of a dump; unknown where there is none on standard output. */
function tablesOf(
  lines: readonly string[],
  isComplete: boolean | null,
): Pick<SqlEvidence, 'totalFiles' | 'processedFiles'> {
  if (isComplete === null) return {}
  const tables = lines.filter(line => createTable.test(line)).length
  return { totalFiles: tables, processedFiles: tables }
}
