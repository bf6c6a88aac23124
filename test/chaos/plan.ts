import { type Instant, minutes, seconds } from '../../src/domain/instant.ts'
import type { RunFacts } from '../../src/domain/run.ts'
import type { Random } from './random.ts'

/** One report of a run, as a client sends it until it is acknowledged. */
export type PlannedReport = { runKey: string; facts: RunFacts }

/** A backup set and its reports, in the order in which its client sends them. */
export type PlannedSet = {
  /** The number of the computer that it is on. */
  computer: number
  name: string
  /** Its client goes on only when a change that the report makes is recorded: so every change is known in advance. */
  isPaced: boolean
  reports: PlannedReport[]
}

const setsOfComputer = 5
const runsOfSet = 100
const leastSets = 20
/** Of so many sets one is paced. */
const pacedAmong = 20

/**
 * Plans so many runs: new ones, some that are reported as they start and when they end, some that arrive late, and among
 * them reports that are sent again. Paced sets have `pacedRuns` runs each, the others share what is left.
 */
export function planSets(
  { runs, pacedRuns, now }: { runs: number; pacedRuns: number; now: Instant },
  random: Random,
): PlannedSet[] {
  const count = Math.max(leastSets, Math.round(runs / runsOfSet))
  const paced = Math.ceil(count / pacedAmong)
  const left = runs - paced * pacedRuns
  return Array.from({ length: count }, (_, index) => {
    const isPaced = index % pacedAmong === 0
    const others = index - Math.ceil(index / pacedAmong)
    const share = Math.floor(((others + 1) * left) / (count - paced)) - Math.floor((others * left) / (count - paced))
    const reports = planReports(isPaced ? pacedRuns : share, { set: index, now }, random)
    return { computer: Math.floor(index / setsOfComputer), name: `Set ${index}`, isPaced, reports }
  })
}

/** How long the planned runs go back. */
const spanMs = minutes(50)

function planReports(runs: number, { set, now }: { set: number; now: Instant }, random: Random): PlannedReport[] {
  const reports: PlannedReport[] = []
  let end: PlannedReport | undefined
  for (let index = 0; index < runs; index += 1) {
    const kind = random.fraction()
    const late = kind < 0.1 ? minutes(1 + random.below(8)) : 0
    const startedAt = toSeconds(now - minutes(59) + minutes(8) + (index * spanMs) / runs - late)
    const runKey = toRunKey(set, index)
    const ended = { runKey, facts: endedRun(startedAt, random) }
    const isSeenRunning = kind > 0.65
    reports.push(isSeenRunning ? { runKey, facts: aRun(startedAt) } : ended)
    if (end) reports.push(end)
    end = undefined
    // One in twenty never tells its end, and some tell it only after the next run has begun.
    if (isSeenRunning && kind < 0.8) reports.push(ended)
    else if (isSeenRunning && kind < 0.95) end = ended
    const again = reports[random.below(reports.length)]
    if (again && random.fraction() < 0.1) reports.push(again)
  }
  return end ? [...reports, end] : reports
}

function endedRun(startedAt: Instant, random: Random): RunFacts {
  const outcome = random.fraction()
  return {
    ...aRun(startedAt),
    state: outcome < 0.1 ? 'failed' : 'finished',
    updatedAt: startedAt + seconds(random.below(20)),
    errors: outcome > 0.1 && outcome < 0.25 ? 1 + random.below(5) : 0,
    warnings: outcome > 0.2 && outcome < 0.4 ? 1 + random.below(5) : 0,
    bytes: random.fraction() < 0.9 ? random.below(1_000_000) : null,
  }
}

/** A run that has just begun. */
function aRun(startedAt: Instant): RunFacts {
  return {
    type: 'backup',
    plugin: 'file',
    state: 'running',
    startedAt,
    startedOffset: 0,
    updatedAt: startedAt,
    updatedOffset: 0,
    totalFiles: null,
    processedFiles: null,
    newFiles: null,
    bytes: null,
    errors: 0,
    warnings: 0,
    exitStatus: null,
    tool: null,
  }
}

const toSeconds = (instant: number): Instant => Math.floor(instant / seconds(1)) * seconds(1)

function toRunKey(set: number, index: number): string {
  return `${set.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`
}
