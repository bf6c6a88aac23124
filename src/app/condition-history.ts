import type { Absence } from '../domain/absence.ts'
import { type Condition, type ConditionStatus, type Policy, toCondition } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Facts } from './current-conditions.ts'
import type { ConditionChange } from './ports.ts'

/** A change of a condition as today's policy has it; without a condition there was none from then on. */
export type HistoryChange = Omit<ConditionChange, 'id' | 'rules' | 'status' | 'previousStatus'> & {
  kind: 'change'
  condition: Condition | undefined
  /** What it was called when it was found. */
  foundStatus: ConditionStatus | null
}

/** What is known of the past of a set: a change of its condition, or a time in which no server was awake to see one. */
export type HistoryEntry = HistoryChange | (Absence & { kind: 'absence' })

/** How far the history of a set goes back, in changes as they were found. */
export const mostChanges = 1_000

/**
 * How the condition of a set changed, newest first, in the order in which it was found. Statuses are those of today's
 * policy, derived from the rules that were found to hold, so that another policy is another history at once.
 */
export async function readConditionHistory(
  { store, directory, version }: Facts,
  computer: Computer,
  { id, accountId, createdAt }: BackupSet,
): Promise<HistoryEntry[]> {
  const policy = await directory.policyOf(version, computer.partnerPath)
  const { gaps } = await directory.absences(version)
  const found = await store.listConditionChanges(accountId, id, { most: mostChanges })
  const isCut = found.length === mostChanges
  const since = isCut ? (found.at(-1)?.foundAt ?? createdAt) : createdAt
  return interleave(deriveChanges(found, policy), ofTheTimeSince(since, gaps))
}

/**
 * The changes of a condition under a policy, from those that were found, newest first. Of several in a row that are
 * called the same the earliest stays. A change that was retracted stays, and so does what follows it: it says anew what
 * holds. So does every due time that was missed.
 */
export function deriveChanges(found: readonly ConditionChange[], policy: Policy): HistoryChange[] {
  const changes: HistoryChange[] = []
  for (const change of found.toReversed().map(one => toHistoryChange(one, policy))) {
    const before = changes.at(-1)
    if (!before || !continues(change, before)) changes.push(change)
  }
  return changes.reverse()
}

function toHistoryChange({ rules, status, ...change }: ConditionChange, policy: Policy): HistoryChange {
  const { at, foundAt, dueAt, runId, retractedAt } = change
  const condition = rules.length > 0 ? toCondition(rules, policy) : undefined
  return { kind: 'change', at, foundAt, dueAt, runId, retractedAt, condition, foundStatus: status }
}

function continues(change: HistoryChange, before: HistoryChange): boolean {
  const isRetracted = change.retractedAt !== null || before.retractedAt !== null
  const isOtherMiss = change.dueAt !== null && change.dueAt !== before.dueAt
  return !isRetracted && !isOtherMiss && change.condition?.status === before.condition?.status
}

/** The absences of which some falls into the time since an instant, without what was before it; newest first. */
function ofTheTimeSince(since: Instant, gaps: readonly Absence[]): Absence[] {
  const later = gaps.filter(({ until }) => until > since)
  return later.map(({ from, until }) => ({ from: Math.max(from, since), until })).reverse()
}

/** Puts absences, newest first, before the first change that was found no later than they ended. */
function interleave(changes: readonly HistoryChange[], absences: readonly Absence[]): HistoryEntry[] {
  const left = absences.map((absence): HistoryEntry & Absence => ({ kind: 'absence', ...absence }))
  const entries = changes.flatMap(change => {
    const later = left.findIndex(({ until }) => until <= change.foundAt)
    return [...left.splice(0, later < 0 ? left.length : later), change]
  })
  return [...entries, ...left]
}
