import type { LoadResult } from './load.ts'
import type { ServerProcess } from './server-process.ts'

/** What one server did in one round. */
export type Sample = {
  requests: number
  seconds: number
  /** CPU time of the server, all of its threads. */
  cpuUs: number
  latencyMs: LoadResult['latencyMs']
}

/** One of the servers that take turns: its name in the table, and one turn. */
export type Contestant = { name: string; turn: () => Promise<Sample> }

/** Puts a load on a server and measures both. Throws when any answer has another status than `expected`. */
export async function measure(
  server: ServerProcess,
  expected: number,
  put: () => Promise<LoadResult>,
): Promise<Sample> {
  const before = await server.usage()
  const { statuses, ...result } = await put()
  const after = await server.usage()
  const other = Object.keys(statuses).find(status => status !== String(expected))
  if (other !== undefined) throw new Error(`${statuses[other]} requests were answered with ${other}.`)
  return { ...result, cpuUs: after.cpuUs - before.cpuUs }
}

/** Several loads as one sample; of their latencies, the worst. */
export function joinSamples(samples: Sample[]): Sample {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0)
  const worst = (name: keyof Sample['latencyMs']) => Math.max(...samples.map(({ latencyMs }) => latencyMs[name]))
  return {
    requests: sum(sample => sample.requests),
    seconds: sum(sample => sample.seconds),
    cpuUs: sum(sample => sample.cpuUs),
    latencyMs: { p50: worst('p50'), p99: worst('p99'), p999: worst('p999'), max: worst('max') },
  }
}

/**
 * Lets the contestants take turns, one round after the other, each round beginning with another one. A turn of each
 * before that does not count: programs get faster in their first seconds.
 */
export async function takeTurns(contestants: Contestant[], rounds: number): Promise<Map<string, Sample[]>> {
  const samples = new Map(contestants.map(({ name }) => [name, [] as Sample[]]))
  for (const { turn } of contestants) await turn()
  for (let round = 0; round < rounds; round += 1) {
    const shift = round % contestants.length
    for (const { name, turn } of [...contestants.slice(shift), ...contestants.slice(0, shift)]) {
      samples.get(name)?.push(await turn())
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return samples
}

export const requestsPerSecond = ({ requests, seconds }: Sample): number => requests / seconds
export const cpuUsPerRequest = ({ requests, cpuUs }: Sample): number => cpuUs / requests
/** How much of one core the server used: well below 1, something else held it up, and its rate says little of it. */
export const coresUsed = ({ seconds, cpuUs }: Sample): number => cpuUs / 1e6 / seconds

/** The middle of some figures; of an even number of them the mean of the two in the middle. */
export function median(figures: number[]): number {
  const sorted = [...figures].sort((one, other) => one - other)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)
  return (low + high) / 2
}

/** The median of the quotients within each round: what slows a whole round down cancels out. */
export function ratio(of: (sample: Sample) => number, samples: Sample[] = [], others: Sample[] = []): number {
  return median(samples.flatMap((sample, round) => (others[round] ? [of(sample) / of(others[round])] : [])))
}
