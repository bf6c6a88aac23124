import type { RunType } from '../domain/run.ts'
import { isAny, isListOf, isMessage, isText, type LineTest, type ResticLine } from './restic-lines.ts'

type CommandRule = {
  type: RunType
  /** Lines that only this command writes. */
  tells: LineTest
  /** Lines it writes when it is done; for a backup the summary, without which nothing is known to be stored. */
  closes: LineTest
}

/** Plain lines that tell of a command; of some of them any one is enough. */
const texts = {
  backupEnd: [/^Added to the repo(sitory)?: /, /^snapshot [0-9a-f]{8,64} saved$/],
  dryRun: [
    /^Would add to the repo(sitory)?: /,
    /^Would have removed the following snapshots:/,
    /^Would have made the following changes:/,
  ],
  restore: [/^restoring (<Snapshot|snapshot) [0-9a-f]{8}/, /^Summary: Restored \d+ /, /^ignoring error for \//],
  restoreEnd: [/^Summary: Restored \d+ /],
  started: [/^(using|no) parent snapshot\b/, /^start (scan|backup) on \[/],
  numbers: [/^Files: +\d+ new, +\d+ changed, /, /^processed \d+ files?, /],
  prune: [/^this removes: +\d+ blobs/, /^to delete: +\d+ blobs/, /^collecting packs for deletion and repacking$/],
  pruneEnd: [/^done$/],
  forget: [/^Applying Policy: /, /^(keep|remove) \d+ snapshots:$/, /^\d+ snapshots have been removed/],
  forgetOne: [/^\[[\d:]+\] +[\d.]+% +\d+ \/ \d+ files deleted$/],
  check: [/^check all packs$/, /^check snapshots, trees and blobs$/],
  checkEnd: [/^no errors were found$/],
} as const

const summary = isMessage('summary', 'files_new', 'files_changed', 'total_files_processed', 'data_added')
const isDryRun: LineTest = line => line.kind === 'message' && line.message['dry_run'] === true
const backupSummary: LineTest = line => summary(line) && !isDryRun(line)
const backupTextEnd = isText(...texts.backupEnd)
const restoreMembers = ['files_restored', 'files_skipped', 'bytes_restored', 'total_files', 'total_bytes']
const restoreSummary: LineTest = line => isMessage('summary', ...restoreMembers)(line) && !summary(line)
const restoreStatus = isMessage('status', 'files_restored', 'files_skipped', 'bytes_restored')
const forgetGroups = isListOf('keep', 'remove', 'reasons')
const checkSummary = isMessage('summary', 'num_errors')
const never: LineTest = () => false

/**
 * restic's commands by what only they write, the strongest first: of a script that ran several, the backup counts. An
 * output that none fits is a backup's: a failing one often does not say what it was.
 * Source: restic manual, "Scripting"; restic 0.14.0 as run.
 */
const commandRules = {
  backup: {
    type: 'backup',
    tells: isAny(backupSummary, backupTextEnd),
    closes: isAny(backupSummary, backupTextEnd),
  },
  dryRun: {
    type: 'maintenance',
    tells: isAny(isDryRun, isText(...texts.dryRun)),
    closes: isAny(isDryRun, isText(/^processed \d+ files?, /)),
  },
  restore: {
    type: 'restore',
    tells: isAny(
      restoreSummary,
      restoreStatus,
      line => line.kind === 'message' && line.message['during'] === 'restore',
      isText(...texts.restore),
    ),
    closes: isAny(restoreSummary, isText(...texts.restoreEnd)),
  },
  startedBackup: {
    type: 'backup',
    tells: isAny(
      isMessage('status'),
      isMessage('verbose_status'),
      isMessage('error', 'during', 'item'),
      isText(...texts.started),
      isText(...texts.numbers),
    ),
    closes: never,
  },
  prune: {
    type: 'delete',
    tells: isText(...texts.prune),
    closes: isText(...texts.pruneEnd),
  },
  forget: {
    type: 'delete',
    tells: isAny(forgetGroups, isText(...texts.forget)),
    closes: isAny(forgetGroups, isText(...texts.forgetOne)),
  },
  check: {
    type: 'maintenance',
    tells: isAny(checkSummary, isText(...texts.check)),
    closes: isAny(
      line => line.kind === 'message' && checkSummary(line) && line.message['num_errors'] === 0,
      isText(...texts.checkEnd),
    ),
  },
  other: {
    type: 'maintenance',
    tells: isAny(isOtherMessage, line => line.kind === 'list', isText(...otherTexts())),
    closes: isAny(isOtherMessage, line => line.kind === 'list', isText(...otherTexts())),
  },
  forgetOne: {
    type: 'delete',
    tells: isText(...texts.forgetOne),
    closes: isText(...texts.forgetOne),
  },
} as const satisfies Record<string, CommandRule>

export type ResticCommand = keyof typeof commandRules
const commandNames = Object.keys(commandRules) as ResticCommand[]

/** What a command's output amounts to: its type, and whether it says that it is done. */
export type CommandEvidence = { command: ResticCommand | null; type: RunType; isClosed: boolean }

/** The command that wrote `lines`; a null command when they do not tell. */
export function readResticCommand(lines: readonly ResticLine[]): CommandEvidence {
  const command = commandNames.find(name => lines.some(commandRules[name].tells)) ?? null
  if (command === null) return { command, type: 'backup', isClosed: false }
  const { type, closes } = commandRules[command]
  return { command, type, isClosed: lines.some(closes) }
}

/** The plain lines from which a command, and that it is done, are read. */
export const commandTexts: readonly RegExp[] = [
  ...Object.values(texts).flat(),
  /^finding data that is still in use for /,
]

/** Whether a line is a backup's summary, that of a dry run too. */
export const isBackupSummary: LineTest = summary

/** Whether a line is a restore's summary. */
export const isRestoreSummary: LineTest = restoreSummary

/** Whether a line is what `forget --json` did to each group of snapshots. */
export const isForgetGroups: LineTest = forgetGroups

/** Sets of tests that, each for some line, only restic's output passes. */
const fullShapes: readonly (readonly LineTest[])[] = [
  [isAny(summary, checkSummary, isMessage('summary', 'files_restored'))],
  [isMessage('status', 'percent_done')],
  [line => isMessage('error', 'item')(line) && isMessage('error', 'during')(line)],
  [line => isMessage('exit_error', 'code')(line) && isMessage('exit_error', 'message')(line)],
  [forgetGroups],
  [isListOf('tree', 'paths', 'hostname', 'id', 'short_id')],
  [isText(/^Files: +\d+ new, +\d+ changed, +\d+ unmodified$/), isText(/^processed \d+ files?, [\d.]+ [KMGT]?i?B in /)],
  [isText(/^restoring <Snapshot [0-9a-f]{8} of \[/)],
  [isText(/^check all packs$/), isText(/^check snapshots, trees and blobs$/)],
  [isText(/^finding data that is still in use for \d+ snapshots$/), isText(/^this removes: +\d+ blobs/)],
  [isText(/^created restic repository [0-9a-f]{10} at /)],
]

/** Whether `lines` are surely restic's: one of its own JSON messages, or all of a text that only it writes. */
export function isResticOutput(lines: readonly ResticLine[]): boolean {
  return fullShapes.some(tests => tests.every(test => lines.some(test)))
}

/** Messages of commands that neither back up, restore nor delete: `init`, `ls`, `diff`, `tag`, `stats`, … */
function isOtherMessage(line: ResticLine): boolean {
  if (line.kind !== 'message') return false
  const { message_type: type, struct_type: structType } = line.message
  if (typeof type === 'string') return !['exit_error', 'error', 'version'].includes(type)
  return structType === 'snapshot' || structType === 'node' || Object.hasOwn(line.message, 'total_file_count')
}

function otherTexts(): RegExp[] {
  return [
    /^created restic repository [0-9a-f]{10} at /,
    /^Stats in .+ mode:$/,
    /^\d+ snapshots?$/,
    /^snapshot [0-9a-f]{8,64} of \[/,
    /^successfully removed (\d+ )?locks?$/,
    /^modified tags on \d+ snapshots$/,
    /^(getting pack files to read|rebuilding index)/,
    /^\d+ cache dirs in /,
    /^ {2}"chunker_polynomial": "/,
    /^[0-9a-f]{64}$/,
  ]
}
