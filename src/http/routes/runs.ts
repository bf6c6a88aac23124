import type { StoredRun } from '../../app/ports.ts'
import { AppError } from '../../domain/app-error.ts'
import type { Computer } from '../../domain/tree.ts'
import { ActionHistory } from '../../wire/action-history.ts'
import { getCalledComputer } from '../called-node.ts'
import { type Call, defineOperation, message, plainText } from '../operation.ts'
import { toActionRow } from './action-row.ts'

/** One run as it is stored, judged. */
export const getRun = defineOperation({
  id: 'getRun',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/runs/:action_id',
  scope: 'computers_read',
  tag: 'Runs',
  summary: 'One run of a computer.',
  query: {},
  answer: message(ActionHistory),
  async handle(call) {
    const computer = await getCalledComputer(call)
    const run = await call.facts.store.findRun(computer.accountId, computer.key, readActionId(call))
    if (!run) throw noSuchRun()
    return { value: await toActionRow(call, computer, run) }
  },
})

/** What a run logged. */
export const getRunLog = defineOperation({
  id: 'getRunLog',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/runs/:action_id/log',
  scope: 'computers_read',
  tag: 'Runs',
  summary: 'What a run of a computer logged, as text.',
  query: {},
  answer: plainText,
  async handle(call) {
    const computer = await getCalledComputer(call)
    const found = await call.facts.store.findRunLog(computer.accountId, computer.key, readActionId(call))
    if (!found) throw noSuchRun()
    return { text: found.log, modifiedAt: found.receivedAt }
  },
})

/** Where a run can be read. */
export function locationOfRun(
  call: Pick<Call, 'publicUrl'>,
  { username, computerId }: Computer,
  run: StoredRun,
): string {
  return `${call.publicUrl()}/v1/accounts/${encodeURIComponent(username)}/computers/${computerId}/runs/${run.id}`
}

function readActionId({ params }: { params: { action_id: string } }): number {
  if (/^\d{1,15}$/.test(params.action_id)) return Number(params.action_id)
  throw noSuchRun()
}

function noSuchRun(): AppError {
  return new AppError('not-found', 'There is no such run of this computer.')
}
