import type { NamedSet } from '../app/ping-directory.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const pingKeyPattern = /^[A-Za-z0-9_-]+$/
const slugPattern = /^[a-z0-9_-]{1,100}$/

/** Whether a text is the UUID of a set, as ping URLs have it. */
export function isPingId(text: string): boolean {
  return uuid.test(text)
}

/** A set by the ping key of its computer and its slug; null where either cannot be one. */
export function toNamedSlug(pingKey: string, slug: string): NamedSet | null {
  return pingKeyPattern.test(pingKey) && slugPattern.test(slug) ? { form: 'slug', pingKey, slug } : null
}

/** Reads what begins with the name of a set, `<uuid>` or `<ping key>/<slug>`, and what comes behind; null: no name. */
export function readNamedSet(path: string): { named: NamedSet; rest: string } | null {
  const [first = '', ...others] = path.split('/').filter(segment => segment !== '')
  if (isPingId(first)) return { named: { form: 'id', pingId: first }, rest: others.join('/') }
  const [slug = '', ...rest] = others
  const named = toNamedSlug(first, slug)
  return named && { named, rest: rest.join('/') }
}

/** What follows the scheme `Bearer` in an Authorization header, in any letter case; null: there is none. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null
}
