import type { RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { refuseOutput } from './verdict.ts'
import { readWalgDocuments, type WalgBackup } from './walg-documents.ts'

/**
 * Reads WAL-G 0.2 to 3: `backup-push` is a backup, `backup-fetch` a restore, `delete` a deletion (a dry run without
 * `--confirm`), lists and checks are maintenance. The answer of `backup-list --detail --json` after a backup tells its times
 * and bytes; the times of the log carry no zone and are not read. `read` throws `invalid` for a text in which nothing is
 * WAL-G's. Not run here.
 * Source: WAL-G documentation, "PostgreSQL"; logs in the issues 265, 753, 797, 1432, 1601 and the pull requests 2205, 2226 and
 * 2318 of WAL-G.
 */
export const walg: BackupTool = {
  name: 'walg',
  usage: {
    programs: ['wal-g'],
    notBackups: { 'backup-fetch': 'restore', 'backup-list': 'maintenance', delete: 'delete' },
    debianPackage: null,
    example: { set: 'Cluster', command: "sh -c 'wal-g backup-push /srv/pg/data && wal-g backup-list --detail --json'" },
  },

  recognizes(output) {
    return linesOf(output).some(line => logStart.test(line) && sureTexts.some(sure => sure.test(textOf(line))))
  },

  read(output) {
    const lines = linesOf(output)
    const documents = readWalgDocuments(lines)
    if (lines.length > 0 && !documents.isTold && !lines.some(isOwnLine)) refuseOutput('walg')
    return toSqlReading(output, toEvidence(lines, documents))
  },

  needs(line) {
    if (/^(?:\[\{"|\{")/.test(line)) return /"(?:backup_name|integrity|timeline)":/.test(line) ? 'each' : null
    if (troubleLine.test(line) || versionLine.test(line)) return 'each'
    const text = textOf(line)
    if (tellingText.test(text)) return 'each'
    return commandText.test(text) ? `newest command ${typeRules.findIndex(({ tells }) => tells.test(text))}` : null
  },
}

// "INFO: 2026/11/23 02:00:01.123456 Wrote backup with name base_…"
const logStart = /^(DEBUG|INFO|WARNING|ERROR|FATAL|PANIC): \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: |$)/
const wrote = /^Wrote backup (?:set )?with name ([\w.-]{1,200})$/
const extracted = /^Backup extraction complete\.?$/
const deleted = /\bsuccessfully deleted\b/
const marked = /^(?:will be deleted|Object marked for deletion): /
const tellingText = joinPatterns([wrote, extracted, deleted, marked])
const listHeader = /^(?:name|backup_name) +(?:last_modified|modified) /
const versionLine = /^wal-g version v?(\d[\w.-]{0,30})/
const sureTexts = [
  wrote,
  /^Calling pg_start_backup\(\)$/,
  /^Finished (?:writing part \d|extraction of .{1,200}\.tar\.)/,
]

function linesOf({ stdout, stderr }: ToolOutput): string[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)]
}

function isOwnLine(line: string): boolean {
  return logStart.test(line) || listHeader.test(line) || extracted.test(line) || isPanic(line)
}

function textOf(line: string): string {
  return line.replace(logStart, '').trim()
}

function isPanic(line: string): boolean {
  return /^(?:panic: |goroutine \d{1,10} \[)/.test(line)
}

/** What each kind of run writes, the most telling first: of a script that ran several, the backup counts. */
const typeRules: readonly { type: RunType; tells: RegExp }[] = [
  { type: 'backup', tells: wrote },
  {
    type: 'backup',
    tells:
      /^(?:Calling pg_start_backup\(\)|Doing full backup\.|Delta backup from |Starting part \d|Finished writing part \d)/,
  },
  { type: 'restore', tells: extracted },
  {
    type: 'restore',
    tells: /^(?:Finished (?:extraction|decompression) of |Extraction error in |Failed to fetch backup)/,
  },
  { type: 'maintenance', tells: /^Dry run\b/ },
  {
    type: 'delete',
    tells:
      /^(?:Start delete|Objects in folder:|Object marked for deletion: |will be deleted: |Evaluating objects for deletion|retrieving permanent objects|No backup sets matched)/,
  },
  { type: 'maintenance', tells: /^(?:FILE PATH: |integrity check |timeline check |No backups found)/ },
  { type: 'maintenance', tells: listHeader },
]

const commandText = joinPatterns([...typeRules.map(({ tells }) => tells), ...sureTexts])

function toEvidence(
  lines: readonly string[],
  { isTold, backups, verdicts }: ReturnType<typeof readWalgDocuments>,
): SqlEvidence {
  const texts = lines.map(textOf)
  const type =
    typeRules.find(({ tells }) => texts.some(text => tells.test(text)))?.type ?? (isTold ? 'maintenance' : 'backup')
  const names = texts.map(text => wrote.exec(text)?.[1]).filter(name => name !== undefined)
  const isDone =
    (type === 'backup' && names.length > 0) ||
    (type === 'restore' && texts.some(text => extracted.test(text))) ||
    (type === 'delete' && texts.some(text => deleted.test(text)))
  const troubles = [...readTroubles(lines), ...verdicts]
  return {
    type,
    isDone,
    isStopped: false,
    hasFailed: lines.some(isFatal) || (!isDone && troubles.some(({ level }) => level === 'error')),
    troubles,
    doubt: isDone ? null : doubts[type],
    notes: [],
    ...countsOf(
      type,
      texts,
      backups.filter(({ name }) => names.includes(name)),
    ),
    version: lines.map(line => versionLine.exec(line)?.[1]).find(version => version !== undefined) ?? null,
  }
}

const doubts: Record<RunType, string | null> = {
  backup: 'The output does not tell that a backup was written.',
  // Versions before 1.0 do not say that they are done.
  restore: null,
  delete: 'The output does not tell that anything was deleted: without --confirm nothing is.',
  maintenance: null,
}

const troubleLine = /^(?:WARNING|ERROR): \d{4}\/|^(?:FATAL|PANIC): \d|^(?:panic: |goroutine \d{1,10} \[)/

function isFatal(line: string): boolean {
  return /^(?:FATAL|PANIC): \d/.test(line) || isPanic(line)
}

/** Errors are what it tried again after, where it says that it is done or ends with 0 (issue 1432). */
function readTroubles(lines: readonly string[]): Trouble[] {
  return lines.flatMap((line): Trouble[] => {
    if (!troubleLine.test(line)) return []
    return [{ level: logStart.exec(line)?.[1] === 'WARNING' ? 'warning' : 'error', text: line, details: [] }]
  })
}

function countsOf(type: RunType, texts: readonly string[], made: readonly WalgBackup[]): Partial<ToolReading> {
  if (type === 'delete') {
    return {
      processedFiles: texts.filter(text => marked.test(text)).length,
    }
  }
  if (type !== 'backup') return {}
  // The times and the size of several backups are not those of one run.
  const [backup, other] = made
  return backup && !other ? { bytes: backup.bytes, startedAt: backup.startedAt, endedAt: backup.endedAt } : {}
}
