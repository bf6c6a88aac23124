import { type Static, Type } from 'typebox'
import { type Condition, type ConditionStatus, conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { toDateText } from './backup-status.ts'
import { conditionTypeNames } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

/** One row of the condition history of a backup set. */
export const ConditionChange = Type.Object(
  {
    local_time: DateText({ description: 'Since when it holds.' }),
    found: DateText({ description: 'When the server found it.' }),
    condition_status: Constant([...conditionStatuses, 'UNKNOWN', ''] as const, {
      description: 'By the policy of today; UNKNOWN: no server was awake; empty: there was no condition.',
    }),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
    found_status: Constant([...conditionStatuses, ''] as const, {
      description: 'What it was called when it was found; empty where there was no condition.',
      examples: ['COMPLETED'],
    }),
    due: DateText({ description: 'The due time that was missed; empty where none was.', examples: [''] }),
    action_id: Count({ description: 'The run that was judged; 0 where there was none.' }),
    retracted: DateText({
      description: 'When what was called missed was taken back: its run was found, or it is not late yet.',
      examples: [''],
    }),
    until: DateText({
      description: 'When a server was awake again; empty unless the status is UNKNOWN.',
      examples: [''],
    }),
  },
  { title: 'ConditionChange', xml: { name: 'condition_change' } },
)

export type ConditionChange = Static<typeof ConditionChange>

/** What a row is about: a change of a condition, or a time in which no server was awake. */
export type ShownChange =
  | {
      kind: 'change'
      at: Instant
      foundAt: Instant
      condition: Condition | undefined
      foundStatus: ConditionStatus | null
      dueAt: Instant | null
      runId: number | null
      retractedAt: Instant | null
    }
  | { kind: 'absence'; from: Instant; until: Instant }

/** The row of one change, its dates on the clock of the computer. */
export function toConditionChange(shown: ShownChange, zone: string): ConditionChange {
  const dateOf = (instant: Instant | null) => (instant === null ? '' : toDateText(instant, null, zone))
  if (shown.kind === 'absence') {
    const [from, until] = [dateOf(shown.from), dateOf(shown.until)]
    return { ...ofNoCondition, local_time: from, found: until, condition_status: 'UNKNOWN', until }
  }
  const { at, foundAt, condition, foundStatus, dueAt, runId, retractedAt } = shown
  return {
    local_time: dateOf(at),
    found: dateOf(foundAt),
    condition_status: condition?.status ?? '',
    condition_types: condition?.types ?? [],
    found_status: foundStatus ?? '',
    due: dateOf(dueAt),
    action_id: runId ?? 0,
    retracted: dateOf(retractedAt),
    until: '',
  }
}

// In the order of the members.
const ofNoCondition: ConditionChange = {
  local_time: '',
  found: '',
  condition_status: '',
  condition_types: [],
  found_status: '',
  due: '',
  action_id: 0,
  retracted: '',
  until: '',
}
