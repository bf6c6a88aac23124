import { readConditionHistory } from '../../app/condition-history.ts'
import { ConditionChange, toConditionChange } from '../../wire/condition-change.ts'
import { getCalledBackupSet } from '../called-node.ts'
import { defineOperation, list } from '../operation.ts'
import { cutPage } from '../paging.ts'

/** How the condition of a backup set changed. */
export const listConditionChanges = defineOperation({
  id: 'listConditionChanges',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/condition_changes',
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'How the condition of a backup set changed, newest first, by the policy of today.',
  query: {},
  answer: list(ConditionChange),
  async handle(call) {
    const { computer, set } = await getCalledBackupSet(call)
    const history = await readConditionHistory(call.facts, computer, set)
    const rows = cutPage(history, call.paging).map(entry => toConditionChange(entry, computer.timeZone))
    return { rows, count: history.length }
  },
})
