import { setTimeout } from 'node:timers/promises'
import type { RunFacts } from '../../src/domain/run.ts'
import type { ReportingComputer } from './fleet.ts'
import type { PlannedReport, PlannedSet } from './plan.ts'
import type { Random } from './random.ts'

/** What was acknowledged of a run: the numbers that it was answered with, and how often it was called new. */
export type Acknowledged = { ids: Set<number>; created: number }

/** What clients know of the servers, and what they tell. */
export type Surroundings = {
  computers: readonly ReportingComputer[]
  /** The addresses of the servers that are up. */
  urls: () => string[]
  random: Random
  acknowledged: Map<string, Acknowledged>
  /** Called before each report: so the load is spread over time. */
  beforeReport: () => Promise<void>
  /** Called when a report is acknowledged. */
  onAcknowledged: (set: PlannedSet, report: PlannedReport) => Promise<void> | void
  /** Called when an attempt is made again: where nobody answered, or a server that lives answered that it could not. */
  onRetry: (why: 'unanswered' | 'refused') => void
}

const workers = 32
const longestAnswerMs = 10_000
const pauseMs = 50

/** Sends the reports of all sets: those of one set in their order, each until it is acknowledged, many sets at once. */
export async function sendAll(sets: readonly PlannedSet[], surroundings: Surroundings): Promise<void> {
  const paced = sets.filter(({ isPaced }) => isPaced).map(set => [set])
  const others = Array.from({ length: workers }, (_, worker) =>
    sets.filter(({ isPaced }) => !isPaced).filter((_set, index) => index % workers === worker),
  )
  await Promise.all([...paced, ...others].map(some => sendInTurns(some, surroundings)))
}

async function sendInTurns(sets: readonly PlannedSet[], surroundings: Surroundings): Promise<void> {
  const waiting = sets.map(set => ({ set, reports: set.reports.values() }))
  while (waiting.length > 0) {
    const index = surroundings.random.below(waiting.length)
    const turn = waiting[index]
    const next = turn?.reports.next()
    if (!turn || !next || next.done) {
      waiting.splice(index, 1)
      continue
    }
    await surroundings.beforeReport()
    await sendUntilAcknowledged(turn.set, next.value, surroundings)
    await surroundings.onAcknowledged(turn.set, next.value)
  }
}

async function sendUntilAcknowledged(
  set: PlannedSet,
  { runKey, facts }: PlannedReport,
  { computers, urls, random, acknowledged, onRetry }: Surroundings,
): Promise<void> {
  const key = computers[set.computer]?.key ?? ''
  const body = JSON.stringify({ run_key: runKey, backupset_name: set.name, ...toWire(facts) })
  for (;;) {
    const up = urls()
    const url = up[random.below(up.length)]
    const answer = url === undefined ? 'unanswered' : await send(url, key, body)
    if (typeof answer === 'string') {
      onRetry(answer)
      await setTimeout(pauseMs)
      continue
    }
    const known = acknowledged.get(runKey) ?? { ids: new Set(), created: 0 }
    known.ids.add(answer.id)
    if (answer.status === 201) known.created += 1
    acknowledged.set(runKey, known)
    return
  }
}

/** Sends a report once. Throws where a retry would be refused as well. */
async function send(
  url: string,
  key: string,
  body: string,
): Promise<{ status: number; id: number } | 'unanswered' | 'refused'> {
  let status: number
  let text: string
  try {
    const response = await fetch(`${url}/v1/runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(longestAnswerMs),
    })
    status = response.status
    text = await response.text()
  } catch {
    // A server that was killed: whether it had stored the report is not known.
    return 'unanswered'
  }
  if (status >= 500) return 'refused'
  if (status >= 300) throw new Error(`The report ${body} was answered with ${status}: ${text}`)
  return { status, id: (JSON.parse(text) as { action_id: number }).action_id }
}

const statuses: Partial<Record<RunFacts['state'], string>> = {
  running: 'RUNNING',
  finished: 'SUCCESS',
  failed: 'ERROR',
}

function toWire({ state, startedAt, updatedAt, errors, warnings, bytes }: RunFacts): object {
  return {
    status: statuses[state],
    local_start: new Date(startedAt).toISOString(),
    ...(state !== 'running' && { local_end: new Date(updatedAt).toISOString() }),
    errors,
    warnings,
    ...(bytes !== null && { bytes }),
  }
}
