import { type Condition, deriveCondition, type Policy } from '../domain/condition.ts'
import type { Expectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import { deriveOccurrence, noHistory, type Occurrence, type Surroundings } from '../domain/occurrence.ts'
import { type BackupSet, type Computer, toExpectation } from '../domain/tree.ts'
import type { Directory } from './directory.ts'
import type { SetState, Store, Version } from './ports.ts'

/** A backup set as it stands now: what is expected of it, what is known, and what follows; nothing while nothing does. */
export type CurrentCondition = {
  set: BackupSet
  expectation: Expectation
  state: SetState
  occurrence: Occurrence | undefined
  condition: Condition | undefined
}

/** Where the facts come from, and the version of the tree that they are read under. */
export type Facts = { store: Store; directory: Directory; version: Version }

/** The condition of every backup set of a computer at `now`, in order of their names. */
export async function currentConditions(
  { store, directory, version }: Facts,
  computer: Computer,
  now: Instant,
): Promise<CurrentCondition[]> {
  const sets = await directory.setsOf(version, computer)
  const policy = await directory.policyOf(version, computer.partnerPath)
  const surroundings = await readSurroundings({ store, directory, version }, computer)
  const states = await store.setStates(computer.accountId, computer.key)
  return sets.map(set => {
    const state = states.find(({ setId }) => setId === set.id) ?? stateOfNewSet(set)
    return judge({ set, state, computer, surroundings, policy, now })
  })
}

/** What was seen of the server and, where it matters, of a computer. */
export async function readSurroundings(
  { store, directory, version }: Facts,
  computer: Computer,
): Promise<Surroundings> {
  const { accountId, key, isWatched } = computer
  return {
    absences: await directory.absences(version),
    sightings: isWatched ? await store.sightings(accountId, key) : [],
  }
}

type Judging = {
  set: BackupSet
  state: SetState
  computer: Computer
  surroundings: Surroundings
  policy: Policy
  now: Instant
}

function judge({ set, state, computer, surroundings, policy, now }: Judging): CurrentCondition {
  const expectation = toExpectation(set, computer)
  const occurrence = deriveOccurrence(expectation, state, surroundings, now)
  const condition = occurrence && deriveCondition(occurrence, now, policy)
  return { set, expectation, state, occurrence, condition }
}

/** What is known of a set that never ran. */
export function stateOfNewSet({ id }: BackupSet): SetState {
  return { ...noHistory, setId: id, lastGoodEndedAt: null, failedRuns: 0 }
}
