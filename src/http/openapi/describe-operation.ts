import type { TSchema } from 'typebox'
import { ListOf } from '../../wire/list.ts'
import { parametersOf } from '../add-operation.ts'
import type { DescribedOperation, RequestBody } from '../operation.ts'
import { refusalsOf } from './refusals.ts'
import type { Json, NamedSchemas } from './schemas.ts'

/** What the names in paths stand for. */
const pathParameters: Record<string, string> = {
  username: 'The username of the account or partner.',
  computer_id: 'The id of the computer within its account, such as 0000.',
  name: 'The name of the backup set.',
  action_id: 'The number of the run.',
  email_id: 'The number of the notification address.',
  user: 'The username of the person.',
  known_name: 'A username, or 0 for the caller’s own.',
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
    responses: { ...describeAnswer(operation, schemas), ...refusalsOf(operation) },
  }
}

/** An agent key has the scopes of computers. */
function keyFor(scope: string): Json[] {
  return scope.startsWith('computers_') ? [{ agentKey: [] }] : []
}

function describePath({ path }: DescribedOperation): Json[] {
  return [...path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => {
    const description = pathParameters[name]
    if (description === undefined) throw new Error(`Say in pathParameters what :${name} stands for.`)
    return { name, in: 'path', required: true, description, schema: { type: 'string' } }
  })
}

function describeQuery(operation: DescribedOperation): Json[] {
  return Object.entries(parametersOf(operation)).map(([name, { schema, description, isRequired }]) => ({
    name,
    in: 'query',
    description,
    ...(isRequired && { required: true }),
    schema: JSON.parse(JSON.stringify(schema)) as Json,
  }))
}

function describeHeaders({ method, answer, reads }: DescribedOperation): Json[] {
  const tag = { type: 'string' }
  if (reads) {
    const description = 'Change the resource only if it still has one of these entity tags.'
    return [{ name: 'If-Match', in: 'header', description, schema: tag }]
  }
  if (method !== 'GET' || answer.kind === 'elsewhere') return []
  const description = 'Answer 304 if the representation still has one of these entity tags.'
  return [{ name: 'If-None-Match', in: 'header', description, schema: tag }]
}

function describeBody({ messages, isOptional, others }: RequestBody, schemas: NamedSchemas): Json {
  const schema = oneOf(messages, schemas)
  const raw = Object.fromEntries(
    Object.entries(others?.types ?? {}).map(([type, description]) => [
      type,
      { schema: { type: 'string', description } },
    ]),
  )
  const content = { 'application/json': { schema }, 'application/xml': { schema }, ...raw }
  return { required: !isOptional, content }
}

function describeAnswer({ answer, method }: DescribedOperation, schemas: NamedSchemas): Json {
  if (answer.kind === 'nothing') return { 204: { description: 'Done.' } }
  const location = { Location: { description: 'Where it is, absolute.', schema: { type: 'string', format: 'uri' } } }
  if (answer.kind === 'elsewhere') return { 303: { description: 'Where to look.', headers: location } }
  if (answer.kind === 'text') {
    return { 200: { description: 'The text.', content: { 'text/plain': { schema: { type: 'string' } } } } }
  }
  const unchanged = method === 'GET' ? { 304: { description: 'It still has the entity tag.' } } : {}
  if (answer.kind === 'list') {
    const schema = schemas.refer(ListOf(answer.row))
    const content = { ...inBoth(schema), 'text/csv': { schema: { type: 'string' } } }
    return { 200: { description: 'One page of the list.', headers: tagged, content }, ...unchanged }
  }
  const schema = oneOf(answer.messages, schemas)
  const answers = answer.statuses.map(status => [
    status,
    status === 201
      ? { description: 'Made.', headers: location, content: inBoth(schema) }
      : { description: 'Done.', ...(method === 'GET' && { headers: tagged }), content: inBoth(schema) },
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

const inBoth = (schema: Json) => ({ 'application/json': { schema }, 'application/xml': { schema } })
