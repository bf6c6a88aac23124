import type { Instant } from './instant.ts'

/**
 * What a run did. `maintenance` is everything that is neither backup, restore nor deletion (checks, listings, dry
 * runs): it is kept, but changes no condition.
 */
export const runTypes = ['backup', 'restore', 'delete', 'maintenance'] as const
export type RunType = (typeof runTypes)[number]

/** What kind of data a backup set holds. */
export const plugins = ['file', 'sql', 'exchange'] as const
export type Plugin = (typeof plugins)[number]

/**
 * How far a run has come. `failed`: it ended, and says itself that it failed; `crashed`: it ended before it was done.
 * `severity` orders the ways to end, so that of two contradicting reports the worse is believed.
 */
export const runStates = {
  uninitialized: { ended: false, severity: 0 },
  running: { ended: false, severity: 1 },
  paused: { ended: false, severity: 2 },
  canceling: { ended: false, severity: 3 },
  finished: { ended: true, severity: 4 },
  canceled: { ended: true, severity: 5 },
  failed: { ended: true, severity: 6 },
  crashed: { ended: true, severity: 7 },
} as const
export type RunState = keyof typeof runStates

/** The states in order of how much attention they need: what ended badly, what has not ended, what went well. */
export const statesWorstFirst = [
  ['crashed', 'failed'],
  ['canceled'],
  ['canceling'],
  ['paused'],
  ['running'],
  ['uninitialized'],
  ['finished'],
] as const satisfies readonly (readonly RunState[])[]

/** One line that a run logged, worst level first. */
export const messageLevels = ['error', 'warning', 'info'] as const
export type RunMessage = { level: (typeof messageLevels)[number]; text: string }

/** What a run counted. Null where the reporter did not say: unknown is not zero. */
export type RunCounts = {
  /** Files that the source held. */
  totalFiles: number | null
  /** Files that were examined. */
  processedFiles: number | null
  /** Files that were new or changed. */
  newFiles: number | null
  /** Bytes that reached the destination. */
  bytes: number | null
}

/**
 * The facts of one run as its newest report has them. Offsets are minutes east of UTC, null where the reporter sent
 * none (the computer's zone holds then).
 */
export type RunFacts = RunCounts & {
  type: RunType
  plugin: Plugin
  state: RunState
  startedAt: Instant
  startedOffset: number | null
  /** The end; of a run that has not ended, its last update. */
  updatedAt: Instant
  updatedOffset: number | null
  errors: number
  warnings: number
  exitStatus: number | null
  /** The tool that made it and its version, as far as the report tells. */
  tool: string | null
}

/** Whether the run is over. */
export function hasEnded(run: Pick<RunFacts, 'state'>): boolean {
  return runStates[run.state].ended
}

/**
 * Joins two reports of one run into its facts, whatever the order in which they arrived: an end outranks an update, a
 * later one an earlier, a worse one a better. The earlier start is the true one: a report that does not know the start
 * assumes a later one.
 */
export function mergeRun<Facts extends RunFacts>(one: Facts, other: Facts): Facts {
  const lead = outranks(other, one) ? other : one
  const first = compareStarts(one, other) <= 0 ? one : other
  return { ...lead, startedAt: first.startedAt, startedOffset: first.startedOffset }
}

/** Whether `one` tells a later or worse end of the same run than `other`; false when both tell the same. */
export function outranks(one: RunFacts, other: RunFacts): boolean {
  const order =
    Number(hasEnded(one)) - Number(hasEnded(other)) ||
    one.updatedAt - other.updatedAt ||
    runStates[one.state].severity - runStates[other.state].severity ||
    one.errors - other.errors ||
    one.warnings - other.warnings ||
    // Nothing above tells them apart: any fixed order will do, as long as it does not depend on arrival.
    compareText(endOf(one), endOf(other))
  return order > 0
}

/**
 * Compares two runs of one set: the newer is greater. It is the one that started later; of two that started at the same
 * moment the one that was heard of later; then the worse, so that none hides the trouble of the other; then the one
 * with the greater key: any order that depends on arrival would be two orders.
 */
export function compareRuns(one: RunFacts & { runKey?: string }, other: RunFacts & { runKey?: string }): number {
  return (
    one.startedAt - other.startedAt ||
    one.updatedAt - other.updatedAt ||
    troubleOf(one) - troubleOf(other) ||
    compareText(one.runKey ?? '', other.runKey ?? '')
  )
}

function troubleOf({ state, errors, warnings }: RunFacts): number {
  if (state !== 'finished' || errors > 0) return 2
  return warnings > 0 ? 1 : 0
}

function compareStarts(one: RunFacts, other: RunFacts): number {
  return one.startedAt - other.startedAt || (one.startedOffset ?? Infinity) - (other.startedOffset ?? Infinity) || 0
}

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function endOf(run: RunFacts): string {
  const { type, plugin, updatedOffset, totalFiles, processedFiles, newFiles, bytes, exitStatus, tool } = run
  return JSON.stringify([type, plugin, updatedOffset, totalFiles, processedFiles, newFiles, bytes, exitStatus, tool])
}
