import type { FastifyRequest } from 'fastify'
import type { PingTarget } from '../app/ping-directory.ts'
import { type AppError, isAppError } from '../domain/app-error.ts'
import { webhooks } from '../webhooks/index.ts'
import type { HookName, HookOutcome, HookRequest, Webhook } from '../webhooks/webhook.ts'
import type { ServerContext } from './context.ts'
import { readPingBody } from './ping-body.ts'
import { buildPingTargets, type FoundSet } from './ping-target.ts'
import { recordDelivery, recordSignal } from './webhook-delivery.ts'

/** Twice that of a ping: what is cut off in the middle of a document cannot be read, and Proxmox sends logs of a megabyte. */
const hookBodyLimit = 2_000_000

/** Why a request is refused, in a sentence for whoever sent it. */
export const webhookRefusals = {
  'no hook': `There is no such webhook; there are ${webhooks.map(({ name }) => name).join(', ')}.`,
  unnamed: 'The request does not say which backup set it is for.',
  'not-found': 'There is no backup set of this address.',
  ambiguous: 'Several backup sets of the computer share this slug; name the set by its UUID.',
  failed: 'The server made a mistake; send it again later.',
  unavailable: 'The database cannot be reached at the moment; send it again later.',
} as const

/** A request to a webhook, with the name of the set that it is for; null: it names none. */
export type AskedWebhook = { request: FastifyRequest; webhook: Webhook; asked: HookRequest; name: HookName | null }

/**
 * Builds what takes a request: finds the set, has the dialect read what was sent, and records it. What cannot be read is
 * kept in the log of the set and refused.
 */
export function buildWebhookReceiver(context: ServerContext): (asked: AskedWebhook) => Promise<HookOutcome> {
  const targets = buildPingTargets(context)

  return async ({ request, webhook, asked, name }) => {
    if (name === null) return { kind: 'unnamed', text: webhookRefusals.unnamed }
    const found = await find(name)
    if (found === 'not found') return { kind: 'not-found', text: webhookRefusals['not-found'] }
    if (found === 'ambiguous slug') return { kind: 'ambiguous', text: webhookRefusals.ambiguous }
    // Who may send is known: only now the body is read.
    const body = await readPingBody(request.raw, hookBodyLimit)
    const told = { ...asked, rest: name.rest, body }
    try {
      const number = await record(request, webhook, found, told)
      return { kind: 'accepted', number, at: context.clock(), request: told }
    } catch (failure) {
      if (!isAppError(failure, 'invalid')) throw failure
      if ('set' in found) await keep(request, webhook, found, told, failure)
      return { kind: 'unreadable', text: failure.message }
    }
  }

  async function find({ sets, mayCreate }: HookName): Promise<FoundSet | 'not found' | 'ambiguous slug'> {
    for (const named of sets) {
      const found = await targets.find(named, false)
      if (found !== 'not found') return found
    }
    const [first] = sets
    return first && mayCreate ? targets.find(first, true) : 'not found'
  }

  async function record(
    request: FastifyRequest,
    webhook: Webhook,
    found: FoundSet,
    told: HookRequest,
  ): Promise<number> {
    const delivery = webhook.read(told)
    if (delivery.kind === 'nothing') return 0
    const { target } = await targets.make(found)
    return recordDelivery(context, target, delivery, arrivalOf(request, webhook, told))
  }

  async function keep(
    request: FastifyRequest,
    { name }: Webhook,
    target: PingTarget,
    told: HookRequest,
    { message }: AppError,
  ): Promise<void> {
    const log = `The webhook ${name} could not read what follows. ${message}\n${told.body}`
    const signal = { kind: 'signal', signal: 'log', exitStatus: null, series: null, reading: null, log } as const
    await recordSignal(context, target, signal, arrivalOf(request, { name }, told))
  }

  function arrivalOf(request: FastifyRequest, { name }: Pick<Webhook, 'name'>, told: HookRequest) {
    const content = [told.method, told.path, told.query.toString(), told.body].join('\n')
    return { dialect: name, source: targets.sourceOf(request), content, now: context.clock() }
  }
}
