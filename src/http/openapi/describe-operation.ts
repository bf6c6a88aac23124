import type { TSchema } from 'typebox'
import { compileCsvWriter } from '../../wire/csv.ts'
import { exampleOf } from '../../wire/examples.ts'
import { ListOf } from '../../wire/list.ts'
import { parametersOf } from '../add-operation.ts'
import type { DescribedOperation, RequestBody } from '../operation.ts'
import { inBothFormats } from './examples.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { refusalsOf } from './refusals.ts'
import type { Json, NamedSchemas } from './schemas.ts'

/** What the names in paths stand for, with an example. */
const pathParameters: Record<string, { description: string; example: string }> = {
  username: { description: 'The username of the account or partner.', example: 'acme' },
  computer_id: { description: 'The id of the computer within its account, such as 0000.', example: '0000' },
  name: { description: 'The name of the backup set.', example: 'Documents' },
  action_id: { description: 'The number of the run.', example: '1204' },
  email_id: { description: 'The number of the notification address.', example: '3' },
  user: { description: 'The username of the person.', example: 'jordan' },
  known_name: { description: 'A username, or 0 for the caller’s own.', example: '0' },
}

/** The description of one operation (OpenAPI 3.1, "Operation Object"). */
export function describeOperation(operation: DescribedOperation, schemas: NamedSchemas): Json {
  const { id, tag, scope, summary, description, body } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: scope === 'any' ? [{ oauth: [] }, { agentKey: [] }] : [{ oauth: [scope] }, ...keyFor(scope)],
    parameters: [...describePath(operation), ...describeQuery(operation), ...describeHeaders(operation)],
    ...(body && { requestBody: describeBody(body, schemas) }),
    responses: { ...withRateLimit(describeAnswer(operation, schemas)), ...refusalsOf(operation) },
  }
}

/** An agent key has the scopes of computers. */
function keyFor(scope: string): Json[] {
  return scope.startsWith('computers_') ? [{ agentKey: [] }] : []
}

/** Every answer to somebody known tells what is left of the limit. */
function withRateLimit(responses: Json): Json {
  const answers = Object.entries(responses as Record<string, { headers?: Json }>)
  return Object.fromEntries(
    answers.map(([status, answer]) => [
      status,
      { ...answer, headers: { ...answer.headers, ...rateLimitHeaders.refer } },
    ]),
  )
}

function describePath({ path }: DescribedOperation): Json[] {
  return [...path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => {
    const known = pathParameters[name]
    if (known === undefined) throw new Error(`Say in pathParameters what :${name} stands for.`)
    return { name, in: 'path', required: true, ...known, schema: { type: 'string' } }
  })
}

function describeQuery(operation: DescribedOperation): Json[] {
  return Object.entries(parametersOf(operation)).map(([name, { schema, description, isRequired }]) => ({
    name,
    in: 'query',
    description,
    ...(isRequired && { required: true }),
    schema: JSON.parse(JSON.stringify(schema)) as Json,
    example: exampleOf(schema, name),
  }))
}

function describeHeaders({ method, answer, reads }: DescribedOperation): Json[] {
  const [schema, example] = [{ type: 'string' }, '"bnmfu6q1rmb9o"']
  if (reads) {
    const description = 'Change the resource only if it still has one of these entity tags.'
    return [{ name: 'If-Match', in: 'header', description, schema, example }]
  }
  if (method !== 'GET' || answer.kind === 'elsewhere') return []
  const description = 'Answer 304 if the representation still has one of these entity tags.'
  const ifNoneMatch = { name: 'If-None-Match', in: 'header', description, schema, example }
  return answer.kind === 'text' ? [ifNoneMatch, ifModifiedSince] : [ifNoneMatch]
}

function describeBody({ messages, isOptional, others }: RequestBody, schemas: NamedSchemas): Json {
  const schema = oneOf(messages, schemas)
  const raw = Object.fromEntries(
    Object.entries(others?.types ?? {}).map(([type, description]) => [
      type,
      { schema: { type: 'string', description } },
    ]),
  )
  return { required: !isOptional, content: { ...inBothFormats(schema, messages), ...raw } }
}

function describeAnswer({ answer, method }: DescribedOperation, schemas: NamedSchemas): Json {
  if (answer.kind === 'nothing') return { 204: { description: 'Done.' } }
  const location = { Location: { description: 'Where it is, absolute.', schema: { type: 'string', format: 'uri' } } }
  if (answer.kind === 'elsewhere') return { 303: { description: 'Where to look.', headers: location } }
  if (answer.kind === 'text') {
    const content = { 'text/plain': { schema: { type: 'string' }, example: 'open /srv/mail: permission denied\n' } }
    const unchanged = { 304: { description: 'It still has the entity tag, or was not modified since.' } }
    return { 200: { description: 'The text.', headers: { ...tagged, ...dated }, content }, ...unchanged }
  }
  const unchanged = method === 'GET' ? { 304: { description: 'It still has the entity tag.' } } : {}
  if (answer.kind === 'list') {
    const list = ListOf(answer.row)
    const inCsv = compileCsvWriter(answer.row)([exampleOf(answer.row)])
    const csv = { 'text/csv': { schema: { type: 'string' }, example: inCsv } }
    const content = { ...inBothFormats(schemas.refer(list), [list]), ...csv }
    return { 200: { description: 'One page of the list.', headers: tagged, content }, ...unchanged }
  }
  const content = inBothFormats(oneOf(answer.messages, schemas), answer.messages)
  const answers = answer.statuses.map(status => [
    status,
    status === 201
      ? { description: 'Made.', headers: location, content }
      : { description: 'Done.', ...(method === 'GET' && { headers: tagged }), content },
  ])
  return { ...(Object.fromEntries(answers) as Json), ...unchanged }
}

function oneOf(messages: readonly TSchema[], schemas: NamedSchemas): Json {
  const [first, ...others] = messages.map(message => schemas.refer(message))
  return first && others.length === 0 ? first : { oneOf: [first, ...others] }
}

const tagged = {
  ETag: { description: 'Another one whenever the representation is another.', schema: { type: 'string' } },
}

const ifModifiedSince = {
  name: 'If-Modified-Since',
  in: 'header',
  description: 'Answer 304 if the text was not modified after this HTTP date; ignored where If-None-Match is sent.',
  schema: { type: 'string' },
  example: 'Thu, 05 Mar 2026 15:00:00 GMT',
}
const dated = {
  'Last-Modified': {
    description: 'When the text was last received, an HTTP date; where that is known, and once that second is over.',
    schema: { type: 'string' },
  },
}
