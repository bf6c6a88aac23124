import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import type { AccountStatus, Contact, User } from '../domain/tree.ts'
import type { RowWindow } from './ports.ts'

/** What rows are ordered by; ties are broken so that the order is total, and descending turns the whole of it round. */
export type RowOrder<Column extends string> = { column: Column; isDescending: boolean }

export type NewUser = Pick<User, 'username' | 'partnerId' | 'name' | 'role'> & Partial<Contact>
export type UserChange = Partial<Pick<User, 'name' | 'role' | 'email' | 'phone'>>

/** Who has signed up below a partner. A partner has no status of its own: it counts as active. */
export type Signup = {
  type: 'account' | 'partner'
  username: string
  name: string
  company: string
  node: TreeNode
}

/** Which signups are wanted; left out: whichever there are. */
export type SignupSelection = {
  /** Signed up then or later. */
  since?: Instant | undefined
  types?: readonly Signup['type'][] | undefined
  statuses?: readonly AccountStatus[] | undefined
}

/** The changes of the people of partners. */
export interface UserChanges {
  /** Throws `conflict` when somebody of any partner has the username, in whatever letter case. */
  addUser(user: NewUser, now: Instant): Promise<User>
  changeUser(username: string, change: UserChange): Promise<void>
  removeUser(username: string): Promise<void>
}

/** What hangs on partners besides accounts and their computers. */
export interface PartnerStore {
  findUser(username: string): Promise<User | undefined>
  /** The people of a partner; ties are broken by username. Rows and count are read one after the other. */
  listUsers(
    partnerId: number,
    order: RowOrder<'username' | 'name' | 'role'>,
    page: RowWindow,
  ): Promise<{ users: User[]; count: number }>
  /**
   * The accounts and partners at any depth below the partner at a path; ties are broken by name, then username. Rows and
   * count are read one after the other.
   */
  listSignups(
    partnerPath: string,
    selection: SignupSelection,
    order: RowOrder<'type' | 'username' | 'name'>,
    page: RowWindow,
  ): Promise<{ signups: Signup[]; count: number }>
}
