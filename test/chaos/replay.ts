import { deriveRunCondition } from '../../src/domain/condition.ts'
import { type Instant, hours } from '../../src/domain/instant.ts'
import { compareRuns, mergeRun, type RunFacts } from '../../src/domain/run.ts'
import type { PlannedReport } from './plan.ts'

/** What a set has come to through its reports. */
export type Replay = {
  /** Its runs by their keys. */
  runs: Map<string, RunFacts>
  /** Every condition that it had, one after the other, as `status: rules`. */
  conditions: string[]
}

/** Takes the reports of a set one after the other, in memory and without a database; nothing is expected of the set. */
export function replay(reports: readonly PlannedReport[], now: Instant): Replay {
  const runs = new Map<string, RunFacts>()
  const conditions: string[] = []
  let newest: (RunFacts & { runKey: string }) | undefined
  for (const { runKey, facts } of reports) {
    const known = runs.get(runKey)
    const merged = known ? mergeRun(known, facts) : facts
    runs.set(runKey, merged)
    const run = { ...merged, runKey }
    if (!newest || newest.runKey === runKey || compareRuns(run, newest) > 0) newest = run
    const { status, rules } = deriveRunCondition(newest, newest.startedAt + hours(24), now, {})
    const condition = toText(status, rules.join(' '))
    if (conditions.at(-1) !== condition) conditions.push(condition)
  }
  return { runs, conditions }
}

/** A condition as a text to compare. */
export function toText(status: string | null, rules: string | null): string {
  return `${status}: ${rules}`
}

/** Whether some conditions are part of others, in their order: what was looked at only now and then. */
export function isPartOf(some: readonly string[], all: readonly string[]): boolean {
  let next = 0
  for (const one of all) if (one === some[next]) next += 1
  return next === some.length
}
