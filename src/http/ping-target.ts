import type { FastifyRequest } from 'fastify'
import { buildPingDirectory, type NamedSet, type PingTarget } from '../app/ping-directory.ts'
import type { PingSource } from '../app/ports.ts'
import { addPingedSet } from '../app/record-ping.ts'
import type { Computer } from '../domain/tree.ts'
import type { ServerContext } from './context.ts'
import { buildCaller } from './public-url.ts'

/** What was named: a set that is there, or one that may be made. */
export type FoundSet = PingTarget | { computer: Computer; newSlug: string }

/** Finds and makes the sets that requests name by a secret, whoever sends them. */
export type PingTargets = {
  find(named: NamedSet, mayCreate: boolean): Promise<FoundSet | 'not found' | 'ambiguous slug'>
  /** The set that was found; it is made if there is none yet. */
  make(found: FoundSet): Promise<{ target: PingTarget; isNew: boolean }>
  sourceOf(request: FastifyRequest): PingSource
}

const longestUserAgent = 200

/** Builds what finds the sets of secrets. */
export function buildPingTargets({ store, directory, clock, settings }: ServerContext): PingTargets {
  const pings = buildPingDirectory(store, directory)
  const callerOf = buildCaller(settings.trustedProxies)

  return {
    async find(named, mayCreate) {
      const version = await store.treeVersion()
      if (named.form === 'id') return (await pings.findByPingId(version, named.pingId, clock())) ?? 'not found'
      const computer = await pings.findByPingKey(version, named.pingKey)
      if (!computer) return 'not found'
      const [set, other] = await pings.findBySlug(version, computer, named.slug)
      if (other) return 'ambiguous slug'
      if (set) return { computer, set }
      return mayCreate && computer.acceptsNewSets ? { computer, newSlug: named.slug } : 'not found'
    },

    async make(found) {
      if ('set' in found) return { target: found, isNew: false }
      const { set, isNew } = await addPingedSet(store, found.computer, found.newSlug, clock())
      return { target: { computer: found.computer, set }, isNew }
    },

    sourceOf({ method, headers, raw }) {
      const { proto, address } = callerOf(raw)
      const userAgent = (headers['user-agent'] ?? '').slice(0, longestUserAgent).toWellFormed().replaceAll('\0', '')
      return { method, scheme: proto, remoteAddress: address, userAgent }
    },
  }
}
