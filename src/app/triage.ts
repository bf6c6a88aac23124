import type { ConditionStatus } from '../domain/condition.ts'
import { conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import type { RunMessage } from '../domain/run.ts'
import { groupTroubles, type Trouble, type TroubleGroup } from '../domain/triage.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import { conditionsBelow } from './conditions-below.ts'
import type { CurrentCondition, Facts } from './current-conditions.ts'

/** How many sets are shown at most, the worst and newest: whoever has more to do has a cause to mend first. */
export const mostTroubles = 500

/** A set that needs a person: a failure or a warning. */
export type SetTrouble = Trouble & {
  computer: Computer
  set: BackupSet
  lastGoodEndedAt: Instant | null
  failedRuns: number
}

/** What needs a person below a node, and how all sets stand; `unjudged` never ran and are not due yet. */
export type Triage = {
  counts: Record<ConditionStatus, number> & { unjudged: number }
  groups: TroubleGroup<SetTrouble>[]
  /** How many sets need a person and are not among the groups. */
  leftOut: number
}

/** What is known of a set beyond its state: since when it has been bad, and what its newest run told. */
export type KnownTrouble = { setId: number; since: Instant | null; messages: RunMessage[] }

type Found = {
  computer: Computer
  current: CurrentCondition & { condition: NonNullable<CurrentCondition['condition']> }
}

/** Draws up what needs a person below a node, worst and newest first. It may end early once nobody wants it any more. */
export async function drawUpTriage(
  facts: Facts,
  node: TreeNode,
  now: Instant,
  isWanted: () => boolean = () => true,
): Promise<Triage> {
  const counts = { FAILURE: 0, WARNING: 0, RUNNING: 0, COMPLETED: 0, unjudged: 0 }
  const found: Found[] = []
  for await (const computers of conditionsBelow(facts, node, now, { isWanted })) {
    for (const { computer, conditions } of computers) {
      for (const { condition, ...current } of conditions) {
        counts[condition?.status ?? 'unjudged'] += 1
        if (condition?.status === 'FAILURE' || condition?.status === 'WARNING') {
          found.push({ computer, current: { ...current, condition } })
        }
      }
    }
  }
  const shown = found.toSorted(byUrgency).slice(0, mostTroubles)
  const known = await facts.store.listTroubles(shown.map(({ current: { set } }) => set))
  const bySet = new Map(known.map(one => [one.setId, one]))
  const troubles = shown.map(one => toTrouble(one, bySet.get(one.current.set.id)))
  return { counts, groups: groupTroubles(troubles), leftOut: found.length - shown.length }
}

function toTrouble(
  { computer, current: { set, state, occurrence, condition } }: Found,
  known: KnownTrouble | undefined,
): SetTrouble {
  return {
    accountId: set.accountId,
    computerKey: set.computerKey,
    computer,
    set,
    condition,
    // What was found just now has not been written down yet.
    since: known?.since ?? (occurrence ? whenOf(occurrence) : 0),
    message: occurrence?.kind === 'run' ? toWorstMessage(known?.messages ?? []) : null,
    lastGoodEndedAt: state.lastGoodEndedAt,
    failedRuns: state.failedRuns,
  }
}

/** The last error that was logged, else the last warning: what comes last says what it came to. */
function toWorstMessage(messages: readonly RunMessage[]): string | null {
  const last = (level: RunMessage['level']) => messages.findLast(message => message.level === level)?.text
  return last('error') ?? last('warning') ?? null
}

function whenOf(occurrence: NonNullable<CurrentCondition['occurrence']>): Instant {
  return occurrence.kind === 'run' ? occurrence.run.updatedAt : (occurrence.missedAt ?? occurrence.dueAt)
}

function byUrgency({ current: one }: Found, { current: other }: Found): number {
  const worse = conditionStatuses.indexOf(one.condition.status) - conditionStatuses.indexOf(other.condition.status)
  if (worse !== 0) return worse
  return (other.occurrence ? whenOf(other.occurrence) : 0) - (one.occurrence ? whenOf(one.occurrence) : 0)
}
