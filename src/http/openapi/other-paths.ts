import { type TSchema } from 'typebox'
import { exampleOf, examplesOf } from '../../wire/examples.ts'
import { ServerMetadata, TokenAnswer, TokenRefusal, TokenRequest } from '../../wire/token.ts'
import { refusalOf } from './refusals.ts'
import type { Json, NamedSchemas } from './schemas.ts'

/** The heading of what needs no token. */
export const serverTag = { name: 'Server', description: 'Tokens, health, and what the server says of itself.' }

/** The paths that are no operations of the API and need no token: where tokens come from, health, and the description. */
export function describeOtherPaths(schemas: NamedSchemas): Json {
  const tooMany = { 429: refusalOf(429) }
  return {
    '/oauth2/token': { post: describeToken(schemas) },
    '/openapi.json': {
      get: open('getDescription', 'This description, as OpenAPI 3.1.', {
        200: { description: 'The description.', content: { 'application/json': { schema: { type: 'object' } } } },
        ...tooMany,
      }),
    },
    '/docs': {
      get: open('getDocumentation', 'This description, as a page for people.', {
        200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } },
        ...tooMany,
      }),
    },
    '/.well-known/oauth-authorization-server': {
      get: open('getServerMetadata', 'Where tokens come from, as RFC 8414 has it.', {
        200: { description: 'The metadata.', content: json(schemas, ServerMetadata) },
        ...tooMany,
      }),
    },
    '/healthz': {
      get: open('getHealth', 'Whether the process answers.', { 200: textOf('It does.', 'ok\n'), ...broken }),
    },
    '/readyz': {
      get: open('getReadiness', 'Whether the database answers, too.', {
        200: textOf('It does.', 'ok\n'),
        503: {
          ...textOf('It does not; the text says why.', 'The database cannot be reached.\n'),
          headers: { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer', minimum: 0 } } },
        },
        ...broken,
      }),
    },
  }
}

const broken = { 400: { description: 'The request is not HTTP.' } }

function open(operationId: string, summary: string, responses: Json): Json {
  return { operationId, tags: [serverTag.name], summary, security: [], responses }
}

function describeToken(schemas: NamedSchemas): Json {
  const form = { 'application/x-www-form-urlencoded': content(schemas, TokenRequest), ...json(schemas, TokenRequest) }
  const [none, credentials] = examplesOf(TokenAnswer)
  const examples = { none: { value: none }, client_credentials: { value: credentials } }
  const refusal = (description: string, headers?: Json) => ({
    description,
    ...(headers && { headers }),
    content: json(schemas, TokenRefusal),
  })
  return {
    ...open('requestToken', 'A token for a client, by its id and secret.', {
      200: {
        description: 'The token.',
        content: { 'application/json': { schema: schemas.refer(TokenAnswer), examples } },
      },
      400: refusal('The request is wrong, or the client is not known.'),
      401: refusal('The client in the `Authorization` header is not known.', {
        'WWW-Authenticate': { schema: { type: 'string' } },
      }),
      429: refusal('Too much is asked from this address.', {
        'Retry-After': { description: 'In seconds.', schema: { type: 'integer', minimum: 0 } },
      }),
    }),
    description: 'The client may send its id and secret as HTTP Basic, too. Refusals are JSON, whatever is accepted.',
    requestBody: { required: true, content: form },
  }
}

function json(schemas: NamedSchemas, message: TSchema): Json {
  return { 'application/json': content(schemas, message) }
}

function content(schemas: NamedSchemas, message: TSchema): Json {
  return { schema: schemas.refer(message), example: exampleOf(message) }
}

function textOf(description: string, example: string): Json {
  return { description, content: { 'text/plain': { schema: { type: 'string' }, example } } }
}
