import { type Static, Type } from 'typebox'
import { conditionRules, type ConditionRule, conditionStatuses } from '../domain/condition.ts'
import type { ExplainedRun, Explanation } from '../domain/explain.ts'
import type { Failures } from '../domain/failures.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import { conditionTypeNames, wireStates, wireStatusNames } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

const ruleNames = Object.keys(conditionRules) as ConditionRule[]

/** A run that a condition was derived from; its members are empty where nothing is known of it. */
const ConsideredRun = (name: string, description: string) =>
  Type.Object(
    {
      local_start: DateText(),
      local_end: DateText({ description: 'Empty while the run has not ended.' }),
      status: Constant(['', ...wireStatusNames] as const),
      errors: Count(),
      warnings: Count(),
    },
    { description, xml: { name } },
  )

/** Why a backup set stands as it does. */
export const SetExplanation = Type.Object(
  {
    report_date: DateText({ description: 'When it was explained, to the second.' }),
    username: Type.String(),
    computer_id: Type.String(),
    computer_name: Type.String(),
    backupset_name: Type.String(),
    condition_status: Constant(['', ...conditionStatuses] as const, {
      description: 'Empty while there is no condition: the set never ran, and is not yet due.',
    }),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
    schedule: Type.String({
      description: 'When it is due, in words.',
      examples: ['Due at 23:00 every day, America/New_York.'],
    }),
    time_zone: Type.String({ description: 'The clock of all dates here.' }),
    due: DateText({ description: 'The newest due time.' }),
    grace_end: DateText({ description: 'When that counts as missed without a run.' }),
    next_due: DateText(),
    run_limit: DateText({ description: 'Until when a run that has not ended may go on.' }),
    last_success: DateText({ description: 'When the newest good backup ended.' }),
    failures_since_last_success: Count({ description: 'Runs that were not good, and due times without a run.' }),
    newest_run: ConsideredRun('newest_run', 'The run that started last.'),
    open_run: ConsideredRun('open_run', 'Of the runs that have not ended, the one that started last.'),
    last_good_run: ConsideredRun('last_good_run', 'The newest good backup.'),
    rules: Type.Array(
      Type.Object(
        {
          rule: Constant(ruleNames),
          condition_type: Constant(conditionTypeNames),
          condition_status: Constant(conditionStatuses),
          holds: Type.Boolean({ examples: [false] }),
          facts: Type.String({
            description: 'What it looked at, as a sentence.',
            examples: ['The newest run ended by itself.'],
          }),
        },
        { xml: { name: 'rule' } },
      ),
      { description: 'Every rule, worst first.' },
    ),
    green: Type.Array(Type.String({ xml: { name: 'green' } }), {
      description: 'What would turn it green.',
      examples: [['It is green.']],
    }),
    text: Type.String({
      description: 'All of this as a text for people.',
      examples: ['Documents of File server (acme/0000) is COMPLETED.'],
    }),
  },
  { title: 'SetExplanation', xml: { name: 'explanation' } },
)

export type SetExplanation = Static<typeof SetExplanation>

/** What an explanation is about, and what goes with it. */
export type ExplainedPlace = {
  username: string
  computerId: string
  name: string
  lastGoodEndedAt: Instant | null
  failures: Failures
  text: string
}

/** Writes an explanation for the wire. */
export function toSetExplanation(explanation: Explanation, place: ExplainedPlace): SetExplanation {
  const { condition, due, runs, zone } = explanation
  const dateOf = (at: Instant | null | undefined) =>
    at === null || at === undefined ? '' : formatLocalTime(toLocalTime(at, zone))
  return {
    report_date: dateOf(explanation.at),
    username: place.username,
    computer_id: place.computerId,
    computer_name: place.name,
    backupset_name: explanation.name,
    condition_status: condition?.status ?? '',
    condition_types: condition?.types ?? [],
    schedule: explanation.schedule,
    time_zone: zone,
    due: dateOf(due?.dueAt),
    grace_end: dateOf(due?.graceEndsAt),
    next_due: dateOf(explanation.nextDueAt),
    run_limit: dateOf(explanation.runLimitAt),
    last_success: dateOf(place.lastGoodEndedAt),
    failures_since_last_success: place.failures.runs + place.failures.missed,
    newest_run: toConsideredRun(runs.newest, dateOf),
    open_run: toConsideredRun(runs.open, dateOf),
    last_good_run: toConsideredRun(runs.lastGood, dateOf),
    rules: explanation.rules.map(({ rule, type, status, holds, facts }) => ({
      rule,
      condition_type: type,
      condition_status: status,
      holds,
      facts,
    })),
    green: explanation.green,
    text: place.text,
  }
}

function toConsideredRun(
  run: ExplainedRun | null,
  dateOf: (at: Instant | null) => string,
): SetExplanation['newest_run'] {
  return {
    local_start: dateOf(run?.startedAt ?? null),
    local_end: dateOf(run?.endedAt ?? null),
    status: run?.state ? wireStates[run.state] : '',
    errors: run?.errors ?? 0,
    warnings: run?.warnings ?? 0,
  }
}
