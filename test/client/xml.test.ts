import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { readAnswer, writeBody } from '../../src/client/xml-messages.ts'
import { describedOperations } from '../../src/http/routes/description.ts'
import { ListOf } from '../../src/wire/list.ts'
import { compileXmlReader } from '../../src/wire/xml-reader.ts'
import { compileXmlWriter, xmlArrayStyles } from '../../src/wire/xml.ts'

type Described = {
  type?: string | string[]
  enum?: string[]
  minimum?: number
  maximum?: number
  properties?: Record<string, TSchema>
  patternProperties?: Record<string, TSchema>
  required?: string[]
  items?: TSchema
}

/** What XML can hold at all; the writer replaces what it cannot. */
const texts = fc.string({ unit: 'binary', maxLength: 12 }).map(text =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' '),
)
const memberNames = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/)

/**
 * Any value of a schema that XML can tell from all others: an optional array is never empty, because that is not there,
 * and a text that may be null is never empty, because that is null.
 */
function valuesOf(schema: TSchema): fc.Arbitrary<unknown> {
  const { type, enum: values, properties, patternProperties, required = [], items, ...bounds } = schema as Described
  if (values) return fc.constantFrom(...values)
  if (properties) {
    const members = Object.entries(properties).map(([name, one]) => {
      const isRequired = required.includes(name)
      const value = valuesOf(one)
      const filled = isRequired ? value : value.filter(some => !Array.isArray(some) || some.length > 0)
      return [name, isRequired ? value : fc.option(filled, { nil: undefined })] as const
    })
    return fc.record(Object.fromEntries(members)).map(value => JSON.parse(JSON.stringify(value)) as unknown)
  }
  const [pattern] = Object.values(patternProperties ?? {})
  if (pattern) return fc.dictionary(memberNames, valuesOf(pattern)).map(value => ({ ...value }))
  if (items) return fc.array(valuesOf(items), { maxLength: 3 })
  const scalars = fc.oneof(...[type ?? []].flat().map(one => scalarsOf(one, bounds)))
  return type?.includes('null') ? scalars.filter(value => value !== '') : scalars
}

function scalarsOf(type: string, { minimum, maximum }: Pick<Described, 'minimum' | 'maximum'>): fc.Arbitrary<unknown> {
  if (type === 'string') return texts
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  return fc.maxSafeInteger().map(number => Math.min(Math.max(number, minimum ?? number), maximum ?? number))
}

const answers = describedOperations().flatMap(({ id, answer }) => {
  if (answer.kind === 'list') return [{ id, message: ListOf(answer.row) }]
  return answer.kind === 'message' ? answer.messages.map(message => ({ id, message })) : []
})
const bodies = describedOperations().flatMap(({ id, body }) =>
  (body?.messages ?? []).map(message => ({ id, message, messages: body?.messages ?? [] })),
)

describe.each(xmlArrayStyles)('with condition types as %s', style => {
  test.each(answers)('$id answers the same value in XML as in JSON', ({ id, message }) => {
    const write = compileXmlWriter(message, style)
    fc.assert(
      fc.property(valuesOf(message), value => {
        expect(readAnswer(id, write(value))).toEqual(value)
      }),
      { numRuns: 50 },
    )
  })
})

test.each(bodies)('$id takes the same value in XML as in JSON', ({ id, message, messages }) => {
  const read = compileXmlReader(...messages)
  fc.assert(
    fc.property(valuesOf(message), value => {
      expect(read(writeBody(id, value))).toEqual(withoutEmptyArrays(value))
    }),
    { numRuns: 100 },
  )
})

/** An array without items is no element at all, and not there for the reader of the server. */
function withoutEmptyArrays(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !Array.isArray(one) || one.length > 0))
}

test('a value that no message of the operation holds is not written', () => {
  expect(() => writeBody('recordRun', { erors: 1 })).toThrow(TypeError)
  expect(() => writeBody('recordRun', 'done')).toThrow(TypeError)
  expect(() => writeBody('backtestBackupSet', { policy: { 'a b': 'WARNING' } })).toThrow('"a b" cannot be the name')
})

test('what a newer server says besides is left out', () => {
  const text = '<list page="1" page_size="0" count="0" total="9"><link rel="first" href="x" title="y"/><news/></list>'
  const links = [{ rel: 'first', href: 'x' }]
  expect(readAnswer('getBackupStatus', text)).toEqual({ page: 1, page_size: 0, count: 0, links, list: [] })
})
