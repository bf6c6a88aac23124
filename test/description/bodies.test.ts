import { afterAll, expect, test } from 'vitest'
import type { TSchema } from 'typebox'
import { xmlOf } from '../../src/wire/schema.ts'
import { minimalBody, openDescribedServer } from './a-tree.ts'
import { buildAsk, sayingOf } from './ask.ts'
import { bodiesOf, type Described, described, type ParameterSchema, typesOf } from './described.ts'

const { server, aTree, close } = await openDescribedServer()
afterAll(close)
const tree = await aTree()
const withBody = described.filter(([, operation]) => bodiesOf(operation).length > 0)

const refusals: [
  number,
  string,
  (operation: Described) => { payload: string | null; headers?: Record<string, string> },
][] = [
  [415, 'of a type that is not read', () => ({ payload: 'x', headers: { 'content-type': 'application/pdf' } })],
  [400, 'that is half a JSON document', () => ({ payload: '{"a":' })],
  [400, 'that is empty', () => ({ payload: '', headers: { 'content-type': 'application/json' } })],
  [400, 'that is a JSON array', () => ({ payload: '[]' })],
  [400, 'that is null', () => ({ payload: 'null' })],
  [400, 'that is half an XML document', () => xml('<a><b>')],
  [400, 'with another root element', () => xml('<surprise/>')],
  [400, 'with a document type', () => xml('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')],
  [413, 'that is too large', ({ operation }) => ({ payload: ' '.repeat((operation.body?.limit ?? 64 * 1024) + 1) })],
]

test.each(withBody)('%s refuses a body that it cannot read', async (_, operation) => {
  const ask = await buildAsk(server, operation, tree)
  const found: [string, number][] = []
  for (const [, what, changes] of refusals) found.push([what, (await ask(changes(operation))).statusCode])
  expect(found).toEqual(refusals.map(([status, what]) => [what, status]))
})

test.each(withBody.filter(([, { requestBody }]) => requestBody?.required))(
  '400: %s without a body',
  async (_, operation) => {
    const answer = await (await buildAsk(server, operation, tree))({ payload: null })
    expect([answer.statusCode, sayingOf(answer)]).toEqual([400, expect.stringMatching(/^.+\.$/)])
  },
)

test.each(withBody)('400: %s with a member that there is not names it', async (_, operation) => {
  const ask = await buildAsk(server, operation, tree)
  const [schema] = bodiesOf(operation)
  const body = schema && minimalBody(schema)
  const inJson = await ask({ payload: JSON.stringify({ ...body, surprise: 1 }) })
  const root = (schema && xmlOf(schema).name) ?? ''
  const inXml = await ask(xml(`<${root}><surprise>1</surprise></${root}>`))
  expect([inJson, inXml].map(answer => [answer.statusCode, sayingOf(answer)])).toEqual([
    [400, expect.stringContaining('surprise')],
    [400, expect.stringContaining('surprise')],
  ])
})

test.each(withBody)('400: %s with a member that is missing or wrong names it', async (_, operation) => {
  const ask = await buildAsk(server, operation, tree)
  const [schema] = bodiesOf(operation)
  if (!schema) return
  const body = minimalBody(schema)
  for (const [name, member, isRequired] of membersOf(schema)) {
    const wrong = wrongValues(member).map(value => ({ ...body, [name]: value }))
    const { [name]: _left, ...without } = body
    for (const payload of [...wrong, ...(isRequired ? [without] : [])]) {
      const answer = await ask({ payload: JSON.stringify(payload) })
      expect([payload, answer.statusCode, sayingOf(answer)]).toEqual([payload, 400, expect.stringContaining(name)])
    }
  }
})

test.each(withBody)('%s makes no mistake of its own with hostile texts', async (_, operation) => {
  const ask = await buildAsk(server, operation, await aTree())
  const [schema] = bodiesOf(operation)
  if (!schema) return
  const body = minimalBody(schema)
  for (const [name, member] of membersOf(schema)) {
    if (!typesOf(member).includes('string')) continue
    for (const text of [
      '\0',
      '\uD800',
      '\uFFFF',
      '\r\n',
      '__proto__',
      "'; drop table accounts; --",
      'x'.repeat(60_000),
    ]) {
      const answer = await ask({ payload: JSON.stringify({ ...body, [name]: text }) })
      expect([name, text.slice(0, 20), answer.statusCode]).toEqual([name, text.slice(0, 20), expect.any(Number)])
      expect([name, text.slice(0, 20), answer.statusCode < 500]).toEqual([name, text.slice(0, 20), true])
    }
  }
})

function xml(payload: string) {
  return { payload, headers: { 'content-type': 'application/xml' } }
}

/** The members of a body: name, schema, and whether it must be there. */
function membersOf(schema: TSchema): [string, ParameterSchema, boolean][] {
  const { properties, required } = schema as { properties?: Record<string, ParameterSchema>; required?: string[] }
  return Object.entries(properties ?? {}).map(([name, member]) => [name, member, required?.includes(name) ?? false])
}

/** Values that a member cannot have: of another type, out of its bounds, and constants that there are not. */
function wrongValues(member: ParameterSchema): unknown[] {
  const types = typesOf(member)
  const { minimum, maximum } = member
  const others = [
    { surprise: [1] },
    ...(types.includes('string') ? [7] : ['surprise']),
    ...(types.includes('null') ? [] : [null]),
  ]
  const bounds = [minimum === undefined ? [] : minimum - 1, maximum === undefined ? [] : maximum + 1].flat()
  const halves = types.includes('integer') ? [0.5, '1'] : []
  return types.length === 0 ? [] : [...others, ...bounds, ...halves, ...(member.enum ? ['NOPE'] : [])]
}
