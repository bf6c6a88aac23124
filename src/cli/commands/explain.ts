import type { Command } from 'commander'
import { getBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { explainSet } from '../../app/explain-set.ts'
import { toSetExplanation } from '../../wire/explanation.ts'
import { administer, readFacts } from '../admin/administer.ts'
import { adminCommand, type AdminOptions } from '../admin/options.ts'

/** `lastgood explain`: why a backup set stands as it does, as a text for a ticket. */
export function explainCommand(): Command {
  return adminCommand(
    'explain',
    'Explain why a backup set stands as it does, and what would turn it green.',
    'lastgood explain acme 0000 Documents',
  )
    .argument('<username>', 'the account')
    .argument('<computer_id>', 'the computer, such as 0000')
    .argument('<name>', 'the backup set')
    .action((username: string, computerId: string, name: string, options: AdminOptions) =>
      administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const set = await getBackupSet(store, computer, name)
        const { explanation, ...known } = await explainSet(await readFacts(store), computer, set, now)
        return { json: toSetExplanation(explanation, { ...computer, ...known }), text: known.text }
      }),
    )
}
