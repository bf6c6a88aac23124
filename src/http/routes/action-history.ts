import { readActionHistory } from '../../app/action-history.ts'
import type { RunOrder, RunSelection } from '../../app/ports.ts'
import { parseBeginning } from '../../domain/local-time.ts'
import { runTypes } from '../../domain/run.ts'
import type { Account, Computer } from '../../domain/tree.ts'
import { ActionHistory, toActionHistory } from '../../wire/action-history.ts'
import { statesOf, wireStatusNames, wireTypes } from '../../wire/constants.ts'
import { constants, type Given, ordering, text } from '../../wire/parameters.ts'
import { getCalledAccount, getCalledComputer } from '../called-node.ts'
import { type Call, defineOperation, list, type Rows } from '../operation.ts'
import { toRowWindow } from '../paging.ts'

const selectors = {
  since: text(
    'Runs that started then or later: a date and time, or a day, which begins at midnight of the clock of the computer or account.',
  ),
  backupset: text('Runs of the backup sets of this name; all when it is left out.', 'Documents'),
  type: constants('Runs of these types; all when it is left out.', Object.values(wireTypes)),
  status: constants('Runs in these states; all when it is left out.', wireStatusNames),
  ...ordering(['LOCAL_START', 'TYPE', 'STATUS']),
}

const description =
  'Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed; by `STATUS`, what needs attention comes first: ERROR, CANCELED, CANCELING, PAUSED, RUNNING, UNINITIALIZED, SUCCESS. Ties are broken by the name of the backup set and by `action_id`. Whoever asks for page after page gets every run that was there at the beginning, also while others are recorded; those that start later come at the end of the ascending order.'

/** The runs of one computer. */
export const listActionsOfComputer = defineOperation({
  id: 'listActionsOfComputer',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/action_history',
  scope: 'computers_read',
  tag: 'Runs',
  summary: 'The runs of a computer.',
  description,
  query: selectors,
  answer: list(ActionHistory),
  async handle(call) {
    const computer = await getCalledComputer(call)
    const { accountId, key } = computer
    return listActions(call, computer, { accountId, computerKey: key })
  },
})

/** The runs of all computers of an account. */
export const listActionsOfAccount = defineOperation({
  id: 'listActionsOfAccount',
  method: 'GET',
  path: '/v1/accounts/:username/action_history',
  scope: 'accounts_read',
  tag: 'Runs',
  summary: 'The runs of all computers of an account, of deleted ones too.',
  description,
  query: selectors,
  answer: list(ActionHistory),
  async handle(call) {
    const account = await getCalledAccount(call)
    return listActions(call, account, { accountId: account.id, computerKey: null })
  },
})

async function listActions(
  { facts, query, paging, now }: Pick<Call, 'facts' | 'paging' | 'now'> & { query: Given<typeof selectors> },
  { partnerPath, timeZone }: Pick<Account | Computer, 'partnerPath' | 'timeZone'>,
  node: Pick<RunSelection, 'accountId' | 'computerKey'>,
): Promise<Rows<ActionHistory>> {
  const { since, backupset, type, status, order_by, order_dir } = query
  const selection: RunSelection & { partnerPath: string } = {
    ...node,
    partnerPath,
    from: since === undefined ? 0 : parseBeginning(since, timeZone, 'since'),
    ...(backupset !== undefined && { setName: backupset.normalize('NFC') }),
    ...(type && { types: runTypes.filter(one => type.has(wireTypes[one])) }),
    ...(status && { states: statesOf(status) }),
  }
  const order = { by: orders[order_by], isDescending: order_dir === 'DESC' }
  const { runs, count } = await readActionHistory(facts, selection, order, toRowWindow(paging), now)
  return { rows: runs.map(({ run, computer, condition }) => toActionHistory(computer, run, condition)), count }
}

const orders = { LOCAL_START: 'start', TYPE: 'type', STATUS: 'state' } as const satisfies Record<string, RunOrder['by']>
