import type { PingDirectory } from '../app/ping-directory.ts'
import type { Store } from '../app/ports.ts'
import type { MailTarget } from '../app/receive-mail.ts'
import type { Instant } from '../domain/instant.ts'
import { readMailAddress } from './mail-address.ts'

/** What addresses are looked up in. */
export type Addresses = { store: Pick<Store, 'treeVersion'>; pings: PingDirectory; domains: readonly string[] }

/**
 * Whom an address is for. A ping key with a slug that no set of its computer has, or several have, is the inbox of the
 * computer. Answers why there is nobody otherwise.
 */
export async function findTarget(
  { store, pings, domains }: Addresses,
  address: string,
  now: Instant,
): Promise<MailTarget | 'unknown' | 'other-domain'> {
  const named = readMailAddress(address, domains)
  if (named.kind === 'unknown' || named.kind === 'other-domain') return named.kind
  const version = await store.treeVersion()
  if (named.kind === 'set') return (await pings.findByPingId(version, named.pingId, now)) ?? 'unknown'
  const computer = await pings.findByPingKey(version, named.pingKey)
  if (!computer) return 'unknown'
  const { slug } = named
  if (slug === null) return { computer, set: null, slug, reason: null }
  const [set, other] = await pings.findBySlug(version, computer, slug)
  if (set && !other) return { computer, set }
  const reason = set
    ? `Several backup sets have the slug ${slug}: send to the address of one of them.`
    : `No backup set has the slug ${slug}.`
  return { computer, set: null, slug, reason }
}
