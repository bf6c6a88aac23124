import { AppError } from '../domain/app-error.ts'
import { hours, type Instant } from '../domain/instant.ts'
import { parsePassword } from '../domain/password.ts'
import { parseUsername } from '../domain/text.ts'
import type { Partner, User, UserRole } from '../domain/tree.ts'
import { actingAs } from './acting-as.ts'
import { parseContact } from './contacts.ts'
import type { NewUser } from './partner-ports.ts'
import { hashPassword } from './passwords.ts'
import type { Store } from './ports.ts'
import { hashSecret, mintToken } from './secrets.ts'
import { beginSession, type SignedIn, type SignInPlace } from './sign-in.ts'
import type { SignInLink } from './sign-in-ports.ts'

/** How long a link is good. */
export const linkLifetimeMs = hours(24)

/** The path of the page that a link opens. Its secret stands behind the `#`, which browsers send to nobody. */
export const toLinkPath = (secret: string): string => `/welcome#${secret}`

/** Makes a link by which a person chooses a password; an earlier one of the person ends. Answers its secret. */
export async function makeLinkOf(store: Store, { username, partnerId, role }: User, now: Instant): Promise<string> {
  return addLink(store, { username, partnerId, role }, now)
}

/**
 * Makes the link by which the first person of an installation comes to be, an ADMIN of the partner; undefined once somebody
 * can sign in. An earlier one ends.
 */
export async function makeFirstLink(
  store: Store,
  { id }: Pick<Partner, 'id'>,
  now: Instant,
): Promise<string | undefined> {
  if (await store.canAnybodySignIn()) return undefined
  return addLink(store, { username: null, partnerId: id, role: 'ADMIN' }, now)
}

/** Whom a link is for; the username is null where one is to be chosen. Throws `not-found` for one that is not good. */
export async function readLink(
  store: Store,
  secret: string,
  now: Instant,
): Promise<{ username: string | null; role: UserRole }> {
  const { username, role } = await getLink(store, secret, now)
  return { username, role }
}

/**
 * Takes a link: sets the password of its person, whom it makes if there is none yet, ends the sessions that the person had, and
 * begins one; undefined where the person must sign in, since one-time codes are asked for. Throws `not-found` for a link that is not good, `invalid` for a password or a username, `conflict` for a
 * username that is taken; the link stays good after both of these.
 */
export async function takeLink(
  store: Store,
  { secret, username, name, password }: { secret: string; username?: string; name?: string; password: string },
  place: SignInPlace,
  now: Instant,
): Promise<SignedIn | undefined> {
  const link = await getLink(store, secret, now)
  const chosen = link.username ?? parseUsername(username ?? '')
  const passwordHash = await hashPassword(parsePassword(password, chosen))
  const added = link.username === null ? toNewUser(link, chosen, name) : null
  const acting = actingAs(store, { by: { actor: `user ${chosen}`, at: now } })
  await acting.takeSignInLink(link, { added, passwordHash }, now)
  const person = await store.findPerson(chosen)
  if (!person) throw notGood()
  // Whoever has a link has not shown that the authenticator is there, too.
  return person.credentials.codeSecret === null ? beginSession(store, person.user, place, now) : undefined
}

function toNewUser({ partnerId, role }: SignInLink, username: string, name: string | undefined): NewUser {
  return { partnerId, role, username, name: username, ...parseContact({ name }) }
}

async function addLink(
  store: Store,
  link: Pick<SignInLink, 'username' | 'partnerId' | 'role'>,
  now: Instant,
): Promise<string> {
  const secret = mintToken()
  await store.addSignInLink({ ...link, hash: hashSecret(secret), expiresAt: now + linkLifetimeMs }, now)
  return secret
}

async function getLink(store: Store, secret: string, now: Instant): Promise<SignInLink> {
  const link = await store.findSignInLink(hashSecret(secret), now)
  if (link) return link
  throw notGood()
}

function notGood(): AppError {
  return new AppError(
    'not-found',
    'This link was used already, or has ended: a new one is made by `lastgood user link USERNAME`.',
  )
}
