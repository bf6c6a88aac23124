import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { toRefusal } from './errors.ts'

// As Healthchecks answers pages of other sites (its source, `hc/api/decorators.py`), for ten minutes at a time.
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'X-Api-Key',
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-max-age': '600',
}

/**
 * Lets pages of any site read the routes of a scope: there are no cookies, so that nothing is read that the page has no key
 * for. What is refused is told in the words of Healthchecks, `{"error":"…"}`. `app` writes down what failed.
 */
export function openToPages(scope: FastifyInstance, app: FastifyInstance): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(corsHeaders)
    done()
  })
  scope.setErrorHandler((failure, request, reply) => {
    const { status, description, headers } = toRefusal(failure)
    if (status >= 500) app.log.error({ err: failure, request_id: request.id }, 'request failed')
    const retryAfter = headers?.['retry-after']
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter)
    return refuseInWords(reply, status, description)
  })
}

/** Adds the answer to a browser that asks whether a page may read `url`. */
export function addPreflight(scope: FastifyInstance, url: string): void {
  scope.options(url, (_request, reply) => reply.code(204).send())
}

/** Refuses a request in the words of Healthchecks. */
export function refuseInWords(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .send(JSON.stringify({ error }))
}

/** The last value of a query parameter, which is the one that counts for Django; undefined where it is missing or empty. */
export function lastParameter({ query }: FastifyRequest, name: string): string | undefined {
  const value = allParameters(query, name).at(-1)
  return value === '' ? undefined : value
}

/** Every value of a query parameter. */
export function allParameters(query: unknown, name: string): string[] {
  const value = (query as Record<string, string | string[] | undefined>)[name]
  return value === undefined ? [] : [value].flat()
}
