import { AppError } from '../domain/app-error.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { sumCounts } from './counts.ts'
import { deriveReading } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { isTellingVzdumpLine, readVzdumpLog, type VzdumpGuest, type VzdumpLog } from './vzdump-log.ts'

/**
 * Reads the log of `vzdump`, the backup of Proxmox VE: of the task, of the command, and with the table of guests as it is
 * mailed and sent to a webhook. What it counts as files are guests. A job of which one guest failed has failed: that is
 * its own verdict. Times stand without a zone, and are not read.
 * Throws `invalid` for a text without a log when no exit status tells how it ended.
 * Format: Proxmox VE Administration Guide, "Backup and Restore" and "Notifications".
 */
export const vzdump: BackupTool = {
  name: 'vzdump',
  usage: {
    programs: ['vzdump'],
    debianPackage: null,
    example: { set: 'Guests', command: 'vzdump --all 1 --storage backup --mode snapshot' },
  },

  recognizes(output) {
    return readLines(output).some(line => ownLines.some(pattern => pattern.test(line)))
  },

  read(output) {
    const lines = readLines(output)
    const log = readVzdumpLog(lines)
    const isTable = lines.some(line => tableHeader.test(line))
    if (
      log.verdict === null &&
      log.guests.size === 0 &&
      !isTable &&
      output.exitStatus === null &&
      output.signal === null
    ) {
      throw new AppError('invalid', 'This is not a log of vzdump.')
    }
    const guests = [...log.guests.values()]
    const failures = guests.filter(guest => guest.failure !== null || (isTable && !guest.isDone)).length
    const isClosed = log.verdict !== null || (isTable && guests.length > 0)
    const isFailed = log.verdict === 'failed' || failures > 0 || (isTable && log.errors.length > 0)
    const ended = log.verdict === 'stopped' ? 'canceled' : isFailed ? 'failed' : null
    return deriveReading(output, {
      ...toCounts(guests, isClosed),
      type: 'backup',
      isClosed: isClosed && guests.every(guest => guest.isDone),
      ended,
      problems: ended === 'failed' ? failures : 0,
      warnings: countWarnings(log, guests, isClosed && ended === null),
      messages: [
        ...log.errors.map(text => ({ level: 'error' as const, text })),
        ...log.warnings.map(text => ({ level: 'warning' as const, text })),
      ],
      lastWords: lines.slice(-3),
      silence: 'The log does not say that the job is done.',
    })
  },

  needs(line) {
    return isTellingVzdumpLine(line) || [...ownLines, tableHeader].some(own => own.test(line)) ? 'each' : null
  },
}

const tableHeader = /^VMID +Name +Status +Time +Size +Filename$/
const ownLines = [
  /^(?:\d{1,9}: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?INFO: starting new backup job: vzdump /,
  /^(?:\d{1,9}: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?INFO: Starting Backup of VM \d{1,9} \((?:qemu|lxc|openvz)\)$/,
  tableHeader,
]

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines)
}

/** A job that ended without a guest has backed up nothing. */
function toCounts(guests: readonly VzdumpGuest[], isClosed: boolean) {
  const isKnown = isClosed || guests.length > 0
  return {
    totalFiles: isKnown ? guests.length : null,
    processedFiles: isKnown ? guests.filter(guest => guest.isDone).length : null,
    newFiles: null,
    bytes: sumCounts(guests.map(guest => guest.bytes)),
  }
}

/** A job that is done may have met errors that cost no guest its backup, such as a file system that did not freeze. */
function countWarnings(
  { statedWarnings, errors, warnings }: VzdumpLog,
  guests: readonly VzdumpGuest[],
  isDone: boolean,
) {
  if (!isDone) return warnings.length
  const unfinished = guests.filter(guest => !guest.isDone).length
  return Math.max(statedWarnings, warnings.length + errors.length) + unfinished
}
