import type { Computer } from '../domain/tree.ts'
import type { Call } from './operation.ts'

/** The parameters of a path that names a computer, or leaves it to the token to be bound to one. */
export type ComputerParams = { username?: string; computer_id?: string }

/**
 * The computer that a path names, or where it names none the one that the token is bound to. Throws `not-found`, also for
 * one outside of the caller's tree.
 */
export function getCalledComputer({
  params: { username, computer_id },
  bearer,
  facts: { directory, version },
}: Pick<Call, 'bearer'> & {
  params: ComputerParams
  facts: Pick<Call['facts'], 'directory' | 'version'>
}): Promise<Computer> {
  if (username === undefined || computer_id === undefined) return directory.getOwnComputer(version, bearer)
  return directory.getComputer(version, bearer, username, computer_id)
}
