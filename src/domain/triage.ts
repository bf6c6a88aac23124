import type { Condition, ConditionRule, ConditionStatus } from './condition.ts'
import { conditionStatuses } from './condition.ts'
import type { Instant } from './instant.ts'

/** What a person does next about a set, by the worst rule that holds. */
export const nextSteps = [
  'RUN_AGAIN',
  'READ_LOG',
  'CHECK_SCHEDULER',
  'CHECK_COMPUTER',
  'RUN_NOW',
  'CHECK_SELECTION',
  'NOTHING',
] as const
export type NextStep = (typeof nextSteps)[number]

const nextStepOf: Record<ConditionRule, NextStep> = {
  EXCEPTION: 'RUN_AGAIN',
  ERRORS: 'READ_LOG',
  MISSED: 'CHECK_SCHEDULER',
  NOT_SEEN: 'CHECK_COMPUTER',
  RPO_EXCEEDED: 'RUN_NOW',
  CANCELED: 'RUN_AGAIN',
  WARNINGS: 'READ_LOG',
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: 'CHECK_SELECTION',
  NO_FILE_DATA_READ: 'CHECK_SELECTION',
  NO_NEW_FILE_DATA: 'CHECK_SELECTION',
  NO_DATA_RESTORED: 'CHECK_SELECTION',
  NO_DATA_DELETED: 'CHECK_SELECTION',
  RUNNING: 'NOTHING',
  COMPLETED: 'NOTHING',
}

/** What is to be done next about a condition. */
export function toNextStep({ rules: [worst] }: Condition): NextStep {
  return worst === undefined ? 'NOTHING' : nextStepOf[worst]
}

/** A set that needs a person, as far as it is grouped with others. */
export type Trouble = {
  accountId: number
  computerKey: number
  condition: Condition
  /** Since when it has needed one. */
  since: Instant
  /** What the judged run said last that was bad; null where it said nothing, or where no run is judged. */
  message: string | null
}

/**
 * What the sets of a group have in common:
 * - `computer`: nothing came from one computer;
 * - `message`: their runs said the same, up to numbers, names and paths;
 * - `account`: nothing but the account.
 */
export const groupKinds = ['computer', 'message', 'account'] as const
export type GroupKind = (typeof groupKinds)[number]

/** Troubles with one cause. `status` is the worst of them, `since` when the newest of them began. */
export type TroubleGroup<One extends Trouble> = {
  kind: GroupKind
  status: ConditionStatus
  since: Instant
  /** What is worst first, then what is newest. */
  troubles: readonly [One, ...One[]]
}

/**
 * Puts troubles with the same cause together, what is worst first, then what is newest. A cause that only one set has is no
 * group: these are grouped by their accounts.
 */
export function groupTroubles<One extends Trouble>(troubles: readonly One[]): TroubleGroup<One>[] {
  const byCause = Map.groupBy(troubles, toCause)
  const shared = [...byCause].filter(([cause, found]) => cause !== null && found.length > 1)
  const grouped = new Set(shared.flatMap(([, found]) => found))
  const single = Map.groupBy(
    troubles.filter(one => !grouped.has(one)),
    ({ accountId }) => accountId,
  )
  const groups = [
    ...shared.map(([cause, found]) => toGroup(cause?.startsWith('computer') ? 'computer' : 'message', found)),
    ...[...single.values()].map(found => toGroup('account', found)),
  ]
  return groups.toSorted(byUrgency)
}

/**
 * What makes two messages the same one: without what differs from run to run and from computer to computer, numbers, quoted
 * names and paths. Hosts stay: a destination that does not answer is one cause.
 */
export function toMessageSignature(message: string): string {
  return message
    .toLowerCase()
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replaceAll(/(^|[\s(=,])(?:[a-z]:)?[\\/][^\s:;,)]*/g, '$1…')
    .replaceAll(/\b(?:0x)?(?=[a-f]*\d)[0-9a-f]{6,}\b/g, '#')
    .replaceAll(/\d+/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

const computerRules: ReadonlySet<ConditionRule | undefined> = new Set(['MISSED', 'NOT_SEEN'])

/** What a set may have in common with others; null: nothing. */
function toCause({ computerKey, condition: { rules }, message }: Trouble): string | null {
  if (computerRules.has(rules[0])) return `computer ${computerKey}`
  return message === null ? null : `message ${toMessageSignature(message)}`
}

function toGroup<One extends Trouble>(kind: GroupKind, found: readonly One[]): TroubleGroup<One> {
  const [first, ...others] = found.toSorted((one, other) =>
    byUrgency({ ...one, status: one.condition.status }, { ...other, status: other.condition.status }),
  )
  if (!first) throw new Error('A group has at least one trouble.')
  const since = Math.max(...found.map(one => one.since))
  return { kind, status: first.condition.status, since, troubles: [first, ...others] }
}

type Urgency = { status: ConditionStatus; since: Instant }

function byUrgency(one: Urgency, other: Urgency): number {
  const worse = conditionStatuses.indexOf(one.status) - conditionStatuses.indexOf(other.status)
  return worse === 0 ? other.since - one.since : worse
}
