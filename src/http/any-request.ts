import { METHODS } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** The framework reads no body, whatever its type says: curl calls a log a form unless it is told otherwise. */
export function takeAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _body, done) => done(null))
  scope.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream'
    done()
  })
}

/** Every method that an HTTP server here can be sent; CONNECT never reaches a handler. */
export function takeAnyMethod(scope: FastifyInstance): string[] {
  const methods = METHODS.filter(method => method !== 'CONNECT')
  for (const method of methods.filter(name => !scope.supportedMethods.includes(name))) {
    scope.addHttpMethod(method, { hasBody: true })
  }
  return methods
}

/** Of a repeated parameter the last. */
export function lastOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.at(-1) : value
}
