import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { type Scope, scopes as allScopes } from '../domain/principal.ts'
import { parseName } from '../domain/text.ts'
import type { Client } from '../domain/tree.ts'
import type { Place, Store } from './ports.ts'
import { hashSecret, mintHexSecret } from './secrets.ts'

/** A client with its new secret, which is shown once. */
export type ClientWithSecret = { client: Client; clientSecret: string }

/** The client with this id. Throws `not-found`. */
export async function getClient(store: Store, clientId: string): Promise<Client & { place: Place }> {
  const client = await store.findClient(clientId)
  if (client) return client
  throw new AppError('not-found', `There is no client ${clientId}; check its client_id.`)
}

/** Adds a client that may ask for tokens with these scopes, for what is below `place`. Throws `invalid`. */
export async function addClient(
  store: Store,
  { name, scopes, place }: { name: string; scopes: readonly Scope[]; place: Place },
  now: Instant,
): Promise<ClientWithSecret> {
  const checked = { name: parseName(name, 'name'), scopes: assertSomeScope(scopes), place }
  const clientSecret = mintHexSecret()
  const secretHash = hashSecret(clientSecret)
  return { client: await store.addClient({ clientId: mintHexSecret(), secretHash, ...checked }, now), clientSecret }
}

/** Changes what is given of a client; other scopes end the tokens that it has. Throws `invalid` or `not-found`. */
export async function changeClient(
  store: Store,
  clientId: string,
  { name, scopes }: { name?: string | undefined; scopes?: readonly Scope[] | undefined },
): Promise<Client & { place: Place }> {
  const { id } = await getClient(store, clientId)
  await store.changeClient(id, {
    ...(name !== undefined && { name: parseName(name, 'name') }),
    ...(scopes && { scopes: assertSomeScope(scopes) }),
  })
  return getClient(store, clientId)
}

/** Gives a client a new secret and answers it; the old one and the tokens that it has end. Throws `not-found`. */
export async function renewClientSecret(store: Store, clientId: string): Promise<string> {
  const { id } = await getClient(store, clientId)
  const clientSecret = mintHexSecret()
  await store.changeClient(id, { secretHash: hashSecret(clientSecret) })
  return clientSecret
}

/** Removes a client; its tokens end with it. Throws `not-found`. */
export async function removeClient(store: Store, clientId: string): Promise<void> {
  const { id } = await getClient(store, clientId)
  await store.removeClient(id)
}

/** Answers the scopes. Throws `invalid`, with those there are, when there is none: no scope allows nothing. */
export function assertSomeScope(scopes: readonly Scope[]): readonly Scope[] {
  if (scopes.length > 0) return scopes
  throw new AppError('invalid', `scope must name at least one of ${allScopes.join(', ')}.`)
}
