import { explainSet } from '../../app/explain-set.ts'
import { SetExplanation, toSetExplanation } from '../../wire/explanation.ts'
import { getCalledBackupSet } from '../called-node.ts'
import { defineOperation, message } from '../operation.ts'

/** Why a backup set stands as it does. */
export const explainBackupSet = defineOperation({
  id: 'explainBackupSet',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/explain',
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'Why a backup set stands as it does: facts, rules, and what would turn it green.',
  query: {},
  answer: message(SetExplanation),
  async handle(call) {
    const { computer, set } = await getCalledBackupSet(call)
    const { explanation, ...known } = await explainSet(call.facts, computer, set, call.now)
    return { value: toSetExplanation(explanation, { ...computer, ...known }) }
  },
})
