import type { Instant } from './instant.ts'
import { hasEnded, type RunFacts } from './run.ts'

/** What an occurrence amounts to, worst first. `FAILURE` outranks `WARNING` outranks `RUNNING` outranks `COMPLETED`. */
export const conditionStatuses = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED'] as const
export type ConditionStatus = (typeof conditionStatuses)[number]

/** What a condition is derived from: the newest run of a backup set, and how long the set allows a run to take. */
export type Occurrence = { run: RunFacts; runLimitMs: number }

type Rule = {
  /** The type on the wire; two rules may share one. */
  type: string
  status: ConditionStatus
  /** When it holds, in words. */
  when: string
  holds: (occurrence: Occurrence, now: Instant) => boolean
}

/**
 * Every condition rule: its type, its default status and when it holds, worst first. Wire order is this order.
 * `RUNNING` and `COMPLETED` are what is left when no other rule holds.
 */
export const conditionRules = {
  EXCEPTION: {
    type: 'EXCEPTION',
    status: 'FAILURE',
    when: 'the run ended before it was done: crashed, killed, or no end within its run limit',
    holds: ({ run, runLimitMs }, now) =>
      run.state === 'crashed' || (!hasEnded(run) && now > run.startedAt + runLimitMs),
  },
  ERRORS: {
    type: 'ERRORS',
    status: 'FAILURE',
    when: 'the run reported errors, or a failing exit status',
    holds: ({ run }) => run.state === 'failed' || run.errors > 0,
  },
  CANCELED: {
    type: 'CANCELED',
    status: 'WARNING',
    when: 'a person or a time limit of the tool stopped it',
    holds: ({ run }) => run.state === 'canceled',
  },
  WARNINGS: {
    type: 'WARNINGS',
    status: 'WARNING',
    when: 'the run reported warnings',
    holds: ({ run }) => run.warnings > 0,
  },
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: {
    type: 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP',
    status: 'WARNING',
    when: 'a finished database or mailbox run stored nothing',
    holds: ({ run }) => isFinished(run, 'backup') && run.plugin !== 'file' && (run.bytes ?? run.processedFiles) === 0,
  },
  NO_FILE_DATA_READ: {
    type: 'NO_FILE_DATA_BACKED_UP',
    status: 'WARNING',
    when: 'a finished file run read nothing: no file was examined',
    holds: ({ run }) => isFinished(run, 'backup') && run.plugin === 'file' && readNothing(run),
  },
  NO_NEW_FILE_DATA: {
    type: 'NO_FILE_DATA_BACKED_UP',
    status: 'COMPLETED',
    when: 'a finished file run read files, none of them new or changed',
    holds: ({ run }) =>
      isFinished(run, 'backup') && run.plugin === 'file' && !readNothing(run) && (run.newFiles ?? run.bytes) === 0,
  },
  NO_DATA_RESTORED: {
    type: 'NO_DATA_RESTORED',
    status: 'WARNING',
    when: 'a finished restore touched nothing',
    holds: ({ run }) => isFinished(run, 'restore') && (run.processedFiles ?? run.bytes) === 0,
  },
  NO_DATA_DELETED: {
    type: 'NO_DATA_DELETED',
    status: 'WARNING',
    when: 'a finished deletion touched nothing',
    holds: ({ run }) => isFinished(run, 'delete') && (run.processedFiles ?? run.bytes) === 0,
  },
  RUNNING: {
    type: 'RUNNING',
    status: 'RUNNING',
    when: 'the run has started and not ended, and nothing above holds',
    holds: ({ run }) => !hasEnded(run),
  },
  COMPLETED: {
    type: 'COMPLETED',
    status: 'COMPLETED',
    when: 'the run finished, and nothing above holds',
    holds: ({ run }) => run.state === 'finished',
  },
} as const satisfies Record<string, Rule>

export type ConditionRule = keyof typeof conditionRules
export type ConditionType = (typeof conditionRules)[ConditionRule]['type']
export type Condition = { status: ConditionStatus; types: ConditionType[]; rules: ConditionRule[] }

const ruleNames = Object.keys(conditionRules) as ConditionRule[]
const standsAlone: ReadonlySet<ConditionRule> = new Set(['RUNNING', 'COMPLETED'])

/** The rules whose status a partner may set: all but `RUNNING` and `COMPLETED`, which mean what they say. */
export const policyRules: readonly ConditionRule[] = ruleNames.filter(name => !standsAlone.has(name))

/** The status that each rule has for a partner; a rule not named has its default. */
export type Policy = Partial<Record<ConditionRule, ConditionStatus>>

/** The policy of an installation where nobody has set one. */
export const defaultPolicy: Policy = {}

/**
 * The condition of one occurrence at `now`: every type that holds, worst first, and the worst status among them.
 * The same for every order in which the facts arrived; without side effects.
 */
export function deriveCondition(occurrence: Occurrence, now: Instant, policy: Policy): Condition {
  const holding = ruleNames.filter(name => conditionRules[name].holds(occurrence, now))
  const telling = holding.filter(name => !standsAlone.has(name))
  const rules = telling.length > 0 ? telling : holding
  return {
    // Of all that hold, listed or not: no policy makes a run that has not ended look completed.
    status: worstStatus(holding.map(name => policy[name] ?? conditionRules[name].status)),
    types: rules.map(name => conditionRules[name].type),
    rules,
  }
}

/** The worst of some statuses; of none, `FAILURE`: what no rule explains is never called good. */
export function worstStatus(statuses: readonly ConditionStatus[]): ConditionStatus {
  return conditionStatuses.find(status => statuses.includes(status)) ?? 'FAILURE'
}

function isFinished(run: RunFacts, type: RunFacts['type']): boolean {
  return run.state === 'finished' && run.type === type
}

function readNothing(run: RunFacts): boolean {
  return (run.processedFiles ?? run.totalFiles) === 0
}
