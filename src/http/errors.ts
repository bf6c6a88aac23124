import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { expiredToken } from '../app/directory.ts'
import { AppError, type ErrorKind } from '../domain/app-error.ts'
import { ErrorAnswer } from '../wire/error.ts'
import { compileXmlWriter } from '../wire/xml.ts'
import { json, negotiateFormat } from './formats.ts'
import { TooManyRequests } from './rate-limits/too-many-requests.ts'

/** How a request is refused: the status, a constant for programs and a sentence for people. */
export type Refusal = { status: number; error: string; description: string; headers?: Record<string, string> }

const realm = 'Lastgood'

const refusals: Record<ErrorKind, (message: string) => Omit<Refusal, 'description'>> = {
  invalid: () => ({ status: 400, error: 'invalid_request' }),
  unauthenticated: message => {
    const error = message === expiredToken ? 'expired_token' : 'invalid_token'
    return { status: 401, error, headers: { 'www-authenticate': `OAuth realm="${realm}", error="${error}"` } }
  },
  forbidden: () => ({
    status: 403,
    error: 'insufficient_scope',
    headers: { 'www-authenticate': `OAuth realm="${realm}", error="insufficient_scope"` },
  }),
  'not-found': () => ({ status: 404, error: 'not_found' }),
  conflict: () => ({ status: 409, error: 'conflict' }),
  changed: () => ({ status: 412, error: 'precondition_failed' }),
  unavailable: () => ({ status: 503, error: 'temporarily_unavailable', headers: { 'retry-after': '5' } }),
}

/** The failures of the HTTP layer itself that are the caller's to mend, by the server's own codes for them. */
const ownRefusals: Record<string, Refusal> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    error: 'content_too_large',
    description: 'The body is too large; send less at once, or only the end of the log.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    error: 'unsupported_media_type',
    description: 'The Content-Type of the body is not supported; see the documentation of this path.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: invalidBody('The body is empty, but its Content-Type says JSON.'),
  FST_ERR_CTP_INVALID_JSON_BODY: invalidBody('The body is not valid JSON.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: invalidBody('The body has not the length that Content-Length says.'),
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, error: 'uri_too_long', description: 'The path is too long.' },
  FST_ERR_BAD_URL: invalidBody('The path is not valid percent-encoded UTF-8.'),
  FST_CP_ERR_INVALID_CONTENT: invalidBody('The body cannot be decompressed as its Content-Encoding says.'),
  FST_CP_ERR_INVALID_CONTENT_ENCODING: {
    status: 415,
    error: 'unsupported_media_type',
    description: 'The Content-Encoding of the body is not supported; send it as gzip, deflate, br or as it is.',
  },
}

function invalidBody(description: string): Refusal {
  return { status: 400, error: 'invalid_request', description }
}

/** What a failure is answered with. A bug is answered without a word of what it was. */
export function toRefusal(failure: unknown): Refusal {
  if (failure instanceof AppError) return { ...refusals[failure.kind](failure.message), description: failure.message }
  if (failure instanceof TooManyRequests) {
    const headers = { 'retry-after': String(failure.retryAfterSeconds) }
    return { status: 429, error: 'too_many_requests', description: failure.message, headers }
  }
  const { code, statusCode, message } = failure as Partial<FastifyError>
  const own = ownRefusals[code ?? '']
  if (own) return own
  if (failure instanceof SyntaxError && statusCode === 400) return invalidBody('The body is not valid JSON.')
  if (typeof code === 'string' && code.startsWith('Z_')) return invalidBody('The body cannot be decompressed.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, error: 'invalid_request', description: String(message) }
  }
  return {
    status: 500,
    error: 'server_error',
    description: 'The server made a mistake; its log tells more under this request_id.',
  }
}

const writeXml = compileXmlWriter(ErrorAnswer)

/** Refuses a request, in the format that it asked for, or in JSON when there is no such format. */
export function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const format = negotiateFormat(request.headers.accept) ?? json
  const answer: ErrorAnswer = {
    error: refusal.error,
    error_description: refusal.description,
    request_id: request.id,
  }
  return reply
    .code(refusal.status)
    .headers({ ...refusal.headers, 'content-type': format.contentType, vary: 'Accept', 'cache-control': 'no-store' })
    .send(format.kind === 'json' ? JSON.stringify(answer) : writeXml(answer))
}

/** Turns every failure into an answer, and writes those of ours into the log. */
export function addErrorHandlers(app: FastifyInstance): void {
  app.setErrorHandler((failure, request, reply) => {
    const refusal = toRefusal(failure)
    if (refusal.status >= 500) app.log.error({ err: failure, request_id: request.id }, 'request failed')
    return refuse(request, reply, refusal)
  })
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, { status: 404, error: 'not_found', description: 'There is nothing at this path.' }),
  )
}
