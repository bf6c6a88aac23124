import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isPing } from './ping-host.ts'
import { pathOf } from './public-url.ts'
import { maskHookPath } from './webhook-request.ts'

/**
 * Writes one line for a request: at info when it was refused, at error when it failed, else at debug. Only the path is
 * written: query and headers may hold secrets. The path of a ping, a webhook or
 * a badge is one itself, and is not written.
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
          path: loggedPath(request),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
        },
        'request',
      )
    }
    done()
  })
}

// What a ping URL has, wherever it was sent: a UUID, or a ping key.
const secretSegment = /(?<=\/)(?:[0-9a-f-]{36}|[\w-]{22})(?=\/|$)/gi
// What may be a secret of any kind: keys and tokens have 22 characters and more.
const longWord = /[\w-]{22,}/g
const badge = /^\/(?:b|badge)\//

function loggedPath(request: FastifyRequest): string {
  const path = pathOf(request).split('?', 1)[0] ?? ''
  if (isPing(path)) return '/ping/…'
  const masked = maskHookPath(path)
  if (masked !== undefined) return masked
  const start = badge.exec(path)
  if (start) return `${start[0]}…`
  // A path that there is not may be that of a ping to a wrong address, or have a secret where none belongs.
  if (request.is404) return path.replaceAll(longWord, '…')
  // A check may be named by its ping URL.
  return path.startsWith('/api/') ? path.replaceAll(secretSegment, '…') : path
}

function levelOf(status: number): 'debug' | 'info' | 'error' {
  if (status >= 500) return 'error'
  return status >= 400 ? 'info' : 'debug'
}
