import type { BackupSet, Computer } from '../../domain/tree.ts'
import type { ConditionChange } from '../../wire/condition-change.ts'
import { layOut } from '../admin/tables.ts'
import { toStatusCell } from '../report/report-table.ts'

/** The newest changes of a set, and how many there are in all. */
export type ShownHistory = { computer: Computer; set: BackupSet; rows: readonly ConditionChange[]; count: number }

const head = ['SINCE', 'STATUS', 'CONDITIONS', 'NOTE']

/** The history for people; without rows, what comes next. */
export function toHistoryTable({ computer, set, rows, count }: ShownHistory, inColour: boolean): string {
  if (rows.length === 0) return toNextStep(set)
  const older = count - rows.length
  const left =
    older > 0 ? ` ${older} older ${older === 1 ? 'change is' : 'changes are'} shown by a greater --count.` : ''
  const { username, computerId, timeZone } = computer
  return [
    `${set.name} of computer ${computerId} of ${username}, newest first, on its clock (${timeZone}):`,
    layOut([head, ...rows.map(row => toCells(row, inColour))]),
    ...(left === '' ? [] : ['', left.trim()]),
  ].join('\n')
}

function toCells(row: ConditionChange, inColour: boolean): string[] {
  const status = toStatusCell(row.condition_status, inColour)
  return [
    row.local_time,
    row.retracted === '' ? status : `${status} (retracted)`,
    row.condition_types.join(' '),
    toNotes(row).join('; '),
  ]
}

function toNotes({ condition_status, found_status, due, action_id, retracted, until }: ConditionChange): string[] {
  if (condition_status === 'UNKNOWN') return [`no server was awake until ${until}`]
  const wasOther = found_status !== '' && found_status !== condition_status
  return [
    ...(due === '' ? [] : [`due ${due}`]),
    ...(action_id === 0 ? [] : [`run ${action_id}`]),
    ...(retracted === '' ? [] : [`retracted ${retracted}`]),
    ...(wasOther ? [`called ${found_status} then`] : []),
  ]
}

function toNextStep({ name }: BackupSet): string {
  return `Nothing has been found of the backup set ${name} yet. A server that runs (lastgood serve) finds every change of it. Report its runs with: lastgood run --set ${JSON.stringify(name)} -- COMMAND`
}
