import { expect, test } from 'vitest'
import { printType } from '../../scripts/client/print-type.ts'
import { toShape } from '../../scripts/client/to-shape.ts'
import { writeClientOperations } from '../../scripts/client/client-files.ts'
import { elsewhere, nothing } from '../../src/http/operation.ts'
import { text } from '../../src/wire/parameters.ts'

test.each<[object, string]>([
  [{ type: 'string', pattern: 'x' }, 'string'],
  [{ type: 'integer' }, 'number'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['A', "it's", ''] }, String.raw`'A' | 'it\'s' | ''`],
  [{ const: true }, 'true'],
  [{ type: 'array', items: { enum: ['A', 'B'] } }, `('A' | 'B')[]`],
  [{ type: 'array', items: { $ref: '#/components/schemas/Row' } }, 'Row[]'],
  [{ oneOf: [{ $ref: '#/x/One' }, { type: 'null' }] }, 'One | null'],
  [{ anyOf: [{ type: 'integer' }, { type: 'number' }] }, 'number'],
  [{ type: 'object', patternProperties: { '^.*$': { type: 'boolean' } } }, '{ [name: string]: boolean }'],
  [
    {
      type: 'object',
      properties: { a: { type: 'string', description: 'Ends */ here.' }, 'b-c': { type: 'object', properties: {} } },
      required: ['a'],
    },
    `{\n  /** Ends * / here. */\n  a: string\n  'b-c'?: {\n    \n  } | undefined\n}`,
  ],
])('%j is of the type %s', (schema, type) => {
  expect(printType({ ...schema })).toBe(type)
})

test('a schema that says something else is refused', () => {
  expect(() => printType({ not: {} })).toThrow('There is no type')
})

test('of a schema XML has the names, the texts that are none, and the arrays that are always there', () => {
  const constants = { type: 'array', items: { enum: ['A'], xml: { name: 'one' } } }
  const properties = { page: { type: 'integer', xml: { attribute: true } }, ones: constants, more: constants }
  expect(toShape({ type: 'object', properties, required: ['page', 'ones'], xml: { name: 'list' } })).toEqual({
    name: 'list',
    properties: {
      page: { attribute: true, types: ['number'] },
      ones: { items: { name: 'one' } },
      more: { items: { name: 'one' } },
    },
    arrays: ['ones'],
  })
})

test('two parameters of one name are told apart by nobody', () => {
  const about = { tag: 'General', scope: 'any', summary: 'Look.' } as const
  const look = { ...about, id: 'look', method: 'GET', path: '/v1/:name', query: {}, answer: elsewhere } as const
  const written = writeClientOperations([look, { ...look, id: 'forget', method: 'DELETE', answer: nothing }])
  expect(written).toContain(`look: { method: 'GET', path: '/v1/:name', answer: 'elsewhere' }`)
  expect(written).toContain(`answer: { kind: 'nothing'; value: undefined }`)
  expect(() => writeClientOperations([{ ...look, query: { name: text('Which.') } }])).toThrow('two things called name')
})
