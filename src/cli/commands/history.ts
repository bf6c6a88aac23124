import type { Command } from 'commander'
import { getBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { readConditionHistory } from '../../app/condition-history.ts'
import { toConditionChange } from '../../wire/condition-change.ts'
import { administer, readFacts } from '../admin/administer.ts'
import { adminCommand, type AdminOptions, parseWholeNumber } from '../admin/options.ts'
import { isColourful } from '../admin/print.ts'
import { computerArguments } from '../admin/set-options.ts'
import { toHistoryTable } from '../history/history-table.ts'

type HistoryOptions = AdminOptions & { count: number }

const mostShown = 2_000

/** `lastgood history`: how the condition of a backup set changed. */
export function historyCommand(): Command {
  const command = adminCommand(
    'history',
    'Show how the condition of a backup set changed, newest first.',
    'lastgood history acme 0000 Documents',
  )
  return computerArguments(command)
    .argument('<name>', 'the backup set')
    .option('--count <number>', `how many changes, at most ${mostShown}`, parseWholeNumber(1, mostShown), 20)
    .action((username: string, computerId: string, name: string, { count, ...options }: HistoryOptions) =>
      administer(options, async store => {
        const computer = await getComputer(store, username, computerId)
        const set = await getBackupSet(store, computer, name)
        const history = await readConditionHistory(await readFacts(store), computer, set)
        const rows = history.slice(0, count).map(entry => toConditionChange(entry, computer.timeZone))
        const text = toHistoryTable({ computer, set, rows, count: history.length }, isColourful())
        return { json: rows, text }
      }),
    )
}
