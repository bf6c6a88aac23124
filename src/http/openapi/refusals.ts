import type { DescribedOperation } from '../operation.ts'
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
  const content = { 'application/json': { schema: error }, 'application/xml': { schema: error } }
  return Object.fromEntries(
    Object.entries(refusals)
      .filter(([status]) => used.has(status))
      .map(([status, [name, description]]) => [name, { description, ...headersOf(Number(status)), content }]),
  )
}

/** The refusals that an operation may answer with, by status. */
export function refusalsOf({ scope, path, method, body, answer, reads }: DescribedOperation): Json {
  const statuses: RefusedStatus[] = [
    400,
    401,
    ...(scope === 'any' ? [] : [403 as const]),
    ...(path.includes(':') ? [404 as const] : []),
    406,
    ...(method === 'GET' ? [] : [409 as const]),
    ...(reads ? [412 as const] : []),
    ...(body ? [413 as const, 415 as const] : []),
    429,
    503,
  ]
  const told = answer.kind === 'text' ? statuses.filter(status => status !== 406) : statuses
  return Object.fromEntries(
    told.map(status => [String(status), { $ref: `#/components/responses/${refusals[status][0]}` }]),
  )
}

function headersOf(status: number): Json {
  if (status === 401 || status === 403) return { headers: { 'WWW-Authenticate': ofText } }
  if (status === 429 || status === 503)
    return { headers: { 'Retry-After': { schema: { type: 'integer', minimum: 0 } } } }
  return {}
}

const ofText = { schema: { type: 'string' } }
