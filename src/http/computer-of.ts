import type { FastifyRequest } from 'fastify'
import type { Directory } from '../app/directory.ts'
import type { Computer } from '../domain/tree.ts'

/** The parameters of a path that names a computer, or leaves it to the token to be bound to one. */
export type ComputerParams = { username?: string; computer_id?: string }

/**
 * The computer that a path names, or where it names none the one that the token is bound to. Throws `not-found`, also for
 * one outside of the caller's tree.
 */
export function getComputerOf(
  directory: Directory,
  { params, treeVersion, bearer }: FastifyRequest<{ Params: ComputerParams }>,
): Promise<Computer> {
  const { username, computer_id } = params
  if (username === undefined || computer_id === undefined) return directory.getOwnComputer(treeVersion, bearer)
  return directory.getComputer(treeVersion, bearer, username, computer_id)
}
