import type { Policy } from '../domain/condition.ts'
import type { Expectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import { judgeSet, type SetJudgement } from '../domain/judge-set.ts'
import { noHistory, type Surroundings } from '../domain/occurrence.ts'
import { type BackupSet, type Computer, toExpectation } from '../domain/tree.ts'
import type { Directory } from './directory.ts'
import type { SetState, Store, Version } from './ports.ts'

/** A backup set as it stands now: what is expected of it, what is known, and what follows; nothing while nothing does. */
export type CurrentCondition = SetJudgement & { set: BackupSet; expectation: Expectation; state: SetState }

/** Where the facts come from, and the version of the tree that they are read under. */
export type Facts = {
  store: Store
  directory: Directory
  version: Version
  /** The version of the account that what is known of runs may be as old as; without it, it is the newest. */
  accountVersion?: Version | undefined
}

/** The condition of every backup set of a computer at `now`, in order of their names. */
export async function currentConditions(
  { store, directory, version, accountVersion }: Facts,
  computer: Computer,
  now: Instant,
): Promise<CurrentCondition[]> {
  const sets = await directory.setsOf(version, computer)
  const policy = await directory.policyOf(version, computer.partnerPath)
  const surroundings = await readSurroundings({ store, directory, version }, computer)
  const states = await store.setStates(computer.accountId, computer.key, accountVersion)
  return judgeSets({ computer, sets, states: bySet(states), surroundings, policy }, now)
}

/** What the sets of a computer are judged by; the states are by set, and may also be those of other computers. */
export type ComputerFacts = {
  computer: Computer
  sets: readonly BackupSet[]
  states: ReadonlyMap<number, SetState>
  surroundings: Surroundings
  policy: Policy
}

/** Judges the sets of a computer at `now`, in the order in which they are given. */
export function judgeSets(
  { computer, sets, states, surroundings, policy }: ComputerFacts,
  now: Instant,
): CurrentCondition[] {
  return sets.map(set => {
    const state = states.get(set.id) ?? stateOfNewSet(set)
    const expectation = toExpectation(set, computer)
    return { set, expectation, state, ...judgeSet({ expectation, history: state, surroundings, policy }, now) }
  })
}

/** What is known of sets, by set. */
export function bySet(states: readonly SetState[]): Map<number, SetState> {
  return new Map(states.map(state => [state.setId, state]))
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

/** What is known of a set that never ran. */
export function stateOfNewSet({ id }: BackupSet): SetState {
  return { ...noHistory, setId: id, lastGoodEndedAt: null, failedRuns: 0 }
}
