import type { ErrorAnswer } from '../../wire/error.ts'
import type { DescribedOperation } from '../operation.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import type { Json } from './schemas.ts'

/** Why a request is refused, by status; the statuses and words of RFC 9110 and RFC 6585. */
const refusals = {
  400: ['InvalidRequest', 'Something in the request is wrong; the description says what.'],
  401: ['Unauthenticated', 'There is no token, or it is unknown or expired.'],
  403: ['InsufficientScope', 'The token lacks the scope.'],
  404: ['NotFound', 'There is no such resource, or it is none of the caller’s.'],
  406: ['NotAcceptable', 'The answer cannot be written in any format that `Accept` takes.'],
  409: ['Conflict', 'The change does not go with what is there.'],
  412: ['PreconditionFailed', 'The resource is not what `If-Match` says any more.'],
  413: ['ContentTooLarge', 'The body is too large.'],
  415: ['UnsupportedMediaType', 'The body is of a type that is not read.'],
  429: ['TooManyRequests', 'The caller asks too often; `Retry-After` says when to ask again.'],
  503: ['Unavailable', 'The database cannot be reached; `Retry-After` says when to ask again.'],
} as const

type RefusedStatus = keyof typeof refusals

/** The answers to refused requests, each under its name, as far as an operation has them. */
export function refusedResponses(operations: readonly DescribedOperation[], error: Json): Json {
  const used = new Set(operations.flatMap(operation => Object.keys(refusalsOf(operation))))
  return Object.fromEntries(
    Object.entries(refusals)
      .filter(([status]) => used.has(status))
      .map(([status, [name, description]]) => [
        name,
        { description, ...headersOf(Number(status)), content: contentOf(Number(status), error) },
      ]),
  )
}

/** The refusals that an operation may answer with, by status. */
export function refusalsOf({ scope, path, method, body, answer, reads }: DescribedOperation): Json {
  const statuses: RefusedStatus[] = [
    400,
    401,
    ...(scope === 'any' ? [] : [403 as const]),
    ...(path.includes(':') || method !== 'GET' ? [404 as const] : []),
    406,
    ...(method === 'GET' ? [] : [409 as const]),
    ...(reads ? [412 as const] : []),
    ...(body ? [413 as const, 415 as const] : []),
    429,
    503,
  ]
  const told = answer.kind === 'text' ? statuses.filter(status => status !== 406) : statuses
  return Object.fromEntries(told.map(status => [String(status), refusalOf(status)]))
}

/** Where the answer to a request that is refused with a status is described. */
export function refusalOf(status: RefusedStatus): Json {
  return { $ref: `#/components/responses/${refusals[status][0]}` }
}

/** What the error object says, by status. */
const examples: Record<number, [error: string, description: string]> = {
  400: ['invalid_request', 'order_by must be USERNAME, not "NAME".'],
  401: ['expired_token', 'The token has expired; ask for a new one.'],
  403: ['insufficient_scope', 'This needs a token with the scope computers_read.'],
  404: ['not_found', 'There is no computer 0000 of an account acme.'],
  406: ['not_acceptable', 'Answers are written as application/json or application/xml; accept one of them.'],
  409: ['conflict', 'The run_key is that of a run of another backup set.'],
  412: ['precondition_failed', 'The resource has changed; read it again.'],
  413: ['content_too_large', 'The body is too large; send less at once, or only the end of the log.'],
  415: ['unsupported_media_type', 'The Content-Type of the body is not supported; see the documentation of this path.'],
  429: ['too_many_requests', 'A client may make 6000 requests a minute; ask again in 12 seconds.'],
  503: ['temporarily_unavailable', 'The database cannot be reached at the moment.'],
} satisfies Record<RefusedStatus, [string, string]>

function contentOf(status: number, schema: Json): Json {
  const [error = '', error_description = ''] = examples[status] ?? []
  const example: ErrorAnswer = { error, error_description, request_id: 'c1d1c975ad-w' }
  return {
    'application/json': { schema, example },
    'application/xml': { schema, example },
  }
}

function headersOf(status: number): Json {
  if (status === 401 || status === 403) return { headers: { 'WWW-Authenticate': ofText } }
  const retryAfter = { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer', minimum: 0 } } }
  if (status === 429) return { headers: { ...retryAfter, ...rateLimitHeaders.refer } }
  if (status === 503) return { headers: retryAfter }
  return {}
}

const ofText = { schema: { type: 'string' } }
