import type { RunType } from '../domain/run.ts'
import type { BackupTool, ToolReading } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { type PgbackrestLine, readPgbackrestLine, readPgbackrestLines } from './pgbackrest-lines.ts'
import { type PgbackrestBackup, readPgbackrestInfo } from './pgbackrest-info.ts'
import { type SqlEvidence, toSqlReading, type Trouble } from './sql-reading.ts'
import { looking } from './tool-usage.ts'
import { refuseOutput } from './verdict.ts'

/**
 * Reads pgBackRest 2: its console log (`--log-level-console=info`), errors and warnings on stderr, and the answer of
 * `info --output=json` after them, which tells times and bytes. Nothing is printed by default when all is well, so an empty
 * output is judged by its exit status. The times of the log carry no zone and are not read. `read` throws `invalid` for a
 * text in which nothing is pgBackRest's.
 * Source: pgBackRest Command and Configuration Reference; pgBackRest 2.45 as run.
 */
export const pgbackrest: BackupTool = {
  name: 'pgbackrest',
  usage: {
    programs: ['pgbackrest'],
    notBackups: { ...looking, restore: 'restore', expire: 'delete', verify: 'maintenance' },
    debianPackage: 'pgbackrest',
    example: {
      set: 'Cluster',
      command:
        "sh -c 'pgbackrest --stanza=main --log-level-console=info backup && pgbackrest --stanza=main info --output=json'",
    },
  },

  recognizes(output) {
    return readPgbackrestLines(output).some(({ kind }) => kind === 'begin' || kind === 'end' || kind === 'stanzas')
  },

  read(output) {
    const lines = readPgbackrestLines(output)
    const isOwn = lines.some(line => line.kind !== 'other' || infoText.test(line.text))
    if (lines.length > 0 && !isOwn) refuseOutput('pgbackrest')
    return toSqlReading(output, toEvidence(lines))
  },

  needs(text) {
    const line = readPgbackrestLine(text)
    if (line.kind === 'other') {
      return infoText.test(text) || troubleInInfo(text) || versionIn([line]) !== null ? 'each' : null
    }
    if (line.kind !== 'log' || line.level !== 'info') return 'each'
    return countedTexts.some(pattern => pattern.test(line.text)) ? 'each' : 'newest info'
  },
}

/** What the commands do, the most telling first: of a script, and of a backup that expires others, the backup counts. */
const commandTypes: readonly (readonly [string, RunType])[] = [
  ['backup', 'backup'],
  ['restore', 'restore'],
  ['expire', 'delete'],
  ['stanza-delete', 'delete'],
]

const infoText = /^(?:stanza: |No stanzas exist in the repository\.)/

type Command = { name: string | null; type: RunType }

function toEvidence(lines: readonly PgbackrestLine[]): SqlEvidence {
  const command = findCommand(lines)
  const made = command.type === 'backup' ? labelsIn(lines) : null
  const info = readPgbackrestInfo(lines, made)
  const troubles = [...readTroubles(lines), ...info.troubles]
  const ends = lines.filter(line => line.kind === 'end')
  const isDone = ends.some(({ command: name, result }) => name === command.name && isSuccess(result))
  const open = openCommands(lines)
  const isAborted = ends.some(({ result }) => result.startsWith('aborted '))
  return {
    type: command.type,
    isDone: (isDone && open.length === 0) || (command.name === null && info.isTold),
    isStopped: isTerminated(lines, troubles),
    hasFailed: isAborted || troubles.some(({ level }) => level === 'error'),
    troubles,
    doubt: doubtOf(lines, open),
    notes: lines.length > 0 ? [] : [{ level: 'info', text: silence }],
    ...countsOf(lines, command, info.backups),
    version: lines.find(line => line.kind === 'begin')?.version ?? versionIn(lines),
  }
}

const silence = 'The output does not tell what was backed up: add --log-level-console=info to pgbackrest.'

function findCommand(lines: readonly PgbackrestLine[]): Command {
  const borders = lines.filter(line => line.kind === 'begin' || line.kind === 'end')
  const known = commandTypes.find(([name]) => borders.some(border => border.command === name && !border.isDry))
  if (known) return { name: known[0], type: known[1] }
  const [first] = borders
  if (first) return { name: first.command, type: 'maintenance' }
  const isInfo = lines.some(line => line.kind === 'stanzas' || (line.kind === 'other' && infoText.test(line.text)))
  return { name: null, type: isInfo ? 'maintenance' : (typeInErrors(lines) ?? 'backup') }
}

const commandInError = /: ([a-z]{3,20}(?:-[a-z]{1,20}){0,3}) command requires | for command '([a-z-]{3,40})'/

/** The type of the command that an error names, before any command began. */
function typeInErrors(lines: readonly PgbackrestLine[]): RunType | null {
  const match = textsIn(lines)
    .map(text => commandInError.exec(text.slice(0, 1_000)))
    .find(found => found !== null)
  const name = match?.[1] ?? match?.[2]
  if (name === undefined) return null
  return commandTypes.find(([command]) => command === name)?.[1] ?? 'maintenance'
}

/** Commands that began and did not end. */
function openCommands(lines: readonly PgbackrestLine[]): string[] {
  const open = new Map<string, number>()
  for (const line of lines) {
    if (line.kind === 'begin') open.set(line.command, (open.get(line.command) ?? 0) + 1)
    if (line.kind === 'end') open.set(line.command, (open.get(line.command) ?? 0) - 1)
  }
  return [...open].filter(([, count]) => count > 0).map(([name]) => name)
}

function doubtOf(lines: readonly PgbackrestLine[], [open]: readonly string[]): string | null {
  if (open !== undefined) return `The log ends before the end of the command ${open}.`
  const isLog = lines.some(line => line.kind === 'log' && line.level === 'info')
  if (isLog && !lines.some(line => line.kind === 'end')) return 'The log does not tell the end of a command.'
  const odd = lines.find(line => line.kind === 'end' && !isSuccess(line.result))
  return odd?.kind === 'end' ? `The command ${odd.command} ended so: ${odd.result}` : null
}

function isSuccess(result: string): boolean {
  return result.startsWith('completed successfully')
}

const terminated = 'terminated on signal ['

/** Whether it says that a signal ended it, and no error but this one. */
function isTerminated(lines: readonly PgbackrestLine[], troubles: readonly Trouble[]): boolean {
  const isTold = lines.some(line => line.kind === 'end' && line.result.startsWith(terminated))
  const errors = troubles.filter(({ level }) => level === 'error')
  const isError = ({ text }: Trouble) => text.includes(`[063]: ${terminated}`)
  return (isTold || errors.some(isError)) && errors.every(isError)
}

/** Errors and warnings, each with the indented lines that follow it. */
function readTroubles(lines: readonly PgbackrestLine[]): Trouble[] {
  const troubles: Trouble[] = []
  let last: Trouble | null = null
  for (const line of lines) {
    const inInfo = line.kind === 'other' ? troubleInInfo(line.text) : null
    if (line.kind === 'other' && !inInfo && last && /^[ \t]/.test(line.text)) {
      last.details.push(line.text)
      continue
    }
    last = null
    if (inInfo) troubles.push(inInfo)
    if (line.kind !== 'log' || line.level === 'info') continue
    last = { level: line.level, text: line.text, details: [] }
    troubles.push(last)
  }
  return troubles
}

/** What `info` and `verify` in text say is wrong. */
function troubleInInfo(text: string): Trouble | null {
  const told = text.trimStart()
  if (/^status: (?:error|mixed)\b/.test(told)) return { level: 'error', text: told, details: [] }
  return told === 'error(s) detected during backup' ? { level: 'warning', text: told, details: [] } : null
}

const newLabel = /^new backup label = ([\dFDI_-]{1,60})$/

function labelsIn(lines: readonly PgbackrestLine[]): Set<string> {
  return new Set(textsIn(lines).flatMap(text => newLabel.exec(text)?.[1] ?? []))
}

function countsOf(
  lines: readonly PgbackrestLine[],
  { type }: Command,
  backups: readonly PgbackrestBackup[],
): Partial<ToolReading> {
  if (type === 'delete') return { processedFiles: removedIn(lines) }
  if (type !== 'backup' && type !== 'restore') return {}
  const pattern = type === 'backup' ? storedFiles : restoredFiles
  const files = sumCounts(textsIn(lines).map(text => toCount(Number(pattern.exec(text)?.[1] ?? NaN))))
  const [first, last] = [backups[0], backups.at(-1)]
  return {
    totalFiles: files,
    processedFiles: files,
    bytes: sumCounts(backups.map(({ bytes }) => bytes)),
    startedAt: first?.startedAt ?? null,
    endedAt: last?.endedAt ?? null,
  }
}

const storedFiles = /^[a-z]{4,5} backup size = .{1,40}, file total = (\d{1,15})$/
const restoredFiles = /^restore size = .{1,40}, file total = (\d{1,15})$/

const removed = /^repo\d+: (?:remove expired backup |[\d.]+-\d+ remove archive, )/
const countedTexts = [newLabel, storedFiles, restoredFiles, removed]

/** The backups and ranges of archived WAL that `expire` removed; null when the log does not go into that. */
function removedIn(lines: readonly PgbackrestLine[]): number | null {
  if (!lines.some(line => line.kind === 'end')) return null
  return textsIn(lines).filter(text => removed.test(text)).length
}

function versionIn(lines: readonly PgbackrestLine[]): string | null {
  return (
    lines
      .map(line => (line.kind === 'other' ? /^pgBackRest (\d[\w.]{0,20})$/.exec(line.text)?.[1] : undefined))
      .find(version => version !== undefined) ?? null
  )
}

function textsIn(lines: readonly PgbackrestLine[]): string[] {
  return lines.flatMap(line => (line.kind === 'log' ? [line.text] : []))
}
