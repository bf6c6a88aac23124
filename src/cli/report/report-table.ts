import { styleText } from 'node:util'
import { type ConditionStatus, conditionStatuses } from '../../domain/condition.ts'
import type { BackupStatus } from '../../wire/backup-status.ts'
import { layOut } from '../admin/tables.ts'
import type { AccountReport } from './account-report.ts'

/** How each status looks: a shape beside the word, and a colour where there are colours. */
export const looks = {
  FAILURE: { shape: '✖', colour: 'red' },
  WARNING: { shape: '▲', colour: 'yellow' },
  RUNNING: { shape: '▶', colour: 'blue' },
  COMPLETED: { shape: '✔', colour: 'green' },
} as const satisfies Record<ConditionStatus, { shape: string; colour: string }>

const head = ['STATUS', 'COMPUTER', 'BACKUP SET', 'START', 'END', 'CONDITIONS', 'ERRORS', 'WARNINGS']

/** The report for people, with a line that counts; without rows, what comes next. */
export function toReportTable(report: AccountReport, inColour: boolean): string {
  const { rows } = report
  if (rows.length === 0) return toNextStep(report)
  return `${layOut([head, ...rows.map(row => toCells(row, inColour))])}\n\n${toSummary(rows)}`
}

/** A status as a table shows it: its shape, its word, and its colour where there are colours. */
export function toStatusCell(status: ConditionStatus | 'UNKNOWN' | '', inColour: boolean): string {
  if (status === '') return '–'
  const { shape, colour } = status === 'UNKNOWN' ? unknown : looks[status]
  const cell = `${shape} ${status}`
  return inColour ? styleText(colour, cell, { validateStream: false }) : cell
}

const unknown = { shape: '?', colour: 'gray' } as const

function toCells(row: BackupStatus, inColour: boolean): string[] {
  return [
    toStatusCell(row.condition_status, inColour),
    `${row.computer_id} ${row.computer_name}`,
    row.backupset_name,
    row.local_start,
    row.local_end,
    row.condition_types.join(' '),
    String(row.errors),
    String(row.warnings),
  ]
}

function toSummary(rows: readonly BackupStatus[]): string {
  const counts = conditionStatuses.flatMap(status => {
    const count = rows.filter(row => row.condition_status === status).length
    return count > 0 ? [`${count} ${status}`] : []
  })
  return `${rows.length} backup ${rows.length === 1 ? 'set' : 'sets'}: ${counts.join(', ')}.`
}

function toNextStep({ username, hasNoComputer }: AccountReport): string {
  if (hasNoComputer) {
    return `The account ${username} has no computer yet. Add one with: lastgood computer add ${username} --name NAME`
  }
  return `No backup run has been reported yet. On the computer, with its agent key: lastgood run --set NAME -- COMMAND`
}
