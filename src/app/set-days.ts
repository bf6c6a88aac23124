import { toCondition } from '../domain/condition.ts'
import { type Day, deriveDays, listDays, type SetDay } from '../domain/days.ts'
import type { Instant } from '../domain/instant.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Facts } from './current-conditions.ts'
import type { ConditionChange } from './ports.ts'

/** How many days may be asked for, and how many are unless somebody says otherwise: whole weeks of a year. */
export const setDays = { least: 1, most: 371, usual: 371 } as const

/** Of how many sets at once, and how many days are shown of each unless somebody says otherwise. */
export const setsDays = { mostSets: 100, usual: 30 } as const

/** So many changes are looked at: what lies before the oldest of them is not known. */
const mostChanges = 50_000

/** A backup set and what it was on each of the last days, by the policy of today, oldest first. */
export type DaysOfSet = { computer: Computer; set: BackupSet; days: SetDay[] }

/** What each of some sets was on the last `count` days of its computer's zone: as it was found then, not as it would be judged now. */
export async function readSetDays(
  { store, directory, version }: Facts,
  sets: readonly { computer: Computer; set: BackupSet }[],
  { count, now }: { count: number; now: Instant },
): Promise<DaysOfSet[]> {
  const zones = new Map<string, Day[]>()
  for (const { computer } of sets) {
    const zone = computer.timeZone
    if (!zones.has(zone)) zones.set(zone, listDays(zone, now, count))
  }
  const since = Math.min(...[...zones.values()].map(days => days[0]?.from ?? now))
  const keys = sets.map(({ set }) => set)
  const found = sets.length === 0 ? [] : await store.listChangesSince(keys, { since, most: mostChanges })
  const knownFrom = found.length === mostChanges ? (found[0]?.at ?? now) : 0
  const changesOf = Map.groupBy(found, ({ setId }) => setId)
  const { gaps } = await directory.absences(version)
  const read: DaysOfSet[] = []
  for (const { computer, set } of sets) {
    const policy = await directory.policyOf(version, computer.partnerPath)
    const changes = (changesOf.get(set.id) ?? []).map(({ at, rules, retractedAt }) => ({
      at,
      condition: rules.length > 0 ? toCondition(rules, policy) : undefined,
      isRetracted: retractedAt !== null,
    }))
    const days = (zones.get(computer.timeZone) ?? []).filter(({ from }) => from >= knownFrom)
    read.push({ computer, set, days: deriveDays(days, { changes, gaps, now }) })
  }
  return read
}

/** A change of the condition of one of some sets. */
export type SetChange = Pick<ConditionChange, 'at' | 'rules' | 'retractedAt'> & { setId: number }
