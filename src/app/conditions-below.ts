import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import type { Computer } from '../domain/tree.ts'
import { bySet, type CurrentCondition, type Facts, judgeSets } from './current-conditions.ts'
import { giveWay } from './give-way.ts'
import type { SliceBelow } from './ports.ts'

/** A computer with the conditions of its sets, by their names. */
export type ComputerConditions = { computer: Computer; conditions: CurrentCondition[] }

type Pace = {
  /** Whether somebody still waits for it. */
  isWanted?: () => boolean
  /** How many computers are read and judged before others have their turn. */
  computersAtOnce?: number
}

/**
 * The condition of every backup set below a node at `now`, so many computers at a time, in no order that means anything: of
 * each set exactly what the report of its computer alone says. It ends early once nobody wants it any more.
 */
export async function* conditionsBelow(
  facts: Facts,
  node: TreeNode,
  now: Instant,
  { isWanted = () => true, computersAtOnce = 40 }: Pace = {},
): AsyncGenerator<ComputerConditions[]> {
  let after = 0
  while (isWanted()) {
    const slice = await facts.store.sliceBelow(node, { after, most: computersAtOnce })
    yield await judgeSlice(facts, slice, now)
    const last = slice.computers.at(-1)
    if (!last || slice.computers.length < computersAtOnce) return
    after = last.key
    await giveWay()
  }
}

async function judgeSlice(
  { directory, version }: Facts,
  { computers, ...known }: SliceBelow,
  now: Instant,
): Promise<ComputerConditions[]> {
  const absences = await directory.absences(version)
  const states = bySet(known.states)
  const setsOf = Map.groupBy(known.sets, ({ computerKey }) => computerKey)
  const seen = Map.groupBy(known.sightings, ({ computerKey }) => computerKey)
  const judged: ComputerConditions[] = []
  for (const computer of computers) {
    const sets = setsOf.get(computer.key) ?? []
    const policy = await directory.policyOf(version, computer.partnerPath)
    const surroundings = { absences, sightings: seen.get(computer.key) ?? [] }
    judged.push({ computer, conditions: judgeSets({ computer, sets, states, surroundings, policy }, now) })
  }
  return judged
}
