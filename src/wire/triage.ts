import { type Static, Type } from 'typebox'
import { conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, formatUtc, toLocalTime } from '../domain/local-time.ts'
import { groupKinds, nextSteps, toNextStep, type Trouble, type TroubleGroup } from '../domain/triage.ts'
import type { RowComputer } from './backup-status.ts'
import { conditionTypeNames } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

const TriageSet = Type.Object(
  {
    username: Type.String(),
    account_name: Type.String({ examples: ['Acme Corporation'] }),
    computer_id: Type.String(),
    computer_name: Type.String(),
    backupset_name: Type.String(),
    condition_status: Constant(conditionStatuses, { examples: ['FAILURE'] }),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } }), {
      examples: [['ERRORS']],
    }),
    since: DateText({ description: 'Since when it has been neither good nor only running.' }),
    last_success: DateText({ description: 'When the newest good backup ended; empty where there was none.' }),
    failed_runs: Count({ description: 'Runs that have ended since then and were not good.', examples: [2] }),
    message: Type.String({
      description: 'What the judged run logged last that was an error, else a warning; empty where there is nothing.',
      examples: ['Fatal: unable to open config file'],
    }),
    next_step: Constant(nextSteps, { description: 'What to do about it.', examples: ['READ_LOG'] }),
  },
  { xml: { name: 'set' } },
)

/** What needs a person: failures and warnings, those with one cause together. */
export const Triage = Type.Object(
  {
    report_date: DateText({ description: 'When it was drawn up, to the second, UTC.' }),
    counts: Type.Object(
      {
        failure: Count(),
        warning: Count(),
        running: Count(),
        completed: Count(),
        unjudged: Count({ description: 'Sets that never ran and are not due yet.' }),
      },
      {
        description: 'How all sets stand.',
        examples: [{ failure: 1, warning: 0, running: 2, completed: 48, unjudged: 3 }],
      },
    ),
    groups: Type.Array(
      Type.Object(
        {
          kind: Constant(groupKinds, {
            description:
              'What its sets have in common: `computer`, nothing came from one computer; `message`, their runs said the same; `account`, nothing but the account.',
            examples: ['message'],
          }),
          condition_status: Constant(conditionStatuses, { description: 'The worst.', examples: ['FAILURE'] }),
          since: DateText({ description: 'When the newest of them began.' }),
          sets: Type.Array(TriageSet, { description: 'What is worst first, then what is newest.' }),
        },
        { xml: { name: 'group' } },
      ),
      { description: 'What is worst first, then what is newest.' },
    ),
    left_out: Count({ description: 'How many more sets need a person than are shown.', examples: [0] }),
  },
  { title: 'Triage', xml: { name: 'triage' } },
)
export type Triage = Static<typeof Triage>

/** A set that needs a person, as far as it is shown. */
export type ShownTrouble = Trouble & {
  computer: RowComputer
  accountName: string
  set: { name: string }
  lastGoodEndedAt: Instant | null
  failedRuns: number
}

/** What is shown of a triage. */
export type ShownTriage = {
  counts: { FAILURE: number; WARNING: number; RUNNING: number; COMPLETED: number; unjudged: number }
  groups: readonly TroubleGroup<ShownTrouble>[]
  leftOut: number
}

/** The message of a triage that was drawn up at `now`. Dates are those of the computers, those of groups UTC. */
export function toTriage({ counts, groups, leftOut }: ShownTriage, now: Instant): Triage {
  return {
    report_date: formatUtc(now),
    counts: {
      failure: counts.FAILURE,
      warning: counts.WARNING,
      running: counts.RUNNING,
      completed: counts.COMPLETED,
      unjudged: counts.unjudged,
    },
    groups: groups.map(({ kind, status, since, troubles }) => ({
      kind,
      condition_status: status,
      since: formatUtc(since),
      sets: troubles.map(toTriageSet),
    })),
    left_out: leftOut,
  }
}

function toTriageSet(trouble: ShownTrouble): Triage['groups'][number]['sets'][number] {
  const { computer, accountName, set, condition, since, message, lastGoodEndedAt, failedRuns } = trouble
  const dateOf = (at: Instant | null) => (at === null ? '' : formatLocalTime(toLocalTime(at, computer.timeZone)))
  return {
    username: computer.username,
    account_name: accountName,
    computer_id: computer.computerId,
    computer_name: computer.name,
    backupset_name: set.name,
    condition_status: condition.status,
    condition_types: condition.types,
    since: dateOf(since),
    last_success: dateOf(lastGoodEndedAt),
    failed_runs: failedRuns,
    message: message ?? '',
    next_step: toNextStep(condition),
  }
}
