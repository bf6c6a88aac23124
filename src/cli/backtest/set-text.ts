import type { Backtest } from '../../wire/backtest.ts'
import { layOut } from '../admin/tables.ts'
import { toStatusCell } from '../report/report-table.ts'

type Moment = Backtest['vanish'][number]

// More are for programs.
const mostShown = 20

/** How a text is written: `days` were asked for, and `isCut` says that a set has more runs in them than are looked at. */
export type TextOptions = { days: number; isCut: boolean; inColour: boolean }

/** What a backtest of one set found, for people. */
export function toSetText(backtest: Backtest, { days, isCut, inColour }: TextOptions): string {
  const { from, vanish, appear, stay } = backtest
  const period = isCut ? `the time since ${from}, from when on its runs are looked at` : toPeriod(days)
  if (vanish.length + appear.length === 0) {
    if (stay === 0) return `Of ${period}, nothing would change: the set had no condition in that time.`
    return `Of ${period}, nothing would change: ${toCount(stay)} would stay.`
  }
  return [
    `Of ${period}, ${toHead(vanish, toCount(vanish.length), 'vanish')}`,
    ...toLines(vanish, inColour),
    toHead(appear, appear.length === 0 ? 'None' : String(appear.length), 'appear'),
    ...toLines(appear, inColour),
    `${stay === 0 ? 'None' : stay} would stay.`,
  ].join('\n')
}

/** The last so many days, in words. */
export function toPeriod(days: number): string {
  return days === 1 ? 'the last day' : `the last ${days} days`
}

/** So many changes, in words. */
export function toCount(count: number): string {
  if (count === 0) return 'no change'
  return count === 1 ? '1 change' : `${count} changes`
}

function toHead(moments: readonly Moment[], count: string, verb: string): string {
  return `${count} would ${verb}${moments.length > 0 ? ':' : '.'}`
}

/** The newest of some changes, one a line. */
function toLines(moments: readonly Moment[], inColour: boolean): string[] {
  if (moments.length === 0) return []
  const shown = moments.slice(-mostShown)
  const leftOut = moments.length - shown.length
  const note = leftOut > 0 ? [`  … ${leftOut} earlier (--json prints all)`] : []
  const lines = layOut(shown.map(moment => toCells(moment, inColour))).split('\n')
  return [...note, ...lines.map(line => `  ${line}`)]
}

function toCells({ local_time, condition_status, condition_types, due }: Moment, inColour: boolean): string[] {
  const what = due === '' ? condition_types.join(' ') : `${condition_types.join(' ')}, due ${due}`
  return [local_time, toStatusCell(condition_status, inColour), what]
}
