import { expect, test } from 'vitest'
import { checkIfMatch, namesTag, toEntityTag } from './entity-tag.ts'

const tag = toEntityTag('one')

test('the tag of other bytes is another one, that of the same bytes the same', () => {
  expect(tag).toMatch(/^"[\w-]{27}"$/)
  expect(toEntityTag('one')).toBe(tag)
  expect(toEntityTag('two')).not.toBe(tag)
})

test.each([
  ['itself', tag, true],
  ['its weak form', `W/${tag}`, true],
  ['it among others', `"a", W/"b,c" , ${tag}`, true],
  ['any', ' * ', true],
  ['others', '"a", "b"', false],
  ['nothing', '', false],
  ['it without quotes', tag.slice(1, -1), false],
])('If-None-Match with %s', (_, field, names) => {
  expect(namesTag(field, tag)).toBe(names)
})

test.each([undefined, '*', tag, `"a", ${tag}`, `W/${tag}`])('If-Match %j lets a change through', field => {
  expect(() => checkIfMatch(field, ['"other"', tag])).not.toThrow()
})

test.each(['', '"a"', 'W/"a"', 'a'])('If-Match %j does not', field => {
  expect(() => checkIfMatch(field, [tag])).toThrow(expect.objectContaining({ kind: 'changed' }))
})
