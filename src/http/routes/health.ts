import type { FastifyInstance } from 'fastify'
import { isAppError } from '../../domain/app-error.ts'
import type { ServerContext } from '../context.ts'
import { sendText } from '../send.ts'

/** `/healthz`: the process answers. `/readyz`: it can also reach its database, so that requests may be sent to it. */
export function addHealthRoutes(app: FastifyInstance, { store }: ServerContext): void {
  app.get('/healthz', { config: { isUnlimited: true } }, (_request, reply) => sendText(reply, 'ok\n'))

  app.get('/readyz', { config: { isUnlimited: true } }, async (_request, reply) => {
    try {
      await store.check()
      return sendText(reply, 'ok\n')
    } catch (failure) {
      if (!isAppError(failure, 'unavailable')) throw failure
      reply.code(503).header('retry-after', '5')
      return sendText(reply, `${failure.message}\n`)
    }
  })
}
