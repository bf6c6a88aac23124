import type { LightMyRequestResponse } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, expect, test } from 'vitest'
import { xmlOf } from '../../src/wire/schema.ts'
import { compileXmlReader } from '../../src/wire/xml-reader.ts'
import { aToken } from '../support/builders.ts'
import { openDescribedServer } from './a-tree.ts'
import { buildAsk } from './ask.ts'
import { alternatives, type Described, described, isRecord } from './described.ts'

const { server, aTree, close } = await openDescribedServer()
afterAll(close)

test.each(described)('%s answers as it is described, in JSON and in XML', async (_, operation) => {
  const tree = await aTree()
  const isReading = operation.operation.method === 'GET'
  const ask = await buildAsk(server, operation, tree)
  // What changes something is done to another tree the second time.
  const askAgain = isReading ? ask : await buildAsk(server, operation, await aTree())
  const [json, xml] = [await ask({ format: 'json' }), await askAgain({ format: 'xml' })]
  const [value, valueInXml] = [readAnswer(operation, json), readAnswer(operation, xml)]
  expect(xml.statusCode).toBe(json.statusCode)
  if (isReading) expect(valueInXml).toEqual(value)
})

const made = described.filter(([, { responses }]) => '201' in responses)

test.each(made)('%s answers where that is which was made', async (_, operation) => {
  const answer = await (await buildAsk(server, operation, await aTree()))()
  expect(answer.statusCode).toBe(201)
  const { location } = answer.headers
  if (location === undefined) return
  const found = await server.get(location.replace('https://backup.example.net', ''), {
    token: await aToken(server),
  })
  expect([found.statusCode, found.json()]).toEqual([200, answer.json()])
})

const tagged = described.filter(([, { responses }]) => '304' in responses)

test.each(tagged)('%s saves its answer to whoever has it', async (_, operation) => {
  const ask = await buildAsk(server, operation, await aTree())
  const tag = String((await ask()).headers['etag'])
  const again = await ask({ headers: { 'if-none-match': tag } })
  expect([again.statusCode, again.body]).toEqual([304, ''])
})

const lists = described.filter(([, { responses }]) => responses['200']?.content?.['text/csv'])

test.each(lists)('%s is CSV as well', async (_, operation) => {
  const answer = await (await buildAsk(server, operation, await aTree()))({ headers: { accept: 'text/csv' } })
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
})

/** What an answer says; it is one that is described, of a type that is described, and nothing is in it that is not. */
function readAnswer({ responses }: Described, answer: LightMyRequestResponse): unknown {
  const response = responses[String(answer.statusCode)]
  expect([answer.statusCode < 400, response !== undefined, answer.body]).toEqual([true, true, answer.body])
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';')
  if (!response?.content) {
    expect([type, answer.body]).toEqual(['', ''])
    return undefined
  }
  const schema = response.content[type]?.schema
  expect([type, schema !== undefined]).toEqual([type, true])
  if (!schema || type === 'text/plain') return answer.body
  const fitting = alternatives(schema).map(closed)
  const value = type === 'application/xml' ? readXml(alternatives(schema), answer.body) : answer.json<unknown>()
  const problems = fitting.map(one => Compile(one).Errors(value))
  expect(problems.some(some => some.length === 0) ? [] : problems).toEqual([])
  return value
}

function readXml(schemas: TSchema[], text: string): unknown {
  const [, root] = /<([a-z_]+)[ />]/.exec(text) ?? []
  const schema = schemas.find(one => xmlOf(one).name === root)
  expect([root, schema !== undefined]).toEqual([root, true])
  return schema && withEmptyArrays(schema, compileXmlReader(schema)(text))
}

type Keywords = { properties?: Record<string, TSchema>; items?: TSchema; additionalProperties?: unknown }

/** XML has no place for an array without items. */
function withEmptyArrays(schema: TSchema, value: unknown): unknown {
  const { properties, items } = schema as Keywords
  if (items && Array.isArray(value)) return value.map(item => withEmptyArrays(items, item))
  if (!properties || !isRecord(value)) return value
  const { required } = schema as { required?: string[] }
  const filled = Object.entries(properties).flatMap(([name, member]) => {
    const isMissing = !(name in value) && 'items' in member && required?.includes(name)
    if (isMissing) return [[name, []]]
    return name in value ? [[name, withEmptyArrays(member, value[name])]] : []
  })
  return { ...value, ...Object.fromEntries(filled) }
}

/** The schema without room for members that it does not name. */
function closed(schema: TSchema): TSchema {
  const { properties, items, additionalProperties = false } = schema as Keywords
  if (items) return { ...schema, items: closed(items) }
  if (!properties) return schema
  const members = Object.entries(properties).map(([name, member]) => [name, closed(member)])
  return { ...schema, properties: Object.fromEntries(members), additionalProperties }
}
