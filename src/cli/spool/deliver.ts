import { isAppError } from '../../domain/app-error.ts'
import { hours, type Instant } from '../../domain/instant.ts'
import type { AgentSettings } from '../run/agent-settings.ts'
import { type Attempt, attemptReport, backOffAfter, type Round } from './attempt.ts'
import { type BackOff, waitOf } from './back-off.ts'
import { dropExcess } from './drop-excess.ts'
import { readLedger, writeLedger } from './ledger.ts'
import type { SpoolLimits } from './limits.ts'
import { fingerprintOf } from './report.ts'
import type { Spool } from './spool.ts'
import type { SpooledReport } from './spool-file.ts'
import { tryLock } from './spool-lock.ts'

/** What delivering needs from the world; a test hands in its own. */
export type World = {
  clock: () => Instant
  /** From 0 to 1. */
  random: () => number
  /** Waits, or less when `abort` is. */
  pause: (ms: number, abort: AbortSignal) => Promise<void>
}

export type DeliveryRequest = {
  spool: Spool
  agent: AgentSettings
  limits: SpoolLimits
  /** How long one answer may take, and how often a server that takes nothing is asked. */
  timeoutMs: number
  mostAttempts: number
  /** Until when there is waiting, for another process or for a server's pause to end; less when `hurry` is aborted. */
  until: Instant
  hurry: AbortSignal
  /** Gives up what is under way as well. */
  abort: AbortSignal
  /** Whether there is nothing to wait for any more while another process delivers. */
  isDone: () => Promise<boolean>
  /** Delivers also what was spooled under another key, as runs of the computer that the present key belongs to. */
  anyKey?: boolean
  /** Asks also where a pause is to be kept. */
  ignoresPauses?: boolean
  /** Told after each report that was delivered. */
  onDelivered?: (count: number) => void
}

/** What came of a delivery. What it does not tell is left in the spool. */
export type Delivery = {
  delivered: number
  refused: { name: string; set: string; reason: string }[]
  damaged: { name: string; reason: string }[]
  /** Why reports were kept for reasons of their own, by name. */
  kept: Map<string, string>
  /** Why the server takes nothing now, and when it is asked again. */
  trouble: BackOff | undefined
  /** Another process is delivering, and was still at it. */
  isBusy: boolean
}

const lockEveryMs = 50

/**
 * Delivers what is spooled under the present key, in order and one after the other, whoever else wants to. A report goes
 * from the spool after the server has acknowledged it, and stays for any reason but a refusal for good. Throws what the
 * system says of a spool that cannot be used.
 */
export async function deliverSpool(request: DeliveryRequest, world: World): Promise<Delivery> {
  const delivery: Delivery = {
    delivered: 0,
    refused: [],
    damaged: [],
    kept: new Map(),
    trouble: undefined,
    isBusy: false,
  }
  for (let attempts = 0; ;) {
    const ignoresPause = request.ignoresPauses === true && attempts === 0
    if (await deliverOnce(request, world, { delivery, ignoresPause })) attempts += 1
    // Others may deliver while we wait: the lock is theirs then.
    const until = world.clock() + waitOf(delivery.trouble, world.clock())
    if (!delivery.trouble || attempts >= request.mostAttempts || until > request.until) return delivery
    await world.pause(until - world.clock(), request.hurry)
    if (mayNotWait(request) || (await request.isDone())) return delivery
  }
}

/** The name under which the pauses of a server are remembered. */
export function serverName({ url, key }: AgentSettings): string {
  return `${url.origin}${url.pathname} ${fingerprintOf(key)}`
}

async function waitForLock(request: DeliveryRequest, world: World): Promise<Disposable | undefined> {
  const { spool, until, isDone } = request
  for (;;) {
    const lock = await tryLock(spool.folder)
    if (lock || mayNotWait(request) || world.clock() + lockEveryMs > until || (await isDone())) return lock
    await world.pause(lockEveryMs, request.hurry)
  }
}

function mayNotWait({ hurry, abort }: DeliveryRequest): boolean {
  return hurry.aborted || abort.aborted
}

type DeliveryRound = Round & { delivery: Delivery; hasWritten: boolean }

/** Delivers under the lock what the server takes; answers whether it was asked at all. */
async function deliverOnce(
  request: DeliveryRequest,
  world: World,
  { delivery, ignoresPause }: { delivery: Delivery; ignoresPause: boolean },
): Promise<boolean> {
  using lock = await waitForLock(request, world)
  delivery.isBusy = !lock && !(await request.isDone())
  delivery.trouble = undefined
  if (!lock) return false
  const { folder } = request.spool
  const server = serverName(request.agent)
  const ledger = await readLedger(folder)
  const before = JSON.stringify(ledger)
  const round: DeliveryRound = { request, world, ledger, server, delivery, hasWritten: false }
  await tidy(round)
  const mustWait = waitOf(ledger.servers[server], world.clock()) > 0 && !ignoresPause
  delivery.trouble = mustWait ? ledger.servers[server] : await deliverAll(round)
  // Failures were written as they happened.
  await writeLedger(folder, ledger, round.hasWritten ? undefined : before)
  return !mustWait
}

async function tidy({ request: { spool, limits }, ledger, world }: DeliveryRound): Promise<void> {
  const now = world.clock()
  await spool.removeUnfinished(now - hours(1))
  await dropExcess(spool, ledger, limits, now)
  const names = new Set((await spool.list()).map(({ name }) => name))
  for (const name of Object.keys(ledger.reports)) if (!names.has(name)) delete ledger.reports[name]
}

/** One report after the other until none is left or the server takes none; then answers why. */
async function deliverAll(round: DeliveryRound): Promise<BackOff | undefined> {
  const { request, ledger, server } = round
  const seen = new Set<string>()
  let failuresInARow = 0
  for (;;) {
    // Looked up again at the end: others add theirs while we deliver.
    const coming = (await request.spool.list()).filter(({ name }) => !seen.has(name))
    if (coming.length === 0) return undefined
    for (const { name } of coming) {
      if (request.abort.aborted) return undefined
      seen.add(name)
      const attempt = await deliverOne(round, name)
      if (attempt?.kind === 'server-trouble') return ledger.servers[server]
      if (attempt) failuresInARow = attempt.status === 500 ? failuresInARow + 1 : 0
      if (attempt && failuresInARow >= mostFailuresInARow) {
        ledger.servers[server] = backOffAfter(round, undefined, { problem: attempt.reason, retryAfter: '' })
        return ledger.servers[server]
      }
    }
  }
}

/** After so many failures in a row it is not the reports that are to blame. */
const mostFailuresInARow = 3

async function deliverOne(round: DeliveryRound, name: string): Promise<Attempt | undefined> {
  const { request, delivery, ledger } = round
  const report = await readOrSetAside(round, name)
  if (!report || !isOurs(report, request)) return undefined
  const attempt = await attemptReport(round, name, report)
  const { kind, reason } = attempt
  if (kind === 'taken') {
    await request.spool.remove(name)
    delivery.delivered += 1
    request.onDelivered?.(delivery.delivered)
  } else if (kind === 'refused') {
    await request.spool.setAside(name, reason)
    delivery.refused.push({ name, set: report.set, reason })
  } else {
    if (kind !== 'server-trouble') delivery.kept.set(name, reason)
    // The next process knows it, though this one may be killed.
    await writeLedger(request.spool.folder, ledger)
    round.hasWritten = true
  }
  return attempt
}

async function readOrSetAside(
  { request: { spool }, delivery }: DeliveryRound,
  name: string,
): Promise<SpooledReport | undefined> {
  try {
    return await spool.read(name)
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    await spool.setAside(name, error.message)
    delivery.damaged.push({ name, reason: error.message })
    return undefined
  }
}

/** Whether a report may be sent with the present key: the key says of which computer it is. */
function isOurs({ keyFingerprint }: SpooledReport, { agent, anyKey }: DeliveryRequest): boolean {
  return anyKey === true || keyFingerprint === fingerprintOf(agent.key)
}
