import { setTimeout } from 'node:timers/promises'
import { type Instant, minutes, seconds } from '../../domain/instant.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import { print } from '../admin/print.ts'
import { openProgress } from '../backtest/progress.ts'
import { type AgentOptions, type ReportingSettings, readReportingSettings } from '../run/agent-settings.ts'
import { deliverSpool, type Delivery } from '../spool/deliver.ts'
import { tellDamaged, tellDropped, tellRefused } from '../spool/delivery-text.ts'
import { openSpool, type Spool } from '../spool/spool.ts'
import { spoolFolderHere } from '../spool/spool-folder.ts'
import { thisWorld } from '../spool/world.ts'
import { describeSpool } from './describe-spool.ts'

export type FlushRequest = Omit<AgentOptions, 'env'> & {
  /** How long to keep trying; 0 for once. */
  waitMs: number
  anyKey?: true
  /** Whether a pause that the server or earlier failures ask for is not kept. */
  now?: true
  json?: true
  quiet?: true
}

/** What became of a flush, as `--json` prints it. */
type FlushResult = {
  delivered: number
  refused: { set: string; reason: string }[]
  damaged: { file: string; reason: string }[]
  left: number
  /** Those among them that were spooled under another key. */
  under_other_keys: number
  reason: string | null
  next_attempt: string | null
}

/** Delivers what is spooled and tells how it went. Resolves to the exit status: 0 when nothing is left. */
export async function flush(request: FlushRequest): Promise<number> {
  const settings = await readReportingSettings({ ...request, env: process.env })
  const spool = await openSpool(spoolFolderHere(settings.spool.folder, process.env))
  const delivery = await deliverUntilDone(request, settings, spool)
  const result = await toResult(delivery, spool, settings)
  const notes = [
    ...settings.warnings,
    ...delivery.refused.map(tellRefused(spool)),
    ...delivery.damaged.map(tellDamaged(spool)),
    ...(await tellDropped(spool)),
  ]
  for (const note of notes) process.stderr.write(`lastgood: ${note}\n`)
  if (request.json) print(JSON.stringify(result))
  else if (!request.quiet) print(tellDelivered(result, settings))
  if (result.left === 0) return 0
  if (!request.json) process.stderr.write(`lastgood: ${tellLeft(result, spool)}\n`)
  return 1
}

const lockPatienceMs = seconds(5)
const longestPauseMs = minutes(1)

/** Delivers again and again until nothing is left that could be delivered, or the time is over. */
async function deliverUntilDone(
  { waitMs, anyKey, now }: FlushRequest,
  { agent, spool: { limits } }: ReportingSettings,
  spool: Spool,
): Promise<Delivery> {
  const startedAt = Date.now()
  const never = new AbortController().signal
  const progress = openProgress()
  const total: Delivery = await deliverOnce(true)
  while ((total.isBusy || total.trouble || total.kept.size > 0) && Date.now() - startedAt < waitMs) {
    await setTimeout(pauseOf(total, startedAt + waitMs))
    const next = await deliverOnce(false)
    total.delivered += next.delivered
    total.refused.push(...next.refused)
    total.damaged.push(...next.damaged)
    Object.assign(total, { kept: next.kept, trouble: next.trouble, isBusy: next.isBusy })
  }
  progress.close()
  return total

  function deliverOnce(isFirst: boolean): Promise<Delivery> {
    return deliverSpool(
      {
        spool,
        agent,
        limits,
        anyKey: anyKey === true,
        ignoresPauses: isFirst && now === true,
        timeoutMs: seconds(30),
        mostAttempts: 1,
        until: Date.now() + lockPatienceMs,
        hurry: never,
        abort: never,
        isDone: async () => isFirst && (await spool.list()).length === 0,
        onDelivered: count => progress.tell(`Delivered ${count} reports of the spool …`),
      },
      thisWorld,
    )
  }
}

function pauseOf({ trouble }: Delivery, until: Instant): number {
  const now = Date.now()
  const pauseMs = Math.min(longestPauseMs, (trouble?.notBefore ?? now + seconds(1)) - now)
  return Math.max(50, Math.min(pauseMs, until - now))
}

async function toResult(delivery: Delivery, spool: Spool, settings: ReportingSettings): Promise<FlushResult> {
  const { reports } = await describeSpool(spool, settings.agent.key)
  const [kept] = delivery.kept.values()
  return {
    delivered: delivery.delivered,
    refused: delivery.refused.map(({ set, reason }) => ({ set, reason })),
    damaged: delivery.damaged.map(({ name, reason }) => ({ file: name, reason })),
    left: reports.length,
    under_other_keys: reports.filter(({ key }) => key === 'other').length,
    reason: delivery.trouble?.reason ?? kept ?? (delivery.isBusy ? 'another lastgood is delivering.' : null),
    next_attempt: delivery.trouble ? localTime(delivery.trouble.notBefore) : null,
  }
}

function tellDelivered({ delivered, left }: FlushResult, { agent }: ReportingSettings): string {
  if (delivered === 0) return left === 0 ? 'Nothing is spooled.' : 'Nothing was delivered.'
  return `${delivered === 1 ? '1 report was' : `${delivered} reports were`} delivered to ${agent.url.origin}.`
}

function tellLeft({ left, under_other_keys: others, reason, next_attempt: next }: FlushResult, spool: Spool): string {
  const count = left === 1 ? '1 report is' : `${left} reports are`
  const ofOthers =
    others === 0
      ? ''
      : ` ${others} of them were spooled under another key: deliver them with that key, or with --any-key when it was one of this computer.`
  const because = reason === null ? '' : ` ${reason}`
  const again = next === null ? '' : ` It is tried again after ${next}; --now does not wait for that.`
  return `${count} still in ${spool.folder}.${because}${again}${ofOthers}`
}

function localTime(at: Instant): string {
  return formatLocalTime({ at, offsetMinutes: -new Date(at).getTimezoneOffset() })
}
