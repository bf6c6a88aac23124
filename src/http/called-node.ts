import { getBackupSet } from '../app/backup-sets.ts'
import type { Account, BackupSet, Computer, Partner } from '../domain/tree.ts'
import type { Call } from './operation.ts'

/** The parameters of a path that names a computer, or leaves it to the token to be bound to one. */
export type ComputerParams = { username?: string; computer_id?: string }

type Caller = Pick<Call, 'bearer'> & { facts: Pick<Call['facts'], 'directory' | 'version'> }

/** The partner that a path names. Throws `not-found`, also for one outside of the caller's tree. */
export function getCalledPartner(call: Caller & { params: { username: string } }): Promise<Partner> {
  return call.facts.directory.getPartner(call.facts.version, call.bearer, call.params.username)
}

/** The account that a path names. Throws `not-found`, also for one outside of the caller's tree. */
export function getCalledAccount(call: Caller & { params: { username: string } }): Promise<Account> {
  return call.facts.directory.getAccount(call.facts.version, call.bearer, call.params.username)
}

/** The backup set that a path names, and its computer. Throws `not-found`, also for one outside of the caller's tree. */
export async function getCalledBackupSet(
  call: Caller & {
    params: { username: string; computer_id: string; name: string }
    facts: Pick<Call['facts'], 'store'>
  },
): Promise<{ computer: Computer; set: BackupSet }> {
  const computer = await getCalledComputer(call)
  return { computer, set: await getBackupSet(call.facts.store, computer, call.params.name) }
}

/** The account of which the caller may see all or, bound to one of its computers, that computer. Throws `not-found`. */
export function getAccountAround(call: Caller & { params: { username: string } }): Promise<Account> {
  return call.facts.directory.getAccountAround(call.facts.version, call.bearer, call.params.username)
}

/** The computer that a path names, also one that was deleted. Throws `not-found`, also for one outside of the tree. */
export function getKnownComputer({
  params: { username, computer_id },
  bearer,
  facts,
}: Caller & { params: Required<ComputerParams> }): Promise<Computer> {
  return facts.directory.getKnownComputer(facts.version, bearer, username, computer_id)
}

/**
 * The computer that a path names, or where it names none the one that the token is bound to. Throws `not-found`, also for
 * one outside of the caller's tree.
 */
export function getCalledComputer({
  params: { username, computer_id },
  bearer,
  facts: { directory, version },
}: Caller & { params: ComputerParams }): Promise<Computer> {
  if (username === undefined || computer_id === undefined) return directory.getOwnComputer(version, bearer)
  return directory.getComputer(version, bearer, username, computer_id)
}
