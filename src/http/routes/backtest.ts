import { backtestDays, backtestSet, type ProposedSettings } from '../../app/backtest-set.ts'
import { parsePolicyEntry } from '../../app/partners.ts'
import { Backtest, type BacktestRequest, BacktestRequestOf, toBacktest } from '../../wire/backtest.ts'
import { getCalledBackupSet } from '../called-node.ts'
import { toGivenTiming } from '../given-set.ts'
import { bodyOf, defineOperation, message } from '../operation.ts'

/** What of the past would have been called otherwise under other settings of a backup set. Nothing is stored. */
export const backtestBackupSet = defineOperation({
  id: 'backtestBackupSet',
  method: 'POST',
  path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/backtest',
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'What of the past would have been called otherwise under other settings. Nothing is stored.',
  query: {},
  body: bodyOf(BacktestRequestOf(backtestDays), 'The backtest'),
  answer: message(Backtest),
  async handle(call) {
    const { days = backtestDays.usual, ...asked } = call.body
    const { computer, set } = await getCalledBackupSet(call)
    const period = { days, now: call.now }
    const result = await backtestSet(call.facts, { computer, set }, toProposed(asked), period)
    return { value: toBacktest(result, computer.timeZone) }
  },
})

function toProposed(asked: BacktestRequest): ProposedSettings {
  const policies = Object.entries(asked.policy ?? {}).map(([rule, status]) => parsePolicyEntry(`${rule}=${status}`))
  return {
    ...toGivenTiming(asked),
    policy: Object.assign({}, ...policies) as NonNullable<ProposedSettings['policy']>,
  }
}
