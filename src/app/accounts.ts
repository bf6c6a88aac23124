import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parseName, parseUsername } from '../domain/text.ts'
import { parseTimeZone } from '../domain/time-zone.ts'
import type { Account } from '../domain/tree.ts'
import { getPartner } from './partners.ts'
import type { Facts } from './current-conditions.ts'
import { expectOnNewClock } from './expect-anew.ts'
import type { Store } from './ports.ts'

/** What is told of a new account; without a name it is called by its username. */
export type AccountToAdd = {
  username: string
  name?: string | undefined
  timeZone: string
  /** The username of the partner whose customer it is. */
  partner: string
  acceptsNewSets: boolean
}

/** The account with this username. Throws `not-found`. */
export async function getAccount(store: Store, username: string): Promise<Account> {
  const account = await store.findAccount(username)
  if (account) return account
  throw new AppError('not-found', `There is no account ${username}; check the username.`)
}

/** Adds an account below a partner. Throws `invalid`, `not-found` or `conflict`. */
export async function addAccount(store: Store, account: AccountToAdd, now: Instant): Promise<Account> {
  const checked = {
    username: parseUsername(account.username),
    name: parseName(account.name ?? account.username, 'name'),
    timeZone: parseTimeZone(account.timeZone),
    acceptsNewSets: account.acceptsNewSets,
  }
  const partner = await getPartner(store, account.partner)
  return store.addAccount({ partnerId: partner.id, ...checked }, now)
}

/** Changes what is given of an account. A new time zone holds from `now` on. Throws `invalid` or `not-found`. */
export async function changeAccount(
  facts: Facts,
  username: string,
  {
    name,
    timeZone,
    acceptsNewSets,
  }: { name?: string | undefined; timeZone?: string | undefined; acceptsNewSets?: boolean | undefined },
  now: Instant,
): Promise<Account> {
  const { store } = facts
  const account = await getAccount(store, username)
  const change = {
    ...(name !== undefined && { name: parseName(name, 'name') }),
    ...(timeZone !== undefined && { timeZone: parseTimeZone(timeZone) }),
    ...(acceptsNewSets !== undefined && { acceptsNewSets }),
  }
  const hasNewClock = timeZone !== undefined && timeZone !== account.timeZone
  const followers = hasNewClock
    ? (await store.listComputers(account.id)).filter(({ ownTimeZone }) => ownTimeZone === null)
    : []
  const expectations = await Promise.all(followers.map(computer => expectOnNewClock(facts, computer, now)))
  await store.changeAccount(account.id, change, expectations.flat())
  return getAccount(store, username)
}

/**
 * Removes an account with its clients and their tokens. Throws `not-found`, and `conflict` for an account that has ever
 * had a computer: the history of computers is kept.
 */
export async function removeAccount(store: Store, username: string): Promise<void> {
  const { id } = await getAccount(store, username)
  const computers = await store.listComputers(id)
  if (computers.length > 0) {
    throw new AppError(
      'conflict',
      `The account ${username} has the history of its computers, deleted ones included, which is kept: it must stay. Disable or remove its computers instead.`,
    )
  }
  await store.removeAccount(id)
}
