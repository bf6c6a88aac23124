import type { PingKind } from '../domain/ping.ts'

/** What the path of a ping says, but for who it is for. The exit status is not checked yet. */
export type PingSignal = { kind: PingKind; exitStatus: number | null }

/** What the path of a ping names: a set by its UUID, or a computer by its ping key and a set of it by its slug. */
export type PingPath =
  ({ form: 'id'; pingId: string } & PingSignal) | ({ form: 'slug'; pingKey: string; slug: string } & PingSignal)

/** Why the path of a ping names nothing; the words are those of the protocol. */
export type PingPathFault = 'not found' | 'invalid url format'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const signal = '(?:/(?<word>start|fail|log)|/(?<status>[0-9]+))?'
const byId = new RegExp(`^(?<pingId>${uuid})(?:/|${signal})$`)
const bySlug = new RegExp(`^(?<pingKey>[A-Za-z0-9_-]+)/(?<slug>[A-Za-z0-9_-]+)${signal}$`)

/** The longest slug, as in Healthchecks. */
const longestSlug = 100

/**
 * Reads the path of a ping, without what it begins with: `<uuid>`, `<uuid>/` or `<ping key>/<slug>`, and behind that
 * `/start`, `/fail`, `/log` or an exit status (Healthchecks, "Pinging API").
 */
export function readPingPath(path: string): PingPath | PingPathFault {
  const id = byId.exec(path)?.groups
  if (id?.['pingId'] !== undefined) return { form: 'id', pingId: id['pingId'], ...toSignal(id) }
  const named = bySlug.exec(path)?.groups
  const [pingKey, slug] = [named?.['pingKey'], named?.['slug']]
  if (named === undefined || pingKey === undefined || slug === undefined) return 'not found'
  if (/[A-Z]/.test(slug) || slug.length > longestSlug) return 'invalid url format'
  return { form: 'slug', pingKey, slug, ...toSignal(named) }
}

function toSignal({ word, status }: Record<string, string | undefined>): PingSignal {
  if (word === 'start' || word === 'fail' || word === 'log') return { kind: word, exitStatus: null }
  if (status === undefined) return { kind: 'success', exitStatus: null }
  const exitStatus = Number(status)
  return { kind: exitStatus === 0 ? 'success' : 'fail', exitStatus }
}
