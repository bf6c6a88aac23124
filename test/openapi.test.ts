import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Type, type TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { parametersOf } from '../src/http/add-operation.ts'
import type { DescribedOperation } from '../src/http/operation.ts'
import { buildCheck } from '../src/wire/check.ts'
import { exampleOf, examplesOf } from '../src/wire/examples.ts'
import { ListOf } from '../src/wire/list.ts'
import { ServerMetadata, TokenAnswer, TokenRefusal, TokenRequest } from '../src/wire/token.ts'
import { compileXmlReader } from '../src/wire/xml-reader.ts'
import { compileXmlWriter } from '../src/wire/xml.ts'
import { buildOpenApi } from '../src/http/openapi/document.ts'
import { describedOperations } from '../src/http/routes/description.ts'

test('the description is valid OpenAPI 3.1 under the strict rules of a linter', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    // The address is that of whoever serves it.
    // And some operations are answered with where to look, and nothing else.
    rules: { 'no-server-example.com': 'off', 'no-empty-servers': 'error', 'operation-2xx-response': 'off' },
  })
  const problems = await lintFromString({ source: JSON.stringify(buildOpenApi(describedOperations())), config })
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('every operation has a name of its own, as do schemas', () => {
  const ids = describedOperations().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

/** Every message that is described, by its title. */
function describedMessages(): [string, TSchema][] {
  const messages = describedOperations().flatMap(messagesOf)
  return messages.map(message => [(message as { title?: string }).title ?? 'a message without a title', message])
}

function messagesOf({ body, answer }: DescribedOperation): TSchema[] {
  const answered = answer.kind === 'message' ? answer.messages : answer.kind === 'list' ? [ListOf(answer.row)] : []
  return [...(body?.messages ?? []), ...answered]
}

describe('the examples of', () => {
  test.each(describedMessages())('%s fit its schema', (_, message) => {
    const check = buildCheck(message, 'The example')
    for (const example of [exampleOf(message), ...examplesOf(message)]) expect(() => check(example)).not.toThrow()
  })

  test.each(describedMessages())('%s are the same when they are written and read as XML', (_, message) => {
    for (const example of examplesOf(message)) {
      const written = compileXmlWriter(message)(example)
      expect(compileXmlReader(message)(written)).toEqual(withoutEmptyArrays(example))
    }
  })

  test.each([TokenRequest, TokenAnswer, TokenRefusal, ServerMetadata])('what needs no token fit their schemas', one => {
    for (const example of examplesOf(one)) expect(() => buildCheck(one, 'The example')(example)).not.toThrow()
  })

  const parameters = describedOperations().flatMap(operation =>
    Object.entries(parametersOf(operation)).map(([name, one]) => [operation.id, name, one] as const),
  )
  test.each(parameters)('%s: %s fit the parameter, and are taken by it', (_, name, parameter) => {
    const { schema } = parameter
    const example = exampleOf(schema, name)
    expect(() => buildCheck(schema, name)(example)).not.toThrow()
    expect(() => parameter.read(Array.isArray(example) ? example.map(String) : String(example), name)).not.toThrow()
  })

  test('a member of which there is none are missed', () => {
    expect(() => exampleOf(Type.Object({ nothing_known: Type.String() }))).toThrow('Give nothing_known an example')
  })
})

/** XML has no place for an array without items. */
function withoutEmptyArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyArrays)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => !(Array.isArray(member) && member.length === 0))
  return Object.fromEntries(members.map(([name, member]) => [name, withoutEmptyArrays(member)]))
}

test('every path that needs no token is described, but for those of other protocols', () => {
  const { paths } = buildOpenApi(describedOperations()) as { paths: Record<string, unknown> }
  expect(Object.keys(paths).filter(path => !path.startsWith('/v1/'))).toEqual([
    '/oauth2/token',
    '/openapi.json',
    '/docs',
    '/.well-known/oauth-authorization-server',
    '/healthz',
    '/readyz',
  ])
})

test('every answer tells of the limit, and every operation of what is above it', () => {
  const { paths } = buildOpenApi(describedOperations()) as {
    paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>
  }
  const ofApi = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'))
  for (const { responses } of ofApi.flatMap(([, methods]) => Object.values(methods))) {
    expect(Object.keys(responses)).toContain('429')
    const [first] = Object.values(responses)
    expect(Object.keys(first?.headers ?? {})).toEqual(expect.arrayContaining(['RateLimit-Remaining']))
  }
})
