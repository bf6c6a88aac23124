import type { RunType } from '../domain/run.ts'
import { archiveOf, type BorgLine, type BorgTest, isRecord, says } from './borg-lines.ts'

type CommandRule = {
  type: RunType
  /** Whether only this command writes such pieces. */
  tells: (lines: readonly BorgLine[]) => boolean
}

const some =
  (...tests: BorgTest[]): CommandRule['tells'] =>
  lines =>
    lines.some(line => tests.some(test => test(line)))

const isArchive: BorgTest = line => archiveOf(line) !== null
const isThisArchive = says(/^This archive: +[-\d.]+ [kMGTPEZYi]*B\b/)
const hasStatus = (...statuses: string[]): BorgTest => {
  const wanted = new Set(statuses)
  return line => wanted.has(line.status?.letter ?? '')
}

/**
 * borg's commands by what only they write, the strongest first: of a script that ran several, the archive that was made
 * counts. An output that none fits is a backup's: a failing one often does not say what it was.
 * Source: borg 1.2 manual, "All about JSON", "borg create", "borg prune"; borg 1.2.4 as run.
 */
const commandRules = {
  create: {
    type: 'backup',
    // `borg info` prints the same table, with the command line that made the archive.
    tells: lines => lines.some(isArchive) || (lines.some(isThisArchive) && !lines.some(says(/^Command line: /))),
  },
  dryRun: {
    type: 'maintenance',
    tells: some(hasStatus('-'), says(/^Would (prune|delete|be deleted|have)\b/)),
  },
  startedCreate: {
    type: 'backup',
    tells: some(
      isRecord('file_status'),
      isRecord('archive_progress'),
      hasStatus('A', 'M', 'U', 'C', 'E', 'd'),
      says(/^Creating archive at "/),
    ),
  },
  prune: {
    type: 'delete',
    tells: some(says(/^(Pruning|Keeping) archive\b.*:/)),
  },
  remove: {
    type: 'delete',
    tells: some(
      says(
        /^(Deleting|Deleted) archive\b/,
        /^Deleted data: /,
        /^Archive .+ not found \(\d+\/\d+\)\.$/,
        /^Archive deleted\./,
        /^Repository deleted\./,
      ),
    ),
  },
  check: {
    type: 'maintenance',
    tells: some(
      says(
        /^(Starting repository|Finished (full|partial|\S+)? ?repository|Starting archive consistency|Archive consistency) check\b/,
        /^Archive consistency check complete/,
      ),
    ),
  },
  other: {
    type: 'maintenance',
    tells: some(
      line => line.kind === 'document' && !isArchive(line),
      says(
        /^Command line: /,
        /^compaction freed about /,
        /^IMPORTANT: you will need both KEY AND PASSPHRASE/,
        /^By default repositories initialized with this version/,
        /^borg \d+\.\d+/,
        /^.{37}\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[0-9a-f]{64}\]$/,
      ),
    ),
  },
  extract: {
    type: 'restore',
    tells: lines =>
      some(isListed, isExtractProgress, says(/^Include pattern '.*' never matched\.$/))(lines) || listsTree(lines),
  },
} as const satisfies Record<string, CommandRule>

export type BorgCommand = keyof typeof commandRules
const commandNames = Object.keys(commandRules) as BorgCommand[]

/** The command that wrote `lines`, null when they do not tell, and what kind of run it was. */
export function readBorgCommand(lines: readonly BorgLine[]): { command: BorgCommand | null; type: RunType } {
  const command = commandNames.find(name => commandRules[name].tells(lines)) ?? null
  return { command, type: command === null ? 'backup' : commandRules[command].type }
}

/** Paths that `borg extract --list` writes, as records. */
export function isListed(line: BorgLine): boolean {
  return line.kind === 'record' && line.record['name'] === 'borg.output.list'
}

function isExtractProgress(line: BorgLine): boolean {
  return line.kind === 'record' && line.record['type'] === 'progress_percent' && line.record['msgid'] === 'extract'
}

/** Whether plain lines name a directory, and then something in it: `borg extract --list` in plain text. */
function listsTree(lines: readonly BorgLine[]): boolean {
  let directory: string | null = null
  for (const line of lines) {
    if (line.kind !== 'text') continue
    const { text: words } = line
    if (directory !== null && words.startsWith(directory)) return true
    directory = /^[^/ ][^:]*$/.test(words) ? `${words}/` : null
  }
  return false
}
