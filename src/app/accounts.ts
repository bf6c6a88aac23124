import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parseLogDays, parseRunDays } from '../domain/retention.ts'
import { longestName, parseLine, parseUsername } from '../domain/text.ts'
import { parseTimeZone } from '../domain/time-zone.ts'
import type { Account, AccountStatus } from '../domain/tree.ts'
import { type GivenContact, parseContact } from './contacts.ts'
import type { Facts } from './current-conditions.ts'
import { expectAnew, expectOnNewClock } from './expect-anew.ts'
import { getPartner } from './partners.ts'
import type { Store } from './ports.ts'

/** What somebody says of an account. */
export type GivenAccount = GivenContact & {
  timeZone?: string | undefined
  acceptsNewSets?: boolean | undefined
  /** What the partner calls it in its own books. */
  referenceCode?: string | undefined
  /** How many days its runs and its logs are kept, 0 for ever; null: as long as the server says. */
  runDays?: number | null | undefined
  logDays?: number | null | undefined
}

/** What is told of a new account; without a name it is called by its username, without a time zone it is in UTC. */
export type AccountToAdd = GivenAccount & {
  username: string
  /** The username of the partner whose customer it is. */
  partner: string
}

/** The account with this username. Throws `not-found`. */
export async function getAccount(store: Store, username: string): Promise<Account> {
  const account = await store.findAccount(username)
  if (account) return account
  throw new AppError('not-found', `There is no account ${username}; check the username.`)
}

/** Adds an account below a partner. Throws `invalid`, `not-found` or `conflict`. */
export async function addAccount(store: Store, account: AccountToAdd, now: Instant): Promise<Account> {
  const { username, partner, ...given } = account
  const checked = {
    username: parseUsername(username),
    ...usual,
    ...parseAccount({ ...given, name: given.name ?? username }),
  }
  const { id } = await getPartner(store, partner)
  return store.addAccount({ partnerId: id, name: username, ...checked }, now)
}

/** What holds for a new account where nobody says otherwise. */
const usual = { timeZone: 'UTC', acceptsNewSets: true }

/**
 * Changes what is given of an account. What moves due times holds from `now` on: a new time zone, and that an account
 * which was canceled is in use again. Throws `invalid` or `not-found`; `invalid` also for a status of `canceled`, unless
 * the account is that already.
 */
export async function changeAccount(
  facts: Facts,
  username: string,
  { status, ...given }: GivenAccount & { status?: AccountStatus | undefined },
  now: Instant,
): Promise<Account> {
  const { store } = facts
  const account = await getAccount(store, username)
  const isBack = account.status === 'canceled' && status !== undefined && status !== 'canceled'
  if (status === 'canceled' && account.status !== 'canceled') {
    throw new AppError(
      'invalid',
      `An account is canceled by its cancellation, which has a reason_note; not by its status.`,
    )
  }
  const change = {
    ...parseAccount(given),
    ...(status !== undefined && { status }),
    ...(isBack && { cancellationNote: null }),
  }
  const hasNewClock = change.timeZone !== undefined && change.timeZone !== account.timeZone
  const computers = isBack || hasNewClock ? await store.listComputers(account.id) : []
  const expectations = await Promise.all(
    computers.map(async computer => {
      if (isBack) return expectAnew(facts, computer, await store.listBackupSets(account.id, computer.key), now)
      return computer.ownTimeZone === null ? expectOnNewClock(facts, computer, now) : []
    }),
  )
  await store.changeAccount(account.id, change, expectations.flat())
  return getAccount(store, username)
}

function parseAccount({ timeZone, acceptsNewSets, referenceCode, runDays, logDays, ...contact }: GivenAccount) {
  return {
    ...parseContact(contact),
    ...(timeZone !== undefined && { timeZone: parseTimeZone(timeZone) }),
    ...(acceptsNewSets !== undefined && { acceptsNewSets }),
    ...(referenceCode !== undefined && { referenceCode: parseLine(referenceCode, 'reference_code', longestName) }),
    ...(runDays !== undefined && { runDays: runDays === null ? null : parseRunDays(runDays, 'run_days') }),
    ...(logDays !== undefined && { logDays: logDays === null ? null : parseLogDays(logDays, 'log_days') }),
  }
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
