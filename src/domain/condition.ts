import type { Instant } from './instant.ts'
import type { DueOccurrence, Occurrence } from './occurrence.ts'
import { hasEnded, type RunFacts } from './run.ts'

/** What an occurrence amounts to, worst first. `FAILURE` outranks `WARNING` outranks `RUNNING` outranks `COMPLETED`. */
export const conditionStatuses = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED'] as const
export type ConditionStatus = (typeof conditionStatuses)[number]

type Rule = {
  /** The type on the wire; two rules may share one. */
  type: string
  status: ConditionStatus
  /** When it holds, in words. */
  when: string
  holds: (occurrence: Occurrence, now: Instant) => boolean
}

/** A rule that looks at the newest run, and at nothing else. */
const ofRun =
  (holds: (run: RunFacts) => boolean): Rule['holds'] =>
  occurrence =>
    occurrence.kind === 'run' && holds(occurrence.run)

/**
 * Every condition rule: its type, its default status and when it holds, worst first. Wire order is this order.
 * `RUNNING` and `COMPLETED` are what is left when no other rule holds.
 */
export const conditionRules = {
  EXCEPTION: {
    type: 'EXCEPTION',
    status: 'FAILURE',
    when: 'the run ended before it was done: crashed, killed, or no end within its run limit',
    holds: (occurrence, now) =>
      occurrence.kind === 'run' &&
      (occurrence.run.state === 'crashed' || (!hasEnded(occurrence.run) && now > occurrence.limitAt)),
  },
  ERRORS: {
    type: 'ERRORS',
    status: 'FAILURE',
    when: 'the run reported errors, or a failing exit status',
    holds: ofRun(run => run.state === 'failed' || run.errors > 0),
  },
  MISSED: {
    type: 'MISSED',
    status: 'FAILURE',
    when: 'due time and grace have passed, no run started for it, and no run of the set is still going',
    holds: (occurrence, now) =>
      occurrence.kind === 'due' &&
      occurrence.missedAt !== null &&
      now > occurrence.missedAt &&
      !isGoing(occurrence, now),
  },
  NOT_SEEN: {
    type: 'MISSED',
    status: 'FAILURE',
    when: 'the presence of the computer is required, and it has not been seen for the days that the set allows',
    holds: ({ seenUntil }, now) => seenUntil !== null && now > seenUntil,
  },
  RPO_EXCEEDED: {
    type: 'MISSED',
    status: 'FAILURE',
    when: 'the last good backup began longer ago than the objective of the set (RPO) allows',
    holds: ({ goodUntil }, now) => goodUntil !== null && now > goodUntil,
  },
  CANCELED: {
    type: 'CANCELED',
    status: 'WARNING',
    when: 'a person or a time limit of the tool stopped it',
    holds: ofRun(run => run.state === 'canceled'),
  },
  WARNINGS: {
    type: 'WARNINGS',
    status: 'WARNING',
    when: 'the run reported warnings',
    holds: ofRun(run => run.warnings > 0),
  },
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: {
    type: 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP',
    status: 'WARNING',
    when: 'a finished database or mailbox run stored nothing',
    holds: ofRun(storedNoDatabase),
  },
  NO_FILE_DATA_READ: {
    type: 'NO_FILE_DATA_BACKED_UP',
    status: 'WARNING',
    when: 'a finished file run read nothing: no file was examined',
    holds: ofRun(readNoFile),
  },
  NO_NEW_FILE_DATA: {
    type: 'NO_FILE_DATA_BACKED_UP',
    status: 'COMPLETED',
    when: 'a finished file run read files, none of them new or changed',
    holds: ofRun(
      run =>
        isFinished(run, 'backup') && run.plugin === 'file' && !readNoFile(run) && (run.newFiles ?? run.bytes) === 0,
    ),
  },
  NO_DATA_RESTORED: {
    type: 'NO_DATA_RESTORED',
    status: 'WARNING',
    when: 'a finished restore touched nothing',
    holds: ofRun(run => isFinished(run, 'restore') && (run.processedFiles ?? run.bytes) === 0),
  },
  NO_DATA_DELETED: {
    type: 'NO_DATA_DELETED',
    status: 'WARNING',
    when: 'a finished deletion touched nothing',
    holds: ofRun(run => isFinished(run, 'delete') && (run.processedFiles ?? run.bytes) === 0),
  },
  RUNNING: {
    type: 'RUNNING',
    status: 'RUNNING',
    when: 'the run has started and not ended, and nothing above holds',
    holds: (occurrence, now) => (occurrence.kind === 'run' ? !hasEnded(occurrence.run) : isGoing(occurrence, now)),
  },
  COMPLETED: {
    type: 'COMPLETED',
    status: 'COMPLETED',
    when: 'the run finished, and nothing above holds',
    holds: ofRun(run => run.state === 'finished'),
  },
} as const satisfies Record<string, Rule>

export type ConditionRule = keyof typeof conditionRules
export type ConditionType = (typeof conditionRules)[ConditionRule]['type']
export type Condition = {
  status: ConditionStatus
  types: ConditionType[]
  /** Every rule that holds, also `RUNNING` and `COMPLETED` where the types do not list them. */
  rules: ConditionRule[]
}

const ruleNames = Object.keys(conditionRules) as ConditionRule[]
const standsAlone: ReadonlySet<ConditionRule> = new Set(['RUNNING', 'COMPLETED'])

/** The rules whose status a partner may set: all but `RUNNING` and `COMPLETED`, which mean what they say. */
export const policyRules: readonly ConditionRule[] = ruleNames.filter(name => !standsAlone.has(name))

/** The status that each rule has for a partner; a rule not named has its default. */
export type Policy = Partial<Record<ConditionRule, ConditionStatus>>

/** The policy of an installation where nobody has set one. */
export const defaultPolicy: Policy = {}

/**
 * The condition of one occurrence at `now`: every type that holds, worst first, and the worst status among them;
 * undefined while a due time has not passed with its grace. Without side effects.
 */
export function deriveCondition(occurrence: Occurrence, now: Instant, policy: Policy): Condition | undefined {
  const rules = ruleNames.filter(name => conditionRules[name].holds(occurrence, now))
  return rules.length === 0 && occurrence.kind === 'due' ? undefined : toCondition(rules, policy)
}

/** The condition of a run by itself, whatever is expected of its set. `limitAt` is when it counts as crashed. */
export function deriveRunCondition(run: RunFacts, limitAt: Instant, now: Instant, policy: Policy): Condition {
  const occurrence: Occurrence = { kind: 'run', run, limitAt, goodUntil: null, seenUntil: null }
  return toCondition(
    ruleNames.filter(name => conditionRules[name].holds(occurrence, now)),
    policy,
  )
}

/** Since when a condition holds: the first moment at which its worst rule did, as far as the facts tell. */
export function conditionSince(occurrence: Occurrence, { rules, status }: Condition, policy: Policy): Instant {
  const worst = rules.filter(name => (policy[name] ?? conditionRules[name].status) === status)
  return Math.min(...worst.map(name => ruleSince(name, occurrence)))
}

/** What rules that hold amount to under a policy. `RUNNING` and `COMPLETED` count, but are listed only alone. */
export function toCondition(rules: ConditionRule[], policy: Policy): Condition {
  const telling = rules.filter(name => !standsAlone.has(name))
  const listed = telling.length > 0 ? telling : rules
  return {
    // Of all that hold, listed or not: no policy makes a run that has not ended look completed.
    status: worstStatus(rules.map(name => policy[name] ?? conditionRules[name].status)),
    types: [...new Set(listed.map(name => conditionRules[name].type))],
    rules,
  }
}

/** The worst of some statuses; of none, `FAILURE`: what no rule explains is never called good. */
export function worstStatus(statuses: readonly ConditionStatus[]): ConditionStatus {
  return conditionStatuses.find(status => statuses.includes(status)) ?? 'FAILURE'
}

/**
 * Whether a backup run left a good backup: it finished without errors and stored what there was. Warnings do not make it
 * bad, and no policy does: a policy says what a condition is called, not whether there is something to restore.
 */
export function isGoodBackup(run: RunFacts): boolean {
  return isFinished(run, 'backup') && run.errors === 0 && !storedNoDatabase(run) && !readNoFile(run)
}

function ruleSince(name: ConditionRule, occurrence: Occurrence): Instant {
  if (name === 'RPO_EXCEEDED' && occurrence.goodUntil !== null) return occurrence.goodUntil
  if (name === 'NOT_SEEN' && occurrence.seenUntil !== null) return occurrence.seenUntil
  if (occurrence.kind === 'due') return occurrence.openRun?.startedAt ?? occurrence.missedAt ?? occurrence.dueAt
  const { run, limitAt } = occurrence
  if (name === 'EXCEPTION' && !hasEnded(run)) return limitAt
  return name === 'RUNNING' ? run.startedAt : run.updatedAt
}

function isGoing({ openRun }: DueOccurrence, now: Instant): boolean {
  return openRun !== null && now <= openRun.limitAt
}

function isFinished(run: RunFacts, type: RunFacts['type']): boolean {
  return run.state === 'finished' && run.type === type
}

function storedNoDatabase(run: RunFacts): boolean {
  return isFinished(run, 'backup') && run.plugin !== 'file' && (run.bytes ?? run.processedFiles) === 0
}

function readNoFile(run: RunFacts): boolean {
  return isFinished(run, 'backup') && run.plugin === 'file' && (run.processedFiles ?? run.totalFiles) === 0
}
