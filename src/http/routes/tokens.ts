import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { issueToken, parseScopes } from '../../app/issue-token.ts'
import { isAppError } from '../../domain/app-error.ts'
import type { ServerContext } from '../context.ts'
import { toRefusal } from '../errors.ts'
import { TooManyRequests } from '../rate-limits/too-many-requests.ts'

// RFC 6749, 5.1.
const notKept = { 'cache-control': 'no-store', pragma: 'no-cache' }

const grants = new Set(['none', 'client_credentials'])

/** Why no token was given (RFC 6749, 5.2). */
class TokenError extends Error {
  readonly error: string

  constructor(error: string, message: string) {
    super(message)
    this.error = error
  }
}

type TokenRequest = { grant: string; clientId: string; clientSecret: string; scope: string; isBasic: boolean }

/**
 * `POST /oauth2/token`: the vendor's grant `none` (OAuth 2.0, draft 10) and `client_credentials` (RFC 6749, 4.4).
 * Its errors have the members and the format of RFC 6749, whatever the request accepts.
 */
export function addTokenRoute(app: FastifyInstance, { store, clock }: ServerContext): void {
  const options = { bodyLimit: 16 * 1024, errorHandler: refuseToken, config: { wrongSecret: [400, 401] } }
  app.post('/oauth2/token', options, async (request, reply) => {
    const { grant, clientId, clientSecret, scope } = readTokenRequest(request)
    const scopes = asTokenError('invalid_scope', () => parseScopes(scope))
    const issued = await issueToken(store, { clientId, clientSecret, scopes }, clock())
    const expiresIn = issued.expiresInMs / 1_000
    reply.headers(notKept)
    if (grant === 'none') return { access_token: issued.token, expires_in: String(expiresIn) }
    return {
      access_token: issued.token,
      token_type: 'Bearer',
      expires_in: expiresIn,
      scope: issued.scopes.join(' '),
    }
  })
}

function readTokenRequest(request: FastifyRequest): TokenRequest {
  const form = readForm(request)
  const basic = readBasic(request.headers.authorization)
  if (basic && form.has('client_secret'))
    throw new TokenError('invalid_request', 'Send the secret once: as Basic or in the body.')
  const grant = form.get('grant_type') ?? ''
  if (grant === '') throw new TokenError('invalid_request', 'grant_type is missing; send none or client_credentials.')
  if (!grants.has(grant)) {
    throw new TokenError('unsupported_grant_type', 'grant_type must be none or client_credentials.')
  }
  const clientId = basic?.clientId ?? form.get('client_id') ?? ''
  const clientSecret = basic?.clientSecret ?? form.get('client_secret') ?? ''
  if (clientId === '') throw new TokenError('invalid_request', 'client_id is missing.')
  if (clientSecret === '') throw new TokenError('invalid_request', 'client_secret is missing.')
  return { grant, clientId, clientSecret, scope: form.get('scope') ?? '', isBasic: basic !== undefined }
}

/** The fields of the body, a form or a JSON object of strings. */
function readForm({ headers, body }: FastifyRequest): URLSearchParams {
  const type = headers['content-type'] ?? ''
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type)
  if (!isForm && !/^application\/json\b/i.test(type)) {
    throw new TokenError('invalid_request', 'The body must be application/x-www-form-urlencoded.')
  }
  const form = isForm ? new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '') : ofJson(body)
  const repeated = [...form.keys()].find(name => form.getAll(name).length > 1)
  if (repeated !== undefined) throw new TokenError('invalid_request', `${repeated.slice(0, 80)} must be given once.`)
  return form
}

function ofJson(body: unknown): URLSearchParams {
  const entries = Object.entries(typeof body === 'object' && body !== null ? body : {})
  const isFields = entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (!isFields) throw new TokenError('invalid_request', 'Every member of the body must be a string.')
  return new URLSearchParams(entries)
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are put into the header. */
function readBasic(header: string | undefined): { clientId: string; clientSecret: string } | undefined {
  if (header === undefined) return undefined
  const text = Buffer.from(/^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header)?.[1] ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw new TokenError('invalid_client', 'The Authorization header must be Basic with id and secret.')
  const form = new URLSearchParams(`id=${text.slice(0, colon)}&secret=${text.slice(colon + 1)}`)
  return { clientId: form.get('id') ?? '', clientSecret: form.get('secret') ?? '' }
}

function asTokenError<Value>(error: string, read: () => Value): Value {
  try {
    return read()
  } catch (failure) {
    if (!isAppError(failure, 'invalid')) throw failure
    throw new TokenError(error, failure.message)
  }
}

function refuseToken(failure: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, error, message } = toTokenError(failure)
  if (failure instanceof TooManyRequests) reply.header('retry-after', failure.retryAfterSeconds)
  const usedHeader = request.headers.authorization !== undefined
  if (error === 'invalid_client' && usedHeader) reply.code(401).header('www-authenticate', 'Basic realm="Lastgood"')
  else reply.code(status)
  return reply.headers(notKept).send({ error, error_description: message })
}

/** What the failure is called here. One that is not the caller's is thrown on, to be answered as everywhere. */
function toTokenError(failure: unknown): { status: number; error: string; message: string } {
  if (failure instanceof TokenError) return { status: 400, error: failure.error, message: failure.message }
  const { status, error, description: message } = toRefusal(failure)
  if (isAppError(failure, 'unauthenticated')) return { status: 400, error: 'invalid_client', message }
  if (isAppError(failure, 'forbidden')) return { status: 400, error: 'invalid_scope', message }
  // RFC 6749 has no word for it.
  if (status === 429) return { status, error, message }
  if (status < 500) return { status, error: 'invalid_request', message }
  throw failure
}
