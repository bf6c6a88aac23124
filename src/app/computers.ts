import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parseName } from '../domain/text.ts'
import { parseTimeZone } from '../domain/time-zone.ts'
import type { Computer } from '../domain/tree.ts'
import { getAccount } from './accounts.ts'
import { parseContact } from './contacts.ts'
import type { Facts } from './current-conditions.ts'
import { expectAnew, expectOnNewClock } from './expect-anew.ts'
import type { Store } from './ports.ts'
import type { NewExpectation } from './tree-ports.ts'
import { hashSecret, mintAgentKey, mintPingKey } from './secrets.ts'

/** A computer with its new keys, which are shown once. */
export type ComputerWithKeys = { computer: Computer; agentKey: string; pingKey: string }

/** A computer of an account. Throws `not-found` when there is no such account or computer, or it was deleted. */
export async function getComputer(store: Store, username: string, computerId: string): Promise<Computer> {
  const computer = await store.findComputer(username, computerId)
  if (computer) return computer
  await getAccount(store, username)
  const wasDeleted = await store.findKnownComputer(username, computerId)
  throw new AppError(
    'not-found',
    wasDeleted
      ? `The computer ${computerId} of ${username} was deleted; only its history is kept.`
      : `The account ${username} has no computer ${computerId}; check its computer_id.`,
  )
}

/** The computers of an account, deleted ones included. Throws `not-found`. */
export async function listComputers(store: Store, username: string): Promise<Computer[]> {
  const account = await getAccount(store, username)
  return store.listComputers(account.id)
}

/** What is told of a new computer; without a time zone it has its account's. */
export type ComputerToAdd = {
  name: string
  timeZone?: string | undefined
  email?: string | undefined
  phone?: string | undefined
}

/** Adds a computer that has no keys yet. Throws `invalid` or `not-found`. */
export async function addComputerWithoutKeys(
  store: Store,
  { username, name, timeZone, email, phone }: ComputerToAdd & { username: string },
  now: Instant,
): Promise<Computer> {
  const checked = {
    name: parseName(name, 'name'),
    timeZone: timeZone === undefined ? null : parseTimeZone(timeZone),
    ...parseContact({ email, phone }),
  }
  const account = await getAccount(store, username)
  return store.addComputer({ accountId: account.id, ...checked }, now)
}

/** Adds a computer with an agent key and a ping key. Throws `invalid` or `not-found`. */
export async function addComputer(
  store: Store,
  computerToAdd: ComputerToAdd & { username: string },
  now: Instant,
): Promise<ComputerWithKeys> {
  const computer = await addComputerWithoutKeys(store, computerToAdd, now)
  const agentKey = await renewAgentKey(store, computer, now)
  return { computer, agentKey, pingKey: await renewPingKey(store, computer, now) }
}

/** What somebody changes of a computer; what is left out stays as it is. */
export type GivenComputerChange = Partial<{
  name: string | undefined
  /** Null: that of its account. */
  timeZone: string | null | undefined
  enabled: boolean | undefined
  email: string | undefined
  phone: string | undefined
}>

/** Changes what is given of a computer. What moves due times holds from `now` on. Throws `invalid` or `not-found`. */
export async function changeComputer(
  facts: Facts,
  computer: Computer,
  { name, timeZone, enabled, email, phone }: GivenComputerChange,
  now: Instant,
): Promise<Computer> {
  const { store } = facts
  const change = {
    ...(timeZone !== undefined && { ownTimeZone: timeZone === null ? null : parseTimeZone(timeZone) }),
    ...(enabled !== undefined && { status: enabled ? ('active' as const) : ('disabled' as const) }),
    ...parseContact({ name, email, phone }),
  }
  if (Object.keys(change).length === 0) return computer
  await store.changeComputer(computer.key, change, await newExpectations())
  return getComputer(store, computer.username, computer.computerId)

  async function newExpectations(): Promise<NewExpectation[]> {
    const isBack = enabled === true && computer.status === 'disabled'
    if (isBack) return expectAnew(facts, computer, await store.listBackupSets(computer.accountId, computer.key), now)
    if (timeZone === undefined || timeZone === computer.ownTimeZone) return []
    const newZone = timeZone ?? (await getAccount(store, computer.username)).timeZone
    return newZone === computer.timeZone ? [] : expectOnNewClock(facts, computer, now)
  }
}

/** Gives a computer a new agent key and answers it; the one it had ends at once. */
export async function renewAgentKey(store: Store, { key }: Computer, now: Instant): Promise<string> {
  const agentKey = mintAgentKey()
  await store.setAgentKey(key, hashSecret(agentKey), now)
  return agentKey
}

/** Gives a computer a new ping key and answers it; the one it had ends at once. */
export async function renewPingKey(store: Store, { key }: Computer, now: Instant): Promise<string> {
  const pingKey = mintPingKey()
  await store.setPingKey(key, hashSecret(pingKey), now)
  return pingKey
}

/** Marks a computer as deleted: it is not found any more, its keys end, its history is kept. One that is stays so. */
export async function removeComputer(store: Store, { key, status }: Computer, now: Instant): Promise<void> {
  if (status !== 'deleted') await store.changeComputer(key, { status: 'deleted', deletedAt: now })
}
