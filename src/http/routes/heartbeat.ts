import { noteHeartbeat } from '../../app/note-heartbeat.ts'
import { getCalledComputer } from '../called-node.ts'
import { type Call, defineOperation, nothing } from '../operation.ts'

const heartbeat = {
  method: 'POST',
  scope: 'computers_write',
  tag: 'Computers',
  query: {},
  // What a body says does not matter, as long as it is small.
  ignoresBody: { limit: 16 * 1024 },
  answer: nothing,
} as const

/** A computer says that it is there. */
export const noteSignOfLife = defineOperation({
  ...heartbeat,
  id: 'noteHeartbeat',
  path: '/v1/accounts/:username/computers/:computer_id/heartbeat',
  summary: 'Say that a computer is there.',
  handle: call => note(call),
})

/** The same for the computer that an agent key is bound to. */
export const noteOwnSignOfLife = defineOperation({
  ...heartbeat,
  id: 'noteOwnHeartbeat',
  path: '/v1/heartbeat',
  summary: 'Say that the computer which an agent key is bound to is there.',
  handle: call => note(call),
})

async function note(
  call: Pick<Call, 'facts' | 'bearer' | 'now'> & { params: { username?: string; computer_id?: string } },
): Promise<void> {
  await noteHeartbeat(call.facts.store, await getCalledComputer(call), call.now)
}
