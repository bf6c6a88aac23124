import type { UserRole } from './tree.ts'

/** What a caller may do. No scope includes another. */
export const scopes = [
  'partners_read',
  'partners_write',
  'accounts_read',
  'accounts_write',
  'computers_read',
  'computers_write',
] as const
export type Scope = (typeof scopes)[number]

/** What a person may do who signs in. People and policies are for administrators, and who pays need not read logs. */
export const scopesOfRole: Record<UserRole, readonly Scope[]> = {
  ADMIN: scopes,
  TECH: scopes.filter(scope => scope !== 'partners_write'),
  FINANCE: ['partners_read', 'accounts_read'],
}

/**
 * The node of the tree that something hangs on. A partner's `path` is the ids of the partners from the root down to
 * it, `/1/7/`; `accountId` and `computerKey` are there when the node is an account or a computer.
 */
export type TreeNode = { partnerPath: string; accountId: number | null; computerKey: number | null }

/** Who is calling: what it may do, and the node whose subtree it sees. */
export type Principal = { scopes: readonly Scope[]; node: TreeNode }

/** Whether `node` is `top` itself or below it: what a principal bound to `top` may see. */
export function isWithin(node: TreeNode, top: TreeNode): boolean {
  if (top.computerKey !== null) return node.computerKey === top.computerKey
  if (top.accountId !== null) return node.accountId === top.accountId
  return node.partnerPath.startsWith(top.partnerPath)
}
