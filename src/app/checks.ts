import type { Absences } from '../domain/absence.ts'
import { type CheckStanding, deriveCheck } from '../domain/check.ts'
import type { Policy } from '../domain/condition.ts'
import type { Expectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import { noHistory } from '../domain/occurrence.ts'
import { isWithin, type TreeNode } from '../domain/principal.ts'
import { toSlug } from '../domain/slug.ts'
import { type BackupSet, type Computer, toExpectation } from '../domain/tree.ts'
import { type Directory, toNode } from './directory.ts'
import { giveWay } from './give-way.ts'
import { buildPingDirectory, type PingTarget } from './ping-directory.ts'
import type { FoundApiKey, KnownBelow, Store, Version } from './ports.ts'
import { rememberUntilChanged } from './remember.ts'
import { buildSealedNames, type SealedNames, type SetName } from './sealed-names.ts'
import { equalHashes, hashSecret } from './secrets.ts'

/** A backup set that is shown as a check, and its computer. */
export type CheckTarget = PingTarget

/** A backup set as a check: what is expected of it, how it stands, and how often it was pinged. */
export type Check = CheckTarget & CheckStanding & { expectation: Expectation; pings: number }

/** Backup sets as the checks of Healthchecks, each below the node that an API key is bound to. */
export interface Checks {
  /** The names of checks and badges in URLs. */
  names(): Promise<SealedNames>
  /** The API key of a secret; undefined for one that is unknown. */
  findKey(version: Version, secret: string): Promise<FoundApiKey | undefined>
  /** The API key of a number that a badge has told. */
  findKeyById(version: Version, id: number): Promise<FoundApiKey | undefined>
  /** Every check below a node, by accounts, computers and names. */
  below(version: Version, node: TreeNode): Promise<readonly CheckTarget[]>
  /** The check of a ping UUID or a unique key; undefined also for one that is not below the node. */
  find(version: Version, node: TreeNode, name: string, now: Instant): Promise<CheckTarget | undefined>
  /** The check of a set; undefined also for one that is not below the node. */
  findSet(version: Version, node: TreeNode, name: SetName): Promise<CheckTarget | undefined>
  /** How checks below a node stand. */
  stand(version: Version, node: TreeNode, targets: readonly CheckTarget[], now: Instant): Promise<Check[]>
}

/** Builds the checks of a store. Who sees what is remembered until the tree of administration changes. */
export function buildChecks(store: Store, directory: Directory): Checks {
  const pings = buildPingDirectory(store, directory)
  const findKey = rememberUntilChanged(hash => store.findApiKey(hash), 10_000)
  const findKeyById = rememberUntilChanged(id => store.findApiKeyById(Number(id)), 10_000)
  const findComputer = rememberUntilChanged(key => store.findComputerByKey(Number(key)), 20_000)
  const below = rememberUntilChanged(node => readTargets(store, JSON.parse(node) as TreeNode), 20)
  let sealed: SealedNames | undefined
  const names = async () => (sealed ??= buildSealedNames(await store.checkSecret()))

  async function findSet(version: Version, node: TreeNode, { computerKey, setId }: SetName) {
    const computer = await findComputer(version, String(computerKey))
    if (!computer || !isWithin(toNode(computer), node)) return undefined
    const set = (await directory.setsOf(version, computer)).find(({ id }) => id === setId)
    return set && { computer, set }
  }

  return {
    names,
    findKey: async (version, secret) => {
      const hash = hashSecret(secret)
      const key = await findKey(version, hash)
      return key && equalHashes(key.hash, hash) ? key : undefined
    },
    findKeyById: async (version, id) => findKeyById(version, String(id)),
    below: async (version, node) => (await below(version, JSON.stringify(node))) ?? [],
    findSet,
    async find(version, node, name, now) {
      const pinged = await pings.findByPingId(version, name, now)
      if (pinged) return isWithin(toNode(pinged.computer), node) ? pinged : undefined
      const set = (await names()).readUniqueKey(name)
      return set && findSet(version, node, set)
    },
    async stand(version, node, targets, now) {
      const known = toKnown(await store.knownBelow(node, now))
      const absences = await directory.absences(version)
      const checks: Check[] = []
      for (const [index, target] of targets.entries()) {
        // Many sets take long enough to judge that others should have their turn in between.
        if (index % judgedAtOnce === judgedAtOnce - 1) await giveWay()
        const policy = await directory.policyOf(version, target.computer.partnerPath)
        checks.push(toCheck(target, known, { absences, policy, now }))
      }
      return checks
    },
  }
}

const judgedAtOnce = 500

/** The tags of a check: the account, the computer id and the computer's name as a slug, so that each selects its checks. */
export function tagsOf({ computer }: CheckTarget): string[] {
  const { username, computerId, name } = computer
  return [...new Set([username, computerId, toSlug(name)])].filter(tag => tag !== '')
}

/** The name of a check for people: that of its set, behind what the viewer sees several of. */
export function nameOf({ computer, set }: CheckTarget, viewer: TreeNode): string {
  if (viewer.computerKey !== null) return set.name
  const place = viewer.accountId === null ? [computer.username, computer.name] : [computer.name]
  return [...place, set.name].join(' / ')
}

async function readTargets(store: Store, node: TreeNode): Promise<CheckTarget[]> {
  const { computers, sets } = await store.treeBelow(node)
  const byComputer = Map.groupBy(sets, ({ computerKey }) => computerKey)
  return computers.flatMap((computer: Computer) =>
    (byComputer.get(computer.key) ?? []).map((set: BackupSet) => ({ computer, set })),
  )
}

function toKnown({ states, settledRuns, pingCounts, sightings }: KnownBelow) {
  return {
    states: new Map(states.map(state => [state.setId, state])),
    settledRuns: new Map(settledRuns.map(run => [run.setId, run])),
    pings: new Map(pingCounts.map(({ setId, count }) => [setId, count])),
    sightings: Map.groupBy(sightings, ({ computerKey }) => computerKey),
  }
}

type Circumstances = { absences: Absences; policy: Policy; now: Instant }

function toCheck(
  { computer, set }: CheckTarget,
  known: ReturnType<typeof toKnown>,
  { absences, policy, now }: Circumstances,
): Check {
  const expectation = toExpectation(set, computer)
  const standing = deriveCheck(
    {
      expectation,
      history: known.states.get(set.id) ?? noHistory,
      settledRun: known.settledRuns.get(set.id) ?? null,
      surroundings: { absences, sightings: known.sightings.get(computer.key) ?? [] },
      policy,
    },
    now,
  )
  return { computer, set, expectation, pings: known.pings.get(set.id) ?? 0, ...standing }
}
