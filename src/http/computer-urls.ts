import type { Computer } from '../domain/tree.ts'
import { fillPath } from './fill-path.ts'
import type { Call } from './operation.ts'

/** The path of the computers of an account. */
export const computersPath = '/v1/accounts/:username/computers'

/** The path of a computer. */
export const computerPath = `${computersPath}/:computer_id` as const

/** Where a computer is, absolute. */
export function computerUrl(
  { publicUrl }: Pick<Call, 'publicUrl'>,
  { username, computerId }: Pick<Computer, 'username' | 'computerId'>,
): string {
  return publicUrl() + fillPath(computerPath, { username, computer_id: computerId })
}
