import { METHODS } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { buildPingDirectory, type PingTarget } from '../../app/ping-directory.ts'
import { addPingedSet, recordPing } from '../../app/record-ping.ts'
import type { BackupSet, Computer } from '../../domain/tree.ts'
import { isAppError } from '../../domain/app-error.ts'
import type { ServerContext } from '../context.ts'
import { pingBodyLimit, readPingBody } from '../ping-body.ts'
import { pingPrefix } from '../ping-host.ts'
import { type PingPath, type PingPathFault, readPingPath } from '../ping-path.ts'
import { readPingEnd } from '../ping-reading.ts'
import { buildCaller, pathOf } from '../public-url.ts'

/** Every answer to a ping, in the words of the protocol. */
const answers = {
  OK: 200,
  Created: 201,
  'invalid url format': 400,
  'invalid uuid format': 400,
  'not found': 404,
  'ambiguous slug': 409,
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

/** What a ping is for: a set that is there, or one that it may make. */
type Found = PingTarget | { computer: Computer; newSlug: string }

const longestUserAgent = 200
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The ping protocol of Healthchecks, by any method: `/ping/<uuid>` and `/ping/<ping key>/<slug>`, with `/start`, `/fail`,
 * `/log` or an exit status behind it. The URL is the secret, so that no token is asked for.
 */
export async function addPingRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  const { store, directory, clock, settings, redact } = context
  const pings = buildPingDirectory(store, directory)
  const callerOf = buildCaller(settings.trustedProxies)

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
    const found = await find(path, lastOf(query['create']) === '1')
    if (typeof found === 'string') return found
    if (path.exitStatus !== null && path.exitStatus > 255) return 'invalid url format'
    const rid = lastOf(query['rid'])
    if (rid !== undefined && !uuid.test(rid)) return 'invalid uuid format'
    // Who may ping is known: only now the body is read.
    const body = await readPingBody(request.raw)
    const { target, isNew } = 'set' in found ? { target: found, isNew: false } : await addSet(found)
    const reading = readPingEnd(target.set.tool, path, body, redact)
    const ping = { ...path, rid: rid?.toLowerCase() ?? null, body, reading, source: sourceOf(request) }
    await recordPing(context, target, ping, clock())
    return isNew ? 'Created' : 'OK'
  }

  async function find(path: PingPath, mayCreate: boolean): Promise<Found | PingPathFault | 'ambiguous slug'> {
    const version = await store.treeVersion()
    if (path.form === 'id') return (await pings.findByPingId(version, path.pingId, clock())) ?? 'not found'
    const computer = await pings.findByPingKey(version, path.pingKey)
    if (!computer) return 'not found'
    const [set, other] = await pings.findBySlug(version, computer, path.slug)
    if (other) return 'ambiguous slug'
    if (set) return { computer, set }
    return mayCreate && computer.acceptsNewSets ? { computer, newSlug: path.slug } : 'not found'
  }

  async function addSet({ computer, newSlug }: { computer: Computer; newSlug: string }) {
    const { set, isNew }: { set: BackupSet; isNew: boolean } = await addPingedSet(store, computer, newSlug, clock())
    return { target: { computer, set }, isNew }
  }

  function sourceOf({ method, headers, raw }: PingRequest) {
    const { proto, address } = callerOf(raw)
    const userAgent = (headers['user-agent'] ?? '').slice(0, longestUserAgent).toWellFormed().replaceAll('\0', '')
    return { method, scheme: proto, remoteAddress: address, userAgent }
  }
}

/** The framework reads no body, whatever its type says: curl calls a log a form unless it is told otherwise. */
function takeAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _body, done) => done(null))
  scope.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream'
    done()
  })
}

/** Every method that an HTTP server here can be sent; CONNECT never reaches a handler. */
function takeAnyMethod(scope: FastifyInstance): string[] {
  const methods = METHODS.filter(method => method !== 'CONNECT')
  for (const method of methods.filter(name => !scope.supportedMethods.includes(name))) {
    scope.addHttpMethod(method, { hasBody: true })
  }
  return methods
}

function answerFailure(
  app: FastifyInstance,
  failure: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (isAppError(failure, 'not-found')) return send(reply, 'not found')
  if (isAppError(failure, 'conflict')) return send(reply, 'ambiguous slug')
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

/** Of a repeated parameter the last counts, as it does for Healthchecks. */
function lastOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.at(-1) : value
}
