import { AppError } from '../domain/app-error.ts'
import { type Instant, seconds } from '../domain/instant.ts'
import { type Scope, scopes as allScopes } from '../domain/principal.ts'
import type { Place, Store } from './ports.ts'
import { equalHashes, hashSecret, mintToken } from './secrets.ts'

/** How long a token lasts. */
export const tokenLifetimeMs = seconds(3_600)

/** A token as its bearer gets it, once. */
export type IssuedToken = { token: string; scopes: readonly Scope[]; expiresInMs: number }

// Compared with when the client is unknown, so that an unknown client takes as long as a wrong secret.
const hashOfNobody = hashSecret('')

/**
 * Gives a client a token with the scopes that it asks for, by default all that it may have. Throws `unauthenticated`
 * for an unknown client or a wrong secret, `forbidden` for scopes that the client has not.
 */
export async function issueToken(
  store: Store,
  { clientId, clientSecret, scopes }: { clientId: string; clientSecret: string; scopes: readonly string[] },
  now: Instant,
): Promise<IssuedToken> {
  const client = await store.findClient(clientId)
  const isRight = equalHashes(client?.secretHash ?? hashOfNobody, hashSecret(clientSecret))
  if (!client || !isRight) {
    throw new AppError('unauthenticated', 'The client is unknown, or its secret is wrong.')
  }
  const granted = scopes.length === 0 ? client.scopes : client.scopes.filter(scope => scopes.includes(scope))
  const refused = scopes.filter(scope => !client.scopes.some(own => own === scope))
  if (refused.length > 0) {
    throw new AppError(
      'forbidden',
      `The client may not have the scope ${refused.join(' ').slice(0, 200)}; it may have ${client.scopes.join(' ')}.`,
    )
  }
  return addToken(store, { scopes: granted, place: client.place, clientId: client.id }, tokenLifetimeMs, now)
}

/** Stores a new token and answers it. */
export async function addToken(
  store: Store,
  { scopes, place, clientId }: { scopes: readonly Scope[]; place: Place; clientId: number | null },
  lifetimeMs: number,
  now: Instant,
): Promise<IssuedToken> {
  const token = mintToken()
  await store.addToken({ hash: hashSecret(token), scopes, clientId, place, expiresAt: now + lifetimeMs }, now)
  return { token, scopes, expiresInMs: lifetimeMs }
}

/** Reads names of scopes separated by spaces, plus signs or commas. Throws `invalid` for a name that there is not. */
export function parseScopes(text: string): Scope[] {
  const names = text.split(/[\s+,]+/).filter(Boolean)
  return [...new Set(names)].map(name => {
    const scope = allScopes.find(known => known === name)
    if (scope) return scope
    throw new AppError(
      'invalid',
      `${JSON.stringify(name.slice(0, 80))} is not a scope; there are ${allScopes.join(', ')}.`,
    )
  })
}
