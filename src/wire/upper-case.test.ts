import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { Constant } from './schema.ts'
import { compileUpperCase } from './upper-case.ts'

const Message = Type.Object({
  status: Type.Optional(Constant(['ACTIVE', 'TEST'])),
  name: Type.String(),
  types: Type.Array(Constant(['FILE', 'SQL'])),
  every: Type.Object({ factor: Constant(['HOUR', 'DAY']) }),
  rel: Constant(['self']),
})
const toUpperCase = compileUpperCase(Message)

test('constants are in upper case, wherever they are, and nothing else', () => {
  const message = { status: 'Active', name: 'active', types: ['file', 'SQL'], every: { factor: 'day' }, rel: 'self' }
  expect(toUpperCase(message)).toEqual({
    ...message,
    status: 'ACTIVE',
    types: ['FILE', 'SQL'],
    every: { factor: 'DAY' },
  })
  expect(message.status).toBe('Active')
})

test.each([[null], ['text'], [[1]], [{ status: 1, types: 'file', every: null }], [{}]])('%j stays as it is', value => {
  expect(toUpperCase(value)).toEqual(value)
})

test('a message without constants stays the very same', () => {
  const value = { a: 1 }
  expect(compileUpperCase(Type.Object({ a: Type.Integer() }))(value)).toBe(value)
})
