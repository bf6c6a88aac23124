import { once } from 'node:events'
import { Agent, type IncomingMessage, request as openRequest } from 'node:http'
import type { LoadResult } from './load.ts'

/** What is asked for again and again: a path, in a format. */
export type LongRequest = { path: string; token: string; accept: string }

/**
 * Asks for some seconds, one request after the other on each connection, and throws the answers away as they come. Unlike
 * the generator it takes answers without a length; what it costs matters little beside an answer of megabytes.
 */
export async function putLong(
  port: number,
  request: LongRequest,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true })
  const startedAt = performance.now()
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  await Promise.all(
    Array.from({ length: connections }, async () => {
      do {
        const askedAt = performance.now()
        const status = await askLong(agent, port, request)
        latencies.push(performance.now() - askedAt)
        statuses[status] = (statuses[status] ?? 0) + 1
      } while (performance.now() - startedAt < seconds * 1_000)
    }),
  )
  agent.destroy()
  return {
    requests: latencies.length,
    seconds: (performance.now() - startedAt) / 1_000,
    statuses,
    latencyMs: toPercentiles(latencies),
  }
}

async function askLong(agent: Agent, port: number, { path, token, accept }: LongRequest): Promise<number> {
  const headers = { authorization: `OAuth ${token}`, accept }
  const request = openRequest({ agent, host: '127.0.0.1', port, path, headers })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode ?? 0
}

/** The latencies below which a half, 99 and 99.9 per cent of all are, and the longest. */
export function toPercentiles(latencies: readonly number[]): LoadResult['latencyMs'] {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) }
}
