import { domainToUnicode } from 'node:url'

/**
 * What an address names: a set by its UUID, a computer by its ping key and perhaps a set of it by its slug; or nothing
 * of ours.
 */
export type MailAddress =
  | { kind: 'set'; pingId: string }
  | { kind: 'computer'; pingKey: string; slug: string | null }
  | { kind: 'unknown' }
  | { kind: 'other-domain' }

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const keyed = /^([A-Za-z0-9_-]{22})(?:\+([A-Za-z0-9_-]{1,100}))?$/

/**
 * Reads the address of a recipient: `<uuid>@domain`, `<ping key>@domain` or `<ping key>+<slug>@domain`, as Healthchecks has
 * them. Letter case counts in a ping key alone; `domains` are in lower case.
 */
export function readMailAddress(address: string, domains: readonly string[]): MailAddress {
  const at = address.lastIndexOf('@')
  if (!domains.includes(toComparableDomain(address.slice(at + 1)))) return { kind: 'other-domain' }
  const local = address.slice(0, Math.max(0, at))
  if (uuid.test(local.toLowerCase())) return { kind: 'set', pingId: local.toLowerCase() }
  const [, pingKey, slug] = keyed.exec(local) ?? []
  if (pingKey === undefined) return { kind: 'unknown' }
  return { kind: 'computer', pingKey, slug: slug?.toLowerCase() ?? null }
}

/** A domain as domains are compared: in lower case, without a dot at its end, its letters as they are written. */
export function toComparableDomain(domain: string): string {
  return domainToUnicode(domain.replace(/\.$/, '')).toLowerCase()
}
