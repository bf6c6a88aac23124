import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isOnPath } from './cores.ts'
import { type LoadRequest, toRequestText } from './requests.ts'
import { answerOf } from './server-process.ts'

/** A load on a server: requests in turn for some seconds, or each of them once. */
export type Load = {
  port: number
  connections: number
  requests: string[]
  /**
   * Whether the generator never sleeps while it waits for answers. A slow server would else be charged for waking it
   * with almost every answer, which on a virtual machine costs as much as the answer, and a fast one would not.
   */
  staysAwake: boolean
} & ({ kind: 'seconds'; seconds: number } | { kind: 'once' })

/** What came of a load. Every request that was sent was answered. */
export type LoadResult = {
  requests: number
  seconds: number
  statuses: Record<string, number>
  latencyMs: { p50: number; p99: number; p999: number; max: number }
}

/** Our own generator, in a process of its own. */
export type Generator = { put: (load: Load) => Promise<LoadResult>; stop: () => Promise<void> }

/** How many connections every load has. */
export const connections = 64

/** Starts our own load generator, on the cores of this process. */
export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)))
  return {
    put: async load => {
      const answer = answerOf(child)
      child.send(load)
      const { result, failure } = (await answer) as { result?: LoadResult; failure?: string }
      if (result) return result
      throw new Error(`The load was cut short: ${failure}`)
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** Sends one request again and again: by `wrk` where there is one, else by our own generator. */
export function putRepeated(
  generator: Generator,
  port: number,
  request: LoadRequest,
  seconds: number,
): Promise<LoadResult> {
  if (repeatedLoadBy === 'wrk') return putByWrk(port, request, seconds)
  return generator.put({
    kind: 'seconds',
    port,
    connections,
    seconds,
    staysAwake: false,
    requests: [toRequestText(request)],
  })
}

/** What repeats a request. */
export const repeatedLoadBy = isOnPath('wrk') ? 'wrk' : 'bench/support/generator.ts'

/** `wrk` (github.com/wg/wrk) takes whole seconds; one thread, as our own generator has. */
async function putByWrk(port: number, { path, token }: LoadRequest, seconds: number): Promise<LoadResult> {
  const url = `http://127.0.0.1:${port}${path}`
  const duration = `${Math.max(1, Math.round(seconds))}s`
  const { stdout } = await promisify(execFile)('wrk', [
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${duration}`,
    '--latency',
    `--header=Authorization: OAuth ${token}`,
    url,
  ])
  const read = (pattern: RegExp) => pattern.exec(stdout)?.[1]
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`wrk met failures:\n${stdout}`)
  const requests = Number(read(/(\d+) requests in/))
  const percentile = (share: number) => toMs(read(new RegExp(`^\\s*${share}%\\s+(\\S+)$`, 'm')))
  return {
    requests,
    seconds: requests / Number(read(/Requests\/sec:\s+([\d.]+)/)),
    statuses: { 200: requests },
    latencyMs: { p50: percentile(50), p99: percentile(99), p999: Number.NaN, max: Number.NaN },
  }
}

function toMs(text = ''): number {
  const [, number, unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? []
  return Number(number) * ({ us: 0.001, ms: 1, s: 1_000, m: 60_000 }[unit] ?? Number.NaN)
}
