import type { AgentSettings } from '../../src/cli/run/agent-settings.ts'
import { type Delivery, deliverSpool, type DeliveryRequest, type World } from '../../src/cli/spool/deliver.ts'
import type { Report } from '../../src/cli/spool/report.ts'
import { openSpool, type Spool } from '../../src/cli/spool/spool.ts'
import { days, type Instant } from '../../src/domain/instant.ts'
import { someKey } from './lastgood-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A spool of the test's own, and what puts reports into it and delivers them by a clock that the test moves. */
export type TestSpool = Disposable & {
  spool: Spool
  world: World & { now: Instant; pauses: number[] }
  add(runKey: string, report?: Partial<Report>, key?: string): Promise<string>
  deliver(url: string, request?: Partial<DeliveryRequest> & { key?: string }): Promise<Delivery>
  names(): Promise<string[]>
}

/** Opens a spool in a new folder, which goes when it is disposed of. */
export async function aSpool(): Promise<TestSpool> {
  const folder = temporaryFolder()
  const spool = await openSpool(folder.path)
  const pauses: number[] = []
  const world = {
    // Files are as old as they are: limits by age compare with them.
    now: Date.now(),
    pauses,
    clock: () => world.now,
    random: () => 0.5,
    pause: async (ms: number) => {
      pauses.push(ms)
      world.now += ms
    },
  }
  const never = new AbortController().signal
  const usual = {
    spool,
    limits: { mostBytes: 1_000_000, longestMs: days(30) },
    timeoutMs: 5_000,
    mostAttempts: 1,
    hurry: never,
    abort: never,
    isDone: async () => false,
  }
  return {
    spool,
    world,
    add: (runKey, report = {}, key = someKey) =>
      spool.add(aReport(runKey, report), agentOf('http://127.0.0.1:9', key), world.now),
    deliver: (url, { key = someKey, ...request } = {}) =>
      deliverSpool({ ...usual, until: world.now, agent: agentOf(url, key), ...request }, world),
    names: async () => (await spool.list()).map(({ name }) => name),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

function agentOf(url: string, key: string): AgentSettings {
  return { url: new URL(url), key }
}

function aReport(runKey: string, report: Partial<Report>): Report {
  return {
    kind: 'result',
    runKey,
    set: 'Documents',
    path: '/v1/runs',
    query: { run_key: runKey },
    content: { headers: { 'content-type': 'text/plain' }, body: Buffer.from('done') },
    ...report,
  }
}
