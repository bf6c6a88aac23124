import type { Instant } from '../domain/instant.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import { currentConditions, type Facts } from './current-conditions.ts'
import type { NewExpectation } from './tree-ports.ts'

/**
 * From when on sets are expected to do what they say after a change that moves their due times: from `now`. A set that
 * is missed keeps the due time that it missed, so that a change does not make it good by itself.
 */
export async function expectAnew(
  facts: Facts,
  computer: Computer,
  sets: readonly BackupSet[],
  now: Instant,
): Promise<NewExpectation[]> {
  const current = await currentConditions(facts, computer, now)
  const ids = new Set(sets.map(({ id }) => id))
  return current
    .filter(({ set }) => ids.has(set.id))
    .map(({ set, occurrence, condition }) => {
      const isMissed = occurrence?.kind === 'due' && condition?.rules.includes('MISSED')
      return { setId: set.id, expectedFrom: now, missedBefore: isMissed ? occurrence.dueAt : null }
    })
}

/** The same for the sets of a computer that follow its clock. */
export async function expectOnNewClock(facts: Facts, computer: Computer, now: Instant): Promise<NewExpectation[]> {
  const sets = await facts.store.listBackupSets(computer.accountId, computer.key)
  return expectAnew(
    facts,
    computer,
    sets.filter(({ ownTimeZone }) => ownTimeZone === null),
    now,
  )
}
