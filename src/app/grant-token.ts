import { AppError } from '../domain/app-error.ts'
import { type Instant, minutes } from '../domain/instant.ts'
import type { Scope } from '../domain/principal.ts'
import { assertSomeScope } from './clients.ts'
import { addToken, type IssuedToken } from './issue-token.ts'
import type { Place, Store } from './ports.ts'
import { hashSecret } from './secrets.ts'

/** The longest that a token may be granted for without a client: a day. The shortest is a minute. */
export const longestTokenMinutes = 1_440

/** Gives an administrator a token of no client, for what is below `place`. Throws `invalid`. */
export async function grantToken(
  store: Store,
  { scopes, place, lifetimeMinutes }: { scopes: readonly Scope[]; place: Place; lifetimeMinutes: number },
  now: Instant,
): Promise<IssuedToken> {
  if (!Number.isInteger(lifetimeMinutes) || lifetimeMinutes < 1 || lifetimeMinutes > longestTokenMinutes) {
    throw new AppError(
      'invalid',
      `The lifetime must be a whole number of minutes from 1 to ${longestTokenMinutes}, not ${lifetimeMinutes}.`,
    )
  }
  return addToken(store, { scopes: assertSomeScope(scopes), place, clientId: null }, minutes(lifetimeMinutes), now)
}

/** Ends a token. Throws `not-found` for one that is not known, `invalid` for an agent key. */
export async function revokeToken(store: Store, token: string): Promise<void> {
  const hash = hashSecret(token)
  const bearer = await store.findBearer(hash)
  if (!bearer) throw new AppError('not-found', 'The token is not known; it may have ended already.')
  if (bearer.expiresAt === null) {
    throw new AppError('invalid', 'This is an agent key and no token: give its computer a new key to end it.')
  }
  await store.revokeToken(hash)
}
