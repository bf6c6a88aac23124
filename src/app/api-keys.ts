import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parseName } from '../domain/text.ts'
import type { ApiKey } from '../domain/tree.ts'
import type { Place, Store } from './ports.ts'
import { hashSecret, mintApiKey } from './secrets.ts'

/** Adds a key that reads the checks below `place`, and answers it, to be shown once. Throws `invalid`. */
export async function addApiKey(
  store: Store,
  { name, place }: { name: string; place: Place },
  now: Instant,
): Promise<{ key: ApiKey; secret: string }> {
  const secret = mintApiKey()
  const key = await store.addApiKey({ hash: hashSecret(secret), name: parseName(name, 'name'), place }, now)
  return { key, secret }
}

/** Removes an API key, with which its badges end, and answers what it was. Throws `not-found`. */
export async function removeApiKey(store: Store, id: number): Promise<ApiKey> {
  const key = (await store.listApiKeys()).find(one => one.id === id)
  if (!key) throw new AppError('not-found', `There is no API key ${id}; lastgood api-key list tells their ids.`)
  await store.removeApiKey(id)
  return key
}
