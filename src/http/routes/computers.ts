import { addComputerWithoutKeys, removeComputer, renewAgentKey } from '../../app/computers.ts'
import { toNode } from '../../app/directory.ts'
import type { ComputerSelection } from '../../app/ports.ts'
import { type Computer as KnownComputer, computerStatuses } from '../../domain/tree.ts'
import { AgentKey, NewAgentKey } from '../../wire/agent-key.ts'
import { Computer, ComputerRow, NewComputer, toComputer } from '../../wire/computer.ts'
import { wireComputerStatuses } from '../../wire/constants.ts'
import { toResourceLink, toSelfLink } from '../../wire/links.ts'
import { constants, ordering } from '../../wire/parameters.ts'
import { getAccountAround, getCalledAccount, getCalledComputer, getKnownComputer } from '../called-node.ts'
import { computerPath, computersPath, computerUrl } from '../computer-urls.ts'
import { bodyOf, type Call, defineOperation, list, made, message, nothing } from '../operation.ts'
import { toRowWindow } from '../paging.ts'

const orders = { COMPUTER_ID: 'computerId', NAME: 'name', STATUS: 'status' } as const satisfies Record<
  string,
  ComputerSelection['orderBy']
>

/** The computers of an account that the caller may see. */
export const listComputers = defineOperation({
  id: 'listComputers',
  method: 'GET',
  path: computersPath,
  scope: 'computers_read',
  tag: 'Computers',
  summary: 'The computers of an account.',
  description: 'Deleted computers are listed only when status asks for them.',
  query: {
    status: constants('Only computers that stand so.', Object.values(wireComputerStatuses)),
    ...ordering(['COMPUTER_ID', 'NAME', 'STATUS']),
  },
  answer: list(ComputerRow),
  async handle(call) {
    const { status, order_by, order_dir } = call.query
    const account = await getAccountAround(call)
    const isWanted = (one: keyof typeof wireComputerStatuses) =>
      status ? status.has(wireComputerStatuses[one]) : one !== 'deleted'
    const selection = {
      accountId: account.id,
      computerKey: call.bearer.node.computerKey,
      statuses: computerStatuses.filter(isWanted),
      orderBy: orders[order_by],
      isDescending: order_dir === 'DESC',
    }
    const { store } = call.facts
    const { computers, count } = await store.selectComputers(selection, toRowWindow(call.paging))
    const usage = await store.usageOf(computers.map(toNode))
    const rows = computers.map((one, index) => ({
      ...toComputer(one, usage[index] ?? 0),
      link: toSelfLink(computerUrl(call, one)),
    }))
    return { rows, count }
  },
})

/** Adds a computer to an account. It has no agent key until one is asked for. */
export const addComputer = defineOperation({
  id: 'addComputer',
  method: 'POST',
  path: computersPath,
  scope: 'computers_write',
  tag: 'Computers',
  summary: 'Add a computer to an account.',
  description: 'It has no agent key yet: ask for one at its password.',
  query: {},
  body: bodyOf(NewComputer, 'The computer'),
  answer: made(Computer),
  async handle(call) {
    const { username } = await getCalledAccount(call)
    const { time_zone: timeZone, ...given } = call.body
    const computerToAdd = { username, ...given, timeZone: timeZone === '' ? undefined : timeZone }
    const computer = await addComputerWithoutKeys(call.acting().store, computerToAdd, call.now)
    return { value: await toResource(call, computer), location: computerUrl(call, computer) }
  },
})

/** A computer; one that was deleted can still be read. */
export const getComputer = defineOperation({
  id: 'getComputer',
  method: 'GET',
  path: computerPath,
  scope: 'computers_read',
  tag: 'Computers',
  summary: 'A computer.',
  description: 'One that was deleted can still be read, without links: nothing below it is there any more.',
  query: {},
  answer: message(Computer),
  handle: async call => ({ value: await toResource(call, await getKnownComputer(call)) }),
})

/** Marks a computer as deleted. */
export const deleteComputer = defineOperation({
  id: 'deleteComputer',
  method: 'DELETE',
  path: computerPath,
  scope: 'computers_write',
  tag: 'Computers',
  summary: 'Mark a computer as deleted: its keys end, its history is kept.',
  query: {},
  reads: getComputer,
  answer: nothing,
  handle: async call => removeComputer(call.acting().store, await getKnownComputer(call), call.now),
})

/** Gives a computer a new agent key. */
export const renewPassword = defineOperation({
  id: 'renewAgentKey',
  method: 'POST',
  path: `${computerPath}/password`,
  scope: 'computers_write',
  tag: 'Computers',
  summary: 'Give a computer a new agent key, which is shown once; the one that it has ends at once.',
  query: {},
  // What the key is to be is not for its caller to say.
  body: { ...bodyOf(NewAgentKey, 'The body'), isOptional: true },
  answer: made(AgentKey),
  async handle(call) {
    const computer = await getCalledComputer(call)
    const agent_key = await renewAgentKey(call.acting().store, computer, call.now)
    return { value: { agent_key } }
  },
})

const linked = {
  info: 'info',
  action_history: 'action_history',
  usage_history: 'usage_history',
  notification_emails: 'notifications/emails',
  notification_options: 'notifications/options',
  reports: 'reports',
  password: 'password',
}

async function toResource(call: Pick<Call, 'facts' | 'publicUrl'>, computer: KnownComputer): Promise<Computer> {
  const [usage = 0] = await call.facts.store.usageOf([toNode(computer)])
  const url = computerUrl(call, computer)
  const links = Object.entries(linked).map(([title, path]) => toResourceLink(title, `${url}/${path}`))
  return { ...toComputer(computer, usage), links: computer.status === 'deleted' ? [] : links }
}
