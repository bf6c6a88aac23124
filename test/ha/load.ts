import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Reporter } from './fleet.ts'
import { type Server, servers, urlOf } from './lastgood.ts'

/** A report that was acknowledged: when, of what, and after how many attempts. */
export type Acknowledged = { at: number; runKey: string; attempts: number }

/** What came back of the attempts, counted: `201`, `503`, `503 without Retry-After`, `reset`, `timeout`, … */
export type Answers = Record<string, number>

/** Reporters that are at work. `last` holds the outcome of the newest acknowledged run of each computer. */
export type Load = {
  acknowledged: Acknowledged[]
  answers: Answers
  last: Map<string, { errors: number }>
  /** Starts no further run, and resolves when each that was begun is acknowledged. */
  drain: () => Promise<void>
}

const pauseMs = 40
const retryMs = 200
const timeoutMs = 5_000
// So that conditions change, and both processes have something to find.
const runsOfAKind = 10

/**
 * Has each reporter tell one run after the other, to either server. What is not acknowledged is told again with the same
 * key, to the other server, until it is. Real reporters heed Retry-After; these ask five times a second, because they
 * measure.
 */
export function startLoad(reporters: readonly Reporter[]): Load {
  const load = {
    acknowledged: [] as Acknowledged[],
    answers: {} as Answers,
    last: new Map<string, { errors: number }>(),
  }
  const draining = new AbortController()
  const atWork = reporters.map((reporter, index) => report(reporter, index))
  return {
    ...load,
    drain: async () => {
      draining.abort()
      await Promise.all(atWork)
    },
  }

  async function report(reporter: Reporter, index: number): Promise<void> {
    for (let count = 0; !draining.signal.aborted; count += 1) {
      const errors = Math.floor((count + index) / runsOfAKind) % 2
      const runKey = randomUUID()
      const attempts = await tellUntilTaken(reporter, toRun(runKey, errors), index + count)
      load.acknowledged.push({ at: performance.now(), runKey, attempts })
      load.last.set(reporter.computerId, { errors })
      await setTimeout(pauseMs)
    }
  }

  async function tellUntilTaken(reporter: Reporter, body: string, first: number): Promise<number> {
    for (let attempts = 1; ; attempts += 1) {
      const server = servers[(first + attempts) % servers.length] ?? 'a'
      const answer = await tell(server, reporter, body)
      load.answers[answer] = (load.answers[answer] ?? 0) + 1
      if (/^20[01]$/.test(answer)) return attempts
      await setTimeout(retryMs)
    }
  }
}

function toRun(runKey: string, errors: number): string {
  const at = new Date().toISOString()
  const facts = { status: 'SUCCESS', total_files: 120, processed_files: 120, new_files: 7, bytes: 52_000, errors }
  return JSON.stringify({ run_key: runKey, backupset_name: 'Documents', local_start: at, local_end: at, ...facts })
}

async function tell(server: Server, { agentKey }: Reporter, body: string): Promise<string> {
  try {
    const response = await fetch(`${urlOf(server)}/v1/runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
    const isSilent = response.status === 503 && !response.headers.has('retry-after')
    return isSilent ? '503 without Retry-After' : String(response.status)
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'timeout' : 'reset'
  }
}

/** The longest time without an acknowledged run between two moments, in seconds. */
export function longestSilence(acknowledged: readonly Acknowledged[], from: number, until: number): number {
  const times = [from, ...acknowledged.map(({ at }) => at).filter(at => at > from && at < until), until]
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return Math.max(...gaps) / 1_000
}

/** When the first run was acknowledged at or after a moment; undefined when none was yet. */
export function firstAcknowledged(acknowledged: readonly Acknowledged[], from: number): number | undefined {
  return acknowledged.find(({ at }) => at >= from)?.at
}
