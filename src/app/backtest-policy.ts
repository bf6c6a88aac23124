import type { Policy } from '../domain/condition.ts'
import { isWithin } from '../domain/principal.ts'
import { type BackupSet, type Computer, type Partner, toExpectation } from '../domain/tree.ts'
import { type BacktestPeriod, replay, type SetBacktest } from './backtest-set.ts'
import { type Facts, readSurroundings } from './current-conditions.ts'

/** A backup set below a partner, and what would have been different for it. */
export type BacktestedSet = { computer: Computer; set: BackupSet; result: SetBacktest }

/** The backup sets of all computers below a partner that were not deleted. */
export type SetsBelow = { computer: Computer; sets: BackupSet[] }[]

/** Finds the backup sets below a partner, in the order of accounts, computers and sets. */
export async function findSetsBelow({ store }: Facts, partner: Partner): Promise<SetsBelow> {
  const accounts = await store.listAccounts()
  const below = accounts.filter(({ partnerPath, id }) => isWithin(nodeOf(partnerPath, id), nodeOf(partner.path, null)))
  const found: SetsBelow = []
  for (const account of below) {
    for (const computer of await store.listComputers(account.id)) {
      if (computer.status === 'deleted') continue
      found.push({ computer, sets: await store.listBackupSets(computer.accountId, computer.key) })
    }
  }
  return found
}

/**
 * What of the last days would have been called otherwise had a partner set other statuses, one set after the other. What
 * a partner below it has set itself goes before. Nothing is stored.
 */
export async function* backtestPolicy(
  facts: Facts,
  { partner, policy: proposed }: { partner: Partner; policy: Policy },
  found: SetsBelow,
  period: BacktestPeriod,
): AsyncGenerator<BacktestedSet> {
  const partners = await facts.store.listPartners()
  for (const { computer, sets } of found) {
    const surroundings = await readSurroundings(facts, computer)
    const policy = await facts.directory.policyOf(facts.version, computer.partnerPath)
    const nearer = nearerPolicy(partners, partner, computer.partnerPath)
    for (const set of sets) {
      const expectation = toExpectation(set, computer)
      const judgedBy = {
        present: { expectation, policy },
        proposed: { expectation, policy: { ...policy, ...proposed, ...nearer } },
      }
      yield { computer, set, result: await replay(facts, { set, surroundings }, period, judgedBy) }
    }
  }
}

/** What the partners between one and an account have set themselves, the nearest to the account first. */
function nearerPolicy(partners: readonly Partner[], above: Partner, accountPath: string): Policy {
  const between = partners.filter(({ id, path }) => {
    return id !== above.id && path.startsWith(above.path) && accountPath.startsWith(path)
  })
  const downwards = between.toSorted((one, other) => one.path.length - other.path.length)
  return Object.assign({}, ...downwards.map(({ policy }) => policy)) as Policy
}

function nodeOf(partnerPath: string, accountId: number | null) {
  return { partnerPath, accountId, computerKey: null }
}
