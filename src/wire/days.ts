import { type Static, Type } from 'typebox'
import { conditionStatuses } from '../domain/condition.ts'
import type { SetDay } from '../domain/days.ts'
import { minutes } from '../domain/instant.ts'
import { conditionTypeNames } from './constants.ts'
import { Constant, Count } from './schema.ts'

const dayStatuses = [...conditionStatuses, 'UNKNOWN', 'NONE'] as const

const statusOfDay = {
  description:
    'The worst that held on it, also since an earlier day, as it was found then; RUNNING only where nothing else held. UNKNOWN: no server was awake; NONE: it had no condition, or none that is known.',
}

const DateOnly = Type.String({ description: 'On the clock of the computer.', examples: ['2026-03-05'] })

/** What a backup set was on each of the last days. */
export const SetDays = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        {
          date: DateOnly,
          condition_status: Constant(dayStatuses, statusOfDay),
          condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
          unknown_minutes: Count({ description: 'For how long of it no server was awake.', examples: [0] }),
        },
        { xml: { name: 'day' } },
      ),
      { description: 'Oldest first; the last one is today.' },
    ),
  },
  { title: 'SetDays', xml: { name: 'set_days' } },
)
export type SetDays = Static<typeof SetDays>

/** The message about the days of a set. */
export function toSetDays(days: readonly SetDay[]): SetDays {
  return {
    days: days.map(({ date, status, types, unknownMs }) => ({
      date,
      condition_status: status ?? 'NONE',
      condition_types: types,
      unknown_minutes: Math.round(unknownMs / minutes(1)),
    })),
  }
}

const setNames = { username: Type.String(), computer_id: Type.String(), backupset_name: Type.String() }

/** Of which sets the days are wanted, at most `mostSets` of them, and how many days. */
export const DaysRequestOf = ({ mostSets, mostDays }: { mostSets: number; mostDays: number }) =>
  Type.Object(
    {
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: mostDays })),
      sets: Type.Array(Type.Object(setNames, { additionalProperties: false, xml: { name: 'set' } }), {
        maxItems: mostSets,
      }),
    },
    {
      title: 'DaysRequest',
      additionalProperties: false,
      xml: { name: 'days_request' },
      examples: [{ days: 30, sets: [{ username: 'acme', computer_id: '0000', backupset_name: 'Documents' }] }],
    },
  )
export type DaysRequest = Static<ReturnType<typeof DaysRequestOf>>

/** What some backup sets were on each of the last days, without the details. */
export const DaysOfSets = Type.Object(
  {
    sets: Type.Array(
      Type.Object(
        {
          ...setNames,
          until: DateOnly,
          statuses: Type.Array(Constant(dayStatuses, { xml: { name: 'status' }, ...statusOfDay }), {
            description: 'A day each, oldest first; the last one is `until`.',
          }),
        },
        { xml: { name: 'set' } },
      ),
    ),
  },
  { title: 'DaysOfSets', xml: { name: 'days_of_sets' } },
)
export type DaysOfSets = Static<typeof DaysOfSets>

/** The row of the days of one of some sets. */
export function toDaysRow(
  { username, computerId }: { username: string; computerId: string },
  { name }: { name: string },
  days: readonly SetDay[],
): DaysOfSets['sets'][number] {
  return {
    username,
    computer_id: computerId,
    backupset_name: name,
    until: days.at(-1)?.date ?? '',
    statuses: days.map(({ status }) => status ?? ('NONE' as const)),
  }
}
