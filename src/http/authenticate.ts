import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FoundBearer } from '../app/ports.ts'
import { AppError, isAppError } from '../domain/app-error.ts'
import type { ServerContext } from './context.ts'
import { refuse } from './errors.ts'
import { json, negotiateFormat, negotiateListFormat } from './formats.ts'
import { buildPublicUrl } from './public-url.ts'
import { type Limits, wrongSecretWeight } from './rate-limits/limits.ts'
import { assertOwnPage, buildSessionCookie } from './session-cookie.ts'

// RFC 6750, 2.1, with the vendor's scheme beside it and in any letter case (RFC 9110, 11.1).
const authorization = /^(?:OAuth|Bearer) +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * What happens before every handler: the format of the answer is agreed upon, and on routes with a scope the caller is
 * known and may call. Who may see what is for the handler to say.
 */
export function addAuthentication(
  app: FastifyInstance,
  { store, directory, clock, settings }: ServerContext,
  limits: Limits,
): void {
  const publicUrl = buildPublicUrl(settings)
  const cookie = buildSessionCookie(publicUrl)
  app.decorateRequest('format')
  app.decorateRequest('treeVersion', 0)
  app.decorateRequest('bearer')

  app.addHook('onRequest', async (request, reply) => {
    const { scope, answersText, answersLists, isUnlimited } = request.routeOptions.config
    if (scope === undefined) {
      if (!isUnlimited) limits.countAddress(request)
    } else {
      const version = store.treeVersion()
      request.treeVersion = typeof version === 'number' ? version : await version
      request.bearer = await findBearer(request)
      limits.countPrincipal(request.bearer, reply)
      if (scope !== 'any' && !request.bearer.scopes.includes(scope)) {
        throw new AppError('forbidden', `This needs a token with the scope ${scope}.`)
      }
    }
    const negotiate = answersLists ? negotiateListFormat : negotiateFormat
    const format = negotiate(request.headers.accept)
    if (!format && scope !== undefined && !answersText) {
      return refuse(request, reply, {
        status: 406,
        error: 'not_acceptable',
        description: `Answers are written as application/json or application/xml${answersLists ? ', lists also as text/csv' : ''}; accept one of them.`,
      })
    }
    request.format = format ?? json
    return undefined
  })

  // What was asked of a route that is open to everybody is a wrong secret only once the route has looked.
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const { scope, wrongSecret = [401, 404] } = request.routeOptions.config
    // The request itself has been counted.
    if (scope === undefined && wrongSecret.includes(statusCode)) limits.countWrongSecret(request, wrongSecretWeight - 1)
    done()
  })

  /** What a browser shows that somebody has signed in with, where there is no token. */
  function readSession(request: FastifyRequest): string | undefined {
    if (request.headers.authorization !== undefined) return undefined
    const secret = cookie.read(request)
    if (secret !== undefined) assertOwnPage(request, publicUrl(request))
    return secret
  }

  async function findBearer(request: FastifyRequest): Promise<FoundBearer> {
    const { treeVersion, headers } = request
    const secret = readAuthorization(headers.authorization) ?? readSession(request)
    limits.refuseExhausted(request, () => secret !== undefined && directory.remembers(treeVersion, secret))
    try {
      if (secret === undefined) throw new AppError('unauthenticated', noSecret(headers.authorization))
      return await directory.authenticate(treeVersion, secret, clock())
    } catch (failure) {
      if (isAppError(failure, 'unauthenticated')) limits.countWrongSecret(request)
      throw failure
    }
  }
}

function readAuthorization(header: string | undefined): string | undefined {
  return authorization.exec(header ?? '')?.[1]
}

function noSecret(header: string | undefined): string {
  return header === undefined
    ? 'A token is needed: send it as "Authorization: OAuth <token>".'
    : 'The Authorization header must read "OAuth <token>" or "Bearer <token>".'
}
