import type { Command } from 'commander'
import { type BacktestedSet, backtestPolicy, findSetsBelow, type SetsBelow } from '../../app/backtest-policy.ts'
import { backtestDays, backtestSet } from '../../app/backtest-set.ts'
import { getBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { getPartner } from '../../app/partners.ts'
import type { Policy } from '../../domain/condition.ts'
import { days as daysMs } from '../../domain/instant.ts'
import { toBacktest } from '../../wire/backtest.ts'
import { administer, readFacts } from '../admin/administer.ts'
import { adminCommand, type AdminOptions, groupCommand, parseWholeNumber, requireChange } from '../admin/options.ts'
import { policyHelp, policyOption } from '../admin/policy-option.ts'
import { isColourful } from '../admin/print.ts'
import { computerArguments, type TimingOptions, timingOptions, toGivenTiming } from '../admin/set-options.ts'
import { type SetCounts, toPolicyBacktest, toPolicyText, toSetCounts } from '../backtest/policy-text.ts'
import { openProgress } from '../backtest/progress.ts'
import { toSetText } from '../backtest/set-text.ts'

/** `lastgood backtest`: what other settings would have made of the past. */
export function backtestCommand(): Command {
  const description = 'Backtests: what other settings would have called the last days. Nothing is changed.'
  return groupCommand('backtest', description, [setCommand(), policyCommand()], 'set')
}

type PeriodOptions = AdminOptions & { policy?: Policy; days: number }

function setCommand(): Command {
  const command = adminCommand(
    'set',
    'Try other settings for a backup set; what is left out stays as it is.',
    'lastgood backtest set acme 0000 Documents --grace 240',
  )
  return periodOptions(timingOptions(computerArguments(command)))
    .argument('<name>', 'the backup set')
    .action(
      (
        username: string,
        computerId: string,
        name: string,
        { days, policy, ...options }: PeriodOptions & TimingOptions,
        command: Command,
      ) => {
        const given = { ...toGivenTiming(options), policy }
        requireChange(command, Object.values(given))
        return administer(options, async (store, now) => {
          const computer = await getComputer(store, username, computerId)
          const set = await getBackupSet(store, computer, name)
          const result = await backtestSet(await readFacts(store), { computer, set }, given, { days, now })
          const message = toBacktest(result, computer.timeZone)
          const isCut = result.from > now - daysMs(days)
          return { json: message, text: toSetText(message, { days, isCut, inColour: isColourful() }) }
        })
      },
    )
}

function policyCommand(): Command {
  const command = adminCommand(
    'policy',
    'Try another policy of a partner on every backup set below it.',
    'lastgood backtest policy root --policy WARNINGS=FAILURE',
  )
  return periodOptions(command)
    .argument('<partner>', 'the partner')
    .action((username: string, { days, policy, ...options }: PeriodOptions, command: Command) => {
      requireChange(command, [policy])
      return administer(options, async (store, now) => {
        const facts = await readFacts(store)
        const proposal = { partner: await getPartner(store, username), policy: policy ?? {} }
        const found = await findSetsBelow(facts, proposal.partner)
        const total = toPolicyBacktest(await countAll(backtestPolicy(facts, proposal, found, { days, now }), found))
        return { json: { partner: username, days, ...total }, text: toPolicyText(total, username, days) }
      })
    })
}

/** Goes through all sets, and tells people how far it has come where that takes long. */
async function countAll(tested: AsyncIterable<BacktestedSet>, found: SetsBelow): Promise<SetCounts[]> {
  const count = found.reduce((sum, { sets }) => sum + sets.length, 0)
  const progress = openProgress()
  const counts: SetCounts[] = []
  try {
    for await (const one of tested) {
      counts.push(toSetCounts(one))
      progress.tell(`${counts.length} of ${count} backup sets`)
    }
    return counts
  } finally {
    progress.close()
  }
}

function periodOptions(command: Command): Command {
  const { least, most, usual } = backtestDays
  return command
    .addOption(policyOption())
    .option('--days <days>', `how many days back, at most ${most}`, parseWholeNumber(least, most), usual)
    .addHelpText('after', policyHelp)
}
