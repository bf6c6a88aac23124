import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordPing } from '../../app/record-ping.ts'
import { isAppError } from '../../domain/app-error.ts'
import { lastOf, takeAnyBody, takeAnyMethod } from '../any-request.ts'
import type { ServerContext } from '../context.ts'
import { pingBodyLimit, readPingBody } from '../ping-body.ts'
import { pingPrefix } from '../ping-host.ts'
import { readPingPath } from '../ping-path.ts'
import { readPingEnd } from '../ping-reading.ts'
import { buildPingTargets } from '../ping-target.ts'
import { pathOf } from '../public-url.ts'
import { TooManyRequests } from '../rate-limits/too-many-requests.ts'

/** Every answer to a ping, in the words of the protocol. */
const answers = {
  OK: 200,
  Created: 201,
  'invalid url format': 400,
  'invalid uuid format': 400,
  'not found': 404,
  'ambiguous slug': 409,
  'too many requests': 429,
  'server error': 500,
  'temporarily unavailable': 503,
} as const
type Answer = keyof typeof answers

// What Django's never_cache sends, as Healthchecks does.
const neverCached = {
  'cache-control': 'max-age=0, no-cache, no-store, must-revalidate, private',
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}

type PingRequest = FastifyRequest<{ Querystring: Record<string, string | string[] | undefined> }>

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The ping protocol of Healthchecks, by any method: `/ping/<uuid>` and `/ping/<ping key>/<slug>`, with `/start`, `/fail`,
 * `/log` or an exit status behind it. The URL is the secret, so that no token is asked for.
 */
export async function addPingRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  const targets = buildPingTargets(context)

  await app.register(async scope => {
    takeAnyBody(scope)
    const method = takeAnyMethod(scope)
    scope.setErrorHandler((failure, request, reply) => answerFailure(app, failure, request, reply))
    const options = { method, exposeHeadRoute: false, decompress: false as const }
    for (const url of ['/ping', `${pingPrefix}*`]) {
      scope.route({
        ...options,
        url,
        handler: async (request: PingRequest, reply) => send(reply, await receive(request)),
      })
    }
  })

  async function receive(request: PingRequest): Promise<Answer> {
    const path = readPingPath((pathOf(request).split('?', 1)[0] ?? '').slice(pingPrefix.length))
    if (typeof path === 'string') return path
    const { query } = request
    const found = await targets.find(path, lastOf(query['create']) === '1')
    if (typeof found === 'string') return found
    if (path.exitStatus !== null && path.exitStatus > 255) return 'invalid url format'
    const rid = lastOf(query['rid'])
    if (rid !== undefined && !uuid.test(rid)) return 'invalid uuid format'
    // Who may ping is known: only now the body is read.
    const body = await readPingBody(request.raw)
    const { target, isNew } = await targets.make(found)
    const reading = readPingEnd(target.set.tool, path, body, context.redact)
    const ping = { ...path, rid: rid?.toLowerCase() ?? null, body, reading, source: targets.sourceOf(request) }
    await recordPing(context, target, ping, context.clock())
    return isNew ? 'Created' : 'OK'
  }
}

function answerFailure(
  app: FastifyInstance,
  failure: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (isAppError(failure, 'not-found')) return send(reply, 'not found')
  if (isAppError(failure, 'conflict')) return send(reply, 'ambiguous slug')
  if (failure instanceof TooManyRequests) {
    return send(reply.header('retry-after', failure.retryAfterSeconds), 'too many requests')
  }
  // A caller that went away before it had sent everything gets no answer, and is nobody's fault.
  if (!request.raw.readableAborted) app.log.error({ err: failure, request_id: request.id }, 'a ping failed')
  if (!isAppError(failure, 'unavailable')) return send(reply, 'server error')
  return send(reply.header('retry-after', '5'), 'temporarily unavailable')
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  const status = answers[answer]
  if (status < 300) reply.header('access-control-allow-origin', '*').header('ping-body-limit', String(pingBodyLimit))
  return reply.code(status).headers(neverCached).send(answer)
}
