import { AppError } from '../domain/app-error.ts'
import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { sumCounts } from './counts.ts'
import { deriveReading } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { earliestTime, latestTime } from './run-times.ts'
import { readBackupEvents, readBackupJobs, type WindowsBackupFacts } from './windows-server-backup-facts.ts'
import { readWbadminText } from './windows-server-backup-text.ts'

/**
 * Reads Windows Server Backup: events of the channel Microsoft-Windows-Backup in XML, what `Get-WBJob -Previous 1` tells
 * in JSON or as a list, and what `wbadmin` prints in English. A result that is not 0 is a failure; a detailed result that
 * is not 0 beside it a warning. Throws `invalid` for any other text when no exit status tells how it ended.
 * Format: Microsoft Learn, "wbadmin", "Get-WBJob" and the events of Windows Server Backup.
 */
export const windowsServerBackup: BackupTool = {
  name: 'windows-server-backup',
  usage: {
    programs: ['wbadmin'],
    notBackups: {
      get: 'maintenance',
      enable: 'maintenance',
      disable: 'maintenance',
      stop: 'maintenance',
      delete: 'delete',
    },
    debianPackage: null,
    example: null,
    ownReport: 'its job, sent by a task',
  },

  recognizes(output) {
    const { facts, text } = readAll(output)
    return facts.length > 0 || text !== null
  },

  read(output) {
    const { facts, text, lines } = readAll(output)
    const all = text === null ? facts : [...facts, text]
    if (all.length === 0 && output.exitStatus === null && output.signal === null) {
      throw new AppError('invalid', 'This tells nothing of a job of Windows Server Backup.')
    }
    const states = ['crashed', 'failed', 'canceled', 'running'] as const
    // An event of the start does not outlast one of the end.
    const isEnded = all.some(({ state }) => state !== 'running' && state !== null)
    const ended =
      states.find(state => !(state === 'running' && isEnded) && all.some(one => one.state === state)) ?? null
    const amiss = all.filter(one => one.isAmiss).length
    return deriveReading(output, {
      ...toCounts(all),
      type: typeOf(all),
      isClosed: ended === null && all.some(({ state }) => state === 'finished'),
      ended,
      problems: 0,
      warnings: ended === null && amiss > 0 ? 1 : 0,
      messages: toMessages(all, text?.troubles ?? [], ended === 'failed'),
      lastWords: lines.slice(-3),
      silence: 'The output does not say that the job is done.',
    })
  },
}

function readAll({ stdout, stderr }: ToolOutput) {
  const lines = [stdout, stderr].flatMap(toOutputLines)
  const events = readBackupEvents(`${stdout}\n${stderr}`)
  const facts = events.length > 0 ? events : readBackupJobs(lines)
  return { lines, facts, text: readWbadminText(lines) }
}

function typeOf(all: readonly WindowsBackupFacts[]): RunType {
  const types: readonly RunType[] = ['backup', 'restore', 'delete', 'maintenance']
  return types.find(type => all.some(one => one.type === type)) ?? 'backup'
}

/** Two events tell of one job: the same numbers are not added up. */
function toCounts(all: readonly WindowsBackupFacts[]) {
  const largest = (name: 'files' | 'bytes') => {
    const known = all.map(one => one[name]).filter(count => count !== null)
    return known.length === 0 ? null : sumCounts([Math.max(...known)])
  }
  return {
    totalFiles: largest('files'),
    processedFiles: largest('files'),
    newFiles: null,
    bytes: largest('bytes'),
    startedAt: earliestTime(all.map(one => one.startedAt)),
    endedAt: latestTime(all.map(one => one.endedAt)),
  }
}

function toMessages(all: readonly WindowsBackupFacts[], troubles: readonly string[], isFailed: boolean): RunMessage[] {
  const bad = all.filter(
    one => one.reason !== null && (one.isAmiss || one.state === 'failed' || one.state === 'canceled'),
  )
  return [
    ...bad.map(({ state, reason }) => ({
      level: state === 'failed' ? ('error' as const) : ('warning' as const),
      text: reason ?? '',
    })),
    ...troubles.map(text => ({ level: isFailed ? ('error' as const) : ('warning' as const), text })),
  ]
}
