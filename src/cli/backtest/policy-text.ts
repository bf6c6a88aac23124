import type { BacktestedSet } from '../../app/backtest-policy.ts'
import { layOut } from '../admin/tables.ts'
import { toCount, toPeriod } from './set-text.ts'

/** How many changes of one set would vanish and appear. */
export type SetCounts = {
  username: string
  computer_id: string
  backupset_name: string
  vanish: number
  appear: number
}

/** The same over all sets, and `list` for each set of which any would. */
export type PolicyBacktest = { sets: number; vanish: number; appear: number; list: SetCounts[] }

/** Counts what was found of one set. */
export function toSetCounts({ computer, set, result }: BacktestedSet): SetCounts {
  return {
    username: computer.username,
    computer_id: computer.computerId,
    backupset_name: set.name,
    vanish: result.vanish.length,
    appear: result.appear.length,
  }
}

/** Adds up what was found of every set. */
export function toPolicyBacktest(sets: readonly SetCounts[]): PolicyBacktest {
  return {
    sets: sets.length,
    vanish: sets.reduce((sum, { vanish }) => sum + vanish, 0),
    appear: sets.reduce((sum, { appear }) => sum + appear, 0),
    list: sets.filter(({ vanish, appear }) => vanish + appear > 0),
  }
}

// More are for programs.
const mostShown = 100

const head = ['ACCOUNT', 'COMPUTER', 'BACKUP SET', 'VANISH', 'APPEAR']

/** What a backtest of a policy found, for people. */
export function toPolicyText({ sets, vanish, appear, list }: PolicyBacktest, partner: string, days: number): string {
  if (sets === 0) {
    return `There is no backup set below the partner ${partner} yet. Add one with: lastgood set add USERNAME COMPUTER_ID NAME`
  }
  const period = toPeriod(days)
  const all = sets === 1 ? 'the only backup set' : `any of the ${sets} backup sets`
  if (list.length === 0) return `Of ${period}, nothing would change for ${all} below ${partner}.`
  const those = `${list.length} of ${sets} backup ${sets === 1 ? 'set' : 'sets'}`
  const left = list.length - mostShown
  return [
    `Of ${period}, ${toCount(vanish)} would vanish and ${appear === 0 ? 'none' : appear} would appear, in ${those}:`,
    layOut([head, ...list.slice(0, mostShown).map(toCells)]),
    ...(left > 0 ? [`… and ${left} more (--json prints all)`] : []),
  ].join('\n')
}

function toCells({ username, computer_id, backupset_name, vanish, appear }: SetCounts): string[] {
  return [username, computer_id, backupset_name, String(vanish), String(appear)]
}
