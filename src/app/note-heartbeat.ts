import type { Instant } from '../domain/instant.ts'
import type { Computer } from '../domain/tree.ts'
import type { Store } from './ports.ts'

/** Notes that a computer says it is there. Nothing is kept of one whose presence no backup set asks for. */
export async function noteHeartbeat(
  store: Store,
  { accountId, key, isWatched }: Computer,
  now: Instant,
): Promise<void> {
  if (isWatched) await store.noteSighting({ accountId, computerKey: key, seenAt: now })
}
