import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { AppError } from '../domain/app-error.ts'
import { buildCheck } from './check.ts'
import { Constant, Count } from './schema.ts'

const Note = Type.Object(
  {
    text: Type.String({ maxLength: 5 }),
    colour: Type.Optional(Constant(['RED', 'BLUE'])),
    count: Type.Optional(Count()),
    lines: Type.Optional(
      Type.Array(Type.Object({ number: Count() }, { additionalProperties: false }), { maxItems: 2 }),
    ),
  },
  { additionalProperties: false },
)
const check = buildCheck(Note, 'The note')

test('a value that fits is answered as it is', () => {
  const note = { text: 'a', colour: 'RED', lines: [{ number: 0 }] }
  expect(check(note)).toBe(note)
})

test.each<[string, unknown, string]>([
  ['another kind of value', 'text', 'The note must be object.'],
  ['null', null, 'The note must be object.'],
  ['a list', [], 'The note must be object.'],
  ['nothing', undefined, 'The note must be object.'],
  ['a missing member', {}, 'text is missing.'],
  ['a missing member inside', { text: '', lines: [{ number: 1 }, {}] }, 'lines.1.number is missing.'],
  ['an unknown member', { text: '', size: 1 }, 'size is not a known member; known are text, colour, count, lines.'],
  [
    'several unknown members',
    { text: '', a: 1, b: 2, c: 3 },
    'a is not a known member; known are text, colour, count, lines.',
  ],
  ['an unknown member inside', { text: '', lines: [{ number: 1, x: 1 }] }, 'lines.0.x is not a known member.'],
  [
    'a name with slashes and tildes',
    { text: '', 'a/b~c': 1 },
    'a/b~c is not a known member; known are text, colour, count, lines.',
  ],
  ['a constant that there is not', { text: '', colour: 'GREEN' }, 'colour must be one of RED, BLUE.'],
  ['a text that is too long', { text: '123456' }, 'text must not have more than 5 characters.'],
  [
    'a list that is too long',
    { text: '', lines: [{ number: 1 }, { number: 1 }, { number: 1 }] },
    'lines must not have more than 2 items.',
  ],
  ['half a count', { text: '', count: 0.5 }, 'count must be integer.'],
  ['a count below zero', { text: '', count: -1 }, 'count must be >= 0.'],
  ['a count that JSON cannot tell from another', { text: '', count: 2 ** 53 }, 'count must be <= 9007199254740991.'],
])('%s is named', (_, value, message) => {
  expect(() => check(value)).toThrow(new AppError('invalid', message))
})

test('names that somebody sent are repeated only in part, and one of them', () => {
  const value = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}${'x'.repeat(1_000)}`, 1]))
  expect(() => check({ text: '', ...value })).toThrow(/^0x{79} is not a known member; known are .{1,40}\.$/)
})
