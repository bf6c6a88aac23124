import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAppError } from '../../domain/app-error.ts'
import { findWebhook, webhooks } from '../../webhooks/index.ts'
import { readNamedSet } from '../../webhooks/named-set.ts'
import { plainReply } from '../../webhooks/replies.ts'
import type { HookName, HookReply, HookRequest, Webhook } from '../../webhooks/webhook.ts'
import { takeAnyBody, takeAnyMethod } from '../any-request.ts'
import type { ServerContext } from '../context.ts'
import { buildWebhookReceiver, webhookRefusals } from '../webhook-receiver.ts'
import { hooksPrefix, readHookPath, toHookRequest } from '../webhook-request.ts'

/**
 * The webhooks: `/hooks/<dialect>/<uuid>` and `/hooks/<dialect>/<ping key>/<slug>`, and the addresses that the dialects have
 * by themselves. The address is the secret, as that of a ping. What cannot be read is answered 400 and kept in the log
 * of the set, so that nothing is lost and nothing turns green.
 */
export async function addWebhookRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  const receive = buildWebhookReceiver(context)

  await app.register(async scope => {
    takeAnyBody(scope)
    const method = takeAnyMethod(scope)
    const options = { method, exposeHeadRoute: false, decompress: false as const }
    scope.route({ ...options, url: `${hooksPrefix}*`, handler: answerHooksPath })
    for (const webhook of webhooks) {
      for (const url of webhook.native?.routes ?? []) {
        scope.route({
          ...options,
          url,
          handler: async (request, reply) => {
            const asked = toHookRequest(request)
            return answer(request, reply, webhook, asked, webhook.native?.name(asked) ?? null)
          },
        })
      }
    }
  })

  async function answerHooksPath(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const asked = toHookRequest(request)
    const path = readHookPath(asked.path)
    const webhook = findWebhook(path.dialect)
    if (!webhook) return send(reply, plainReply({ kind: 'not-found', text: webhookRefusals['no hook'] }))
    const found = readNamedSet(path.behind)
    const mayCreate = asked.query.get('create') === '1'
    const name = { sets: found ? [found.named] : [], rest: found?.rest ?? '', mayCreate }
    return answer(request, reply, webhook, asked, name)
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    webhook: Webhook,
    asked: HookRequest,
    name: HookName | null,
  ): Promise<FastifyReply> {
    try {
      if (webhook.methods && !webhook.methods.includes(asked.method)) return refuseMethod(reply, webhook)
      return send(reply, webhook.reply(await receive({ request, webhook, asked, name })))
    } catch (failure) {
      return answerFailure(request, reply, webhook, failure)
    }
  }

  function answerFailure(
    request: FastifyRequest,
    reply: FastifyReply,
    webhook: Webhook,
    failure: unknown,
  ): FastifyReply {
    const refuse = (kind: 'not-found' | 'ambiguous' | 'failed' | 'unavailable') =>
      send(reply, webhook.reply({ kind, text: webhookRefusals[kind] }))
    if (isAppError(failure, 'not-found')) return refuse('not-found')
    if (isAppError(failure, 'conflict')) return refuse('ambiguous')
    // A caller that went away before it had sent everything gets no answer, and is nobody's fault.
    if (!request.raw.readableAborted) app.log.error({ err: failure, request_id: request.id }, 'a webhook failed')
    if (!isAppError(failure, 'unavailable')) return refuse('failed')
    reply.header('retry-after', '5')
    return refuse('unavailable')
  }
}

function refuseMethod(reply: FastifyReply, webhook: Webhook): FastifyReply {
  const allow = (webhook.methods ?? []).join(', ')
  const text = `The webhook ${webhook.name} takes ${allow}.`
  return send(reply.header('allow', allow), webhook.reply({ kind: 'wrong-method', text }))
}

function send(reply: FastifyReply, { status, contentType, body }: HookReply): FastifyReply {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  return reply.code(status).headers(headers).send(body)
}
