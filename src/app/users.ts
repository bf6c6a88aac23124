import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parseUsername } from '../domain/text.ts'
import type { Partner, User, UserRole } from '../domain/tree.ts'
import { type GivenContact, parseContact } from './contacts.ts'
import type { Store } from './ports.ts'

/** What somebody says of a person. */
export type GivenUser = Omit<GivenContact, 'company'> & { role?: UserRole | undefined }

/** A person of a partner. Throws `not-found`, the same for one that is not there and one of another partner. */
export async function getUser(
  store: Store,
  partner: Pick<Partner, 'id' | 'username'>,
  username: string,
): Promise<User> {
  // No database can look for NUL.
  const user = username.includes('\0') ? undefined : await store.findUser(username)
  if (user?.partnerId === partner.id) return user
  throw new AppError('not-found', `There is no user ${username} of the partner ${partner.username}.`)
}

/** Adds a person to a partner, by default called by the username. Throws `invalid` or `conflict`. */
export async function addUser(
  store: Store,
  partner: Pick<Partner, 'id'>,
  { username, role, name, email, phone }: GivenUser & { username: string; role: UserRole },
  now: Instant,
): Promise<User> {
  const checked = { username: parseUsername(username), ...parseContact({ name: name ?? username, email, phone }) }
  return store.addUser({ partnerId: partner.id, name: username, role, ...checked }, now)
}

/** Changes what is given of a person. Throws `invalid`. */
export async function changeUser(
  store: Store,
  { username }: User,
  { role, name, email, phone }: GivenUser,
): Promise<void> {
  await store.changeUser(username, { ...parseContact({ name, email, phone }), ...(role !== undefined && { role }) })
}
