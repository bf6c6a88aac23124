import { AppError } from '../domain/app-error.ts'
import { isWithin } from '../domain/principal.ts'
import type { FoundBearer, NamedNode, Store } from './ports.ts'

/** What stands for the caller's own account or partner. */
const own = '0'

/**
 * The partner or account that somebody names, in whatever letter case, or the caller's own for `0`: the account that it is
 * bound to or whose computer it is bound to, else the partner. Throws `not-found`, the same for one that is not there and one
 * that the caller may not see.
 */
export async function getNamedNode(store: Store, { node, place }: FoundBearer, name: string): Promise<NamedNode> {
  if (name === own) return store.nameNodeAt(place)
  const found = name.includes('\0') ? undefined : await store.findNamedNode(name)
  const isAround = found?.kind === 'account' && found.node.accountId === node.accountId
  if (found && (isAround || isWithin(found.node, node))) return found
  throw new AppError('not-found', `There is no account or partner ${name}.`)
}
