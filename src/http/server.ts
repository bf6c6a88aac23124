import { randomBytes } from 'node:crypto'
import compress from '@fastify/compress'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { buildChecks } from '../app/checks.ts'
import { addOperations } from './add-operation.ts'
import { addAuthentication } from './authenticate.ts'
import { answerBrokenRequest } from './broken-request.ts'
import type { ServerContext } from './context.ts'
import { addErrorHandlers, refuse, toRefusal } from './errors.ts'
import { buildPingHostUrl } from './ping-host.ts'
import { addRequestLog } from './request-log.ts'
import { addBadgeRoutes } from './routes/badges.ts'
import { addCheckRoutes } from './routes/checks.ts'
import { addDashboardRoutes } from './routes/dashboard.ts'
import { addDescriptionRoutes } from './routes/description.ts'
import { addEventRoute } from './routes/events.ts'
import { addHealthRoutes } from './routes/health.ts'
import { addPingRoutes } from './routes/pings.ts'
import { operations } from './routes/index.ts'
import { buildLimits } from './rate-limits/limits.ts'
import { addReportRoutes } from './routes/reports.ts'
import { addSessionRoutes } from './routes/session.ts'
import { addTokenRoute } from './routes/tokens.ts'
import { addWebhookRoutes } from './routes/webhooks.ts'

/** A route as it was declared: what the tests of every route go through. */
export type DeclaredRoute = { method: string; path: string; scope: string | undefined }

/**
 * Builds the server on its context; it does not listen yet. `routes` is filled with every route that is declared.
 */
export async function buildServer(
  context: ServerContext,
  logger: FastifyBaseLogger | false,
  routes: DeclaredRoute[] = [],
): Promise<FastifyInstance> {
  const newRequestId = buildRequestIds()
  const app = fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all: a logger for each request would cost more than most requests do.
    childLoggerFactory: parent => parent,
    genReqId: newRequestId,
    ...(context.settings.pingHost !== null && { rewriteUrl: buildPingHostUrl(context.settings) }),
    clientErrorHandler: (failure, socket) => answerBrokenRequest(failure, socket, newRequestId()),
    bodyLimit: 64 * 1024,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    // Requests that were accepted are answered even while the server stops.
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: true },
    frameworkErrors: (failure, request, reply) => {
      void refuse(request, reply, toRefusal(failure))
    },
  })
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.refusesMethod) return
    for (const name of [method].flat()) routes.push({ method: name, path: url, scope: config?.scope })
  })
  // Answers are compressed where they are sent: as a hook on every answer it would cost more than most answers do.
  await app.register(compress, {
    globalCompression: false,
    globalDecompression: true,
    threshold: 512,
    encodings: ['br', 'gzip', 'deflate'],
  })
  addRequestLog(app)
  addErrorHandlers(app)
  const limits = buildLimits(context, app.log)
  app.addHook('onClose', () => Promise.resolve(limits.stop()))
  addAuthentication(app, context, limits)
  // JSON alone is read by the framework; everything else, text too, reaches its handler as the bytes that it is.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  addHealthRoutes(app, context)
  addDescriptionRoutes(app, context)
  addTokenRoute(app, context)
  addSessionRoutes(app, context, limits)
  addEventRoute(app, context)
  if (context.dashboard !== null) await addDashboardRoutes(app, context.dashboard)
  addReportRoutes(app, context)
  await addOperations(app, context, operations)
  const checks = buildChecks(context.store, context.directory)
  await addCheckRoutes(app, context, checks)
  await addBadgeRoutes(app, context, checks)
  refuseOtherMethods(app, [...routes])
  // Behind the refusals: a ping or a webhook may have any method.
  await addPingRoutes(app, context)
  await addWebhookRoutes(app, context)
  app.addHook('preClose', done => {
    // Connections whose answers are under way would else be kept for the next request, and the end wait for it.
    app.server.keepAliveTimeout = 1
    done()
  })
  return app
}

/**
 * No route has a schema of the framework's: messages are checked and written by `wire`. Its own compilers, and the libraries that they
 * bring along, are never loaded.
 */
function noSchemas(): never {
  throw new Error('Routes have no schema: check and write what they take and answer with its message in wire/.')
}

/** Request ids that are short, and differ between processes. */
function buildRequestIds(): () => string {
  const process = randomBytes(5).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${process}-${count.toString(36)}`
  }
}

/** A path that is there answers 405 to the methods that it has not (RFC 9110, 15.5.6). */
function refuseOtherMethods(app: FastifyInstance, routes: DeclaredRoute[]): void {
  for (const path of new Set(routes.map(route => route.path))) {
    const allowed = [...new Set(routes.filter(route => route.path === path).map(route => route.method))]
    const others = app.supportedMethods.filter(method => !allowed.includes(method))
    const allow = allowed.join(', ')
    app.route({
      method: others,
      url: path,
      exposeHeadRoute: false,
      config: { refusesMethod: true },
      // Before the body is read: whatever it is, it does not matter.
      onRequest: async (request, reply) =>
        refuse(request, reply, {
          status: 405,
          error: 'method_not_allowed',
          description: `${request.method} is not possible here; there are ${allow}.`,
          headers: { allow },
        }),
      handler: () => undefined,
    })
  }
}
