import type { FastifyInstance } from 'fastify'

/**
 * Writes one line for a request: at info when it was refused, at error when it failed, else at debug. Only the path is
 * written: query and headers may hold secrets.
 */
export function addRequestLog(app: FastifyInstance): void {
  const { log } = app
  app.addHook('onResponse', (request, reply, done) => {
    const level = levelOf(reply.statusCode)
    // The line of a good request is not even put together unless somebody wants it.
    if (level !== 'debug' || log.level === 'debug' || log.level === 'trace') {
      log[level](
        {
          request_id: request.id,
          method: request.method,
          path: request.url.split('?', 1)[0],
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
        },
        'request',
      )
    }
    done()
  })
}

function levelOf(status: number): 'debug' | 'info' | 'error' {
  if (status >= 500) return 'error'
  return status >= 400 ? 'info' : 'debug'
}
