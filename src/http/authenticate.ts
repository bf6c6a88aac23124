import type { FastifyInstance } from 'fastify'
import { AppError } from '../domain/app-error.ts'
import type { ServerContext } from './context.ts'
import { refuse } from './errors.ts'
import { json, negotiateFormat, negotiateListFormat } from './formats.ts'

// RFC 6750, 2.1, with the vendor's scheme beside it and in any letter case (RFC 9110, 11.1).
const authorization = /^(?:OAuth|Bearer) +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * What happens before every handler: the format of the answer is agreed upon, and on routes with a scope the caller is
 * known and may call. Who may see what is for the handler to say.
 */
export function addAuthentication(app: FastifyInstance, { store, directory, clock }: ServerContext): void {
  app.decorateRequest('format')
  app.decorateRequest('treeVersion', 0)
  app.decorateRequest('bearer')

  app.addHook('onRequest', async (request, reply) => {
    const { scope, answersText, answersLists } = request.routeOptions.config
    if (scope !== undefined) {
      const version = store.treeVersion()
      request.treeVersion = typeof version === 'number' ? version : await version
      const secret = readAuthorization(request.headers.authorization)
      request.bearer = await directory.authenticate(request.treeVersion, secret, clock())
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
}

function readAuthorization(header: string | undefined): string {
  const secret = authorization.exec(header ?? '')?.[1]
  if (secret !== undefined) return secret
  throw new AppError(
    'unauthenticated',
    header === undefined
      ? 'A token is needed: send it as "Authorization: OAuth <token>".'
      : 'The Authorization header must read "OAuth <token>" or "Bearer <token>".',
  )
}
