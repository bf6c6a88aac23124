import type { Instant } from '../domain/instant.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Directory } from './directory.ts'
import type { Store, Version } from './ports.ts'
import { rememberUntilChanged } from './remember.ts'
import { equalHashes, hashSecret } from './secrets.ts'

/** What a set is named by: its UUID, or the ping key of its computer and its slug. Either is the secret. */
export type NamedSet = { form: 'id'; pingId: string } | { form: 'slug'; pingKey: string; slug: string }

/** A backup set that a ping names, and its computer. */
export type PingTarget = { computer: Computer; set: BackupSet }

/**
 * What ping URLs name: the URL is the secret, so that whoever knows it is not asked who he is. Look-ups are remembered
 * until the tree of administration changes.
 */
export interface PingDirectory {
  /** The set of a UUID; undefined for one that is unknown or has come to its end. */
  findByPingId(version: Version, pingId: string, now: Instant): Promise<PingTarget | undefined>
  /** The computer of a ping key. */
  findByPingKey(version: Version, pingKey: string): Promise<Computer | undefined>
  /** The sets of a computer that have a slug: none, one, or several that share it. */
  findBySlug(version: Version, computer: Computer, slug: string): Promise<BackupSet[]>
}

/** Builds the directory of what pings name. */
export function buildPingDirectory(store: Store, directory: Directory): PingDirectory {
  const findId = rememberUntilChanged(async hash => asEqual(await store.findPingId(hash), hash), 20_000)
  const findKey = rememberUntilChanged(async hash => asEqual(await store.findPingKey(hash), hash), 20_000)
  const findComputer = rememberUntilChanged(key => store.findComputerByKey(Number(key)), 20_000)

  return {
    async findByPingId(version, pingId, now) {
      const found = await findId(version, hashSecret(pingId))
      if (!found || (found.expiresAt !== null && found.expiresAt <= now)) return undefined
      const computer = await findComputer(version, String(found.computerKey))
      const sets = computer ? await directory.setsOf(version, computer) : []
      const set = sets.find(({ id }) => id === found.setId)
      return computer && set && { computer, set }
    },

    async findByPingKey(version, pingKey) {
      const found = await findKey(version, hashSecret(pingKey))
      return found && findComputer(version, String(found.computerKey))
    },

    async findBySlug(version, computer, slug) {
      return (await directory.setsOf(version, computer)).filter(set => set.slug === slug)
    },
  }
}

function asEqual<Found extends { hash: string }>(found: Found | undefined, hash: string): Found | undefined {
  return found && equalHashes(found.hash, hash) ? found : undefined
}
