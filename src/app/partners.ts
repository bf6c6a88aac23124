import { AppError, isAppError } from '../domain/app-error.ts'
import { type ConditionRule, type ConditionStatus, conditionStatuses, policyRules } from '../domain/condition.ts'
import type { Policy } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { parseUsername } from '../domain/text.ts'
import type { Partner } from '../domain/tree.ts'
import { type GivenContact, parseContact } from './contacts.ts'
import type { Store } from './ports.ts'

/** The partner on top of the tree, which every installation has. */
export const rootUsername = 'root'

/** Finds the root partner, or makes it in an empty database. `isNew` is true for the one caller that has made it. */
export async function ensureRootPartner(store: Store, now: Instant): Promise<{ partner: Partner; isNew: boolean }> {
  const found = await store.findPartner(rootUsername)
  if (found) return { partner: found, isNew: false }
  try {
    const root = { parentId: null, username: rootUsername, name: rootUsername }
    return { partner: await store.addPartner(root, now), isNew: true }
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error
    // Another process was faster.
    return { partner: await getPartner(store, rootUsername), isNew: false }
  }
}

/** The partner with this username. Throws `not-found`. */
export async function getPartner(store: Store, username: string): Promise<Partner> {
  const partner = await store.findPartner(username)
  if (partner) return partner
  throw new AppError('not-found', `There is no partner ${username}; check the username.`)
}

/** Adds a partner below the one named `above`. Throws `invalid`, `not-found` or `conflict`. */
export async function addPartner(
  store: Store,
  { username, above, ...given }: GivenContact & { username: string; above: string },
  now: Instant,
): Promise<Partner> {
  const checked = { username: parseUsername(username), ...parseContact({ ...given, name: given.name ?? username }) }
  const parent = await getPartner(store, above)
  return store.addPartner({ parentId: parent.id, name: username, ...checked }, now)
}

/**
 * Changes what is given of a partner; a policy replaces the partner's own, and every status below it follows at once.
 * Throws `invalid` or `not-found`.
 */
export async function changePartner(
  store: Store,
  username: string,
  { policy, ...given }: GivenContact & { policy?: Policy | undefined },
): Promise<Partner> {
  const { id } = await getPartner(store, username)
  await store.changePartner(id, { ...parseContact(given), ...(policy && { policy }) })
  return getPartner(store, username)
}

/**
 * Removes a partner with its people, its clients and their tokens. Throws `not-found`, and `conflict` for the root partner and for
 * one that still has partners or accounts below it.
 */
export async function removePartner(store: Store, username: string): Promise<void> {
  const { id, parentId } = await getPartner(store, username)
  if (parentId === null) {
    throw new AppError('conflict', `${username} is the root partner, which every installation has: it must stay.`)
  }
  const partner = (await store.listPartners()).find(({ parentId }) => parentId === id)
  const account = (await store.listAccounts()).find(({ partnerId }) => partnerId === id)
  if (partner || account) {
    const below = partner ? `partner ${partner.username}` : `account ${account?.username}`
    throw new AppError('conflict', `The partner ${username} still has the ${below} below it; remove that first.`)
  }
  await store.removePartner(id)
}

/** Reads one entry of a policy, `WARNINGS=FAILURE`, in any letter case. Throws `invalid` that lists what is allowed. */
export function parsePolicyEntry(text: string): Policy {
  const [name = '', value = '', ...rest] = text.toUpperCase().split('=')
  const rule: ConditionRule | undefined = policyRules.find(known => known === name)
  const status: ConditionStatus | undefined = conditionStatuses.find(known => known === value)
  if (rule && status && rest.length === 0) return { [rule]: status }
  const shown = JSON.stringify(text.slice(0, 80))
  if (!rule) {
    throw new AppError('invalid', `${shown} does not begin with a rule; there are ${policyRules.join(', ')}.`)
  }
  throw new AppError(
    'invalid',
    `${shown} does not give ${rule} a status; write ${rule}= and one of ${conditionStatuses.join(', ')}.`,
  )
}
