import { type Static, Type } from 'typebox'
import { conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { ConditionMoment } from '../domain/timeline.ts'
import { toDateText } from './backup-status.ts'
import { GivenTiming } from './backup-set.ts'
import { conditionTypeNames } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

/** What would be asked of a set, and of how many days. `days` are bounded by `least` and `most`. */
export const BacktestRequestOf = (days: { least: number; most: number }) =>
  Type.Object(
    {
      ...GivenTiming,
      policy: Type.Optional(Type.Record(Type.String(), Type.String())),
      days: Type.Optional(Type.Integer({ minimum: days.least, maximum: days.most })),
    },
    {
      title: 'BacktestRequest',
      additionalProperties: false,
      xml: { name: 'backtest' },
      examples: [{ grace_minutes: 240, days: 30 }],
    },
  )

export type BacktestRequest = Static<ReturnType<typeof BacktestRequestOf>>

const Moment = (name: 'vanish' | 'appear') =>
  Type.Object(
    {
      local_time: DateText(),
      condition_status: Constant([...conditionStatuses, ''] as const, {
        description: 'Empty: there was no condition from then on.',
      }),
      condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
      due: DateText({ description: 'The due time that was judged; empty where a run was.' }),
    },
    { xml: { name } },
  )

/** What would have been called otherwise under other settings. */
export const Backtest = Type.Object(
  {
    from: DateText(),
    until: DateText(),
    stay: Count({ description: 'How many changes there would be either way.' }),
    vanish: Type.Array(Moment('vanish'), { description: 'The changes that there are, and would not have been.' }),
    appear: Type.Array(Moment('appear'), { description: 'The changes that there are not, and would have been.' }),
  },
  {
    title: 'Backtest',
    xml: { name: 'backtest' },
    examples: [
      {
        from: '2026-02-03T10:00:00-05:00',
        until: '2026-03-05T10:00:00-05:00',
        stay: 57,
        vanish: [
          {
            local_time: '2026-03-04T00:00:00-05:00',
            condition_status: 'FAILURE',
            condition_types: ['MISSED'],
            due: '2026-03-03T23:00:00-05:00',
          },
        ],
        appear: [],
      },
    ],
  },
)

export type Backtest = Static<typeof Backtest>

/** What came of a backtest, as far as a message shows it. */
export type ShownBacktest = {
  from: Instant
  until: Instant
  stay: number
  vanish: readonly ConditionMoment[]
  appear: readonly ConditionMoment[]
}

/** The message about a backtest, its dates on the clock of the computer. */
export function toBacktest({ from, until, stay, vanish, appear }: ShownBacktest, zone: string): Backtest {
  const dateOf = (instant: Instant) => toDateText(instant, null, zone)
  const toRow = ({ at, condition, dueAt }: ConditionMoment) => ({
    local_time: dateOf(at),
    condition_status: condition?.status ?? ('' as const),
    condition_types: condition?.types ?? [],
    due: dueAt === null ? '' : dateOf(dueAt),
  })
  return { from: dateOf(from), until: dateOf(until), stay, vanish: vanish.map(toRow), appear: appear.map(toRow) }
}
