import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { compileCsvWriter } from './csv.ts'
import { PageLink } from './list.ts'
import { Constant, Count } from './schema.ts'

const Row = Type.Object({
  name: Type.String(),
  errors: Count(),
  isOpen: Type.Boolean(),
  types: Type.Array(Constant(['A', 'B'])),
  link: PageLink,
  links: Type.Array(PageLink),
})
const write = compileCsvWriter(Row)
const row = { name: 'Documents', errors: 0, isOpen: true, types: ['A', 'B'], link: {}, links: [{}] }

test('rows are lines under a header, without what is more than a cell', () => {
  expect(write([row, { ...row, errors: 2, isOpen: false, types: [] }])).toBe(
    'name,errors,isOpen,types\r\nDocuments,0,true,A B\r\nDocuments,2,false,\r\n',
  )
})

test('no rows are the header alone', () => {
  expect(write([])).toBe('name,errors,isOpen,types\r\n')
})

test.each([
  ['a comma', 'a,b', '"a,b"'],
  ['quotes', 'say "a"', '"say ""a"""'],
  ['a line end', 'a\r\nb', '"a\r\nb"'],
  ['nothing', '', ''],
  ['what a spreadsheet takes for a formula', '=cmd|calc', "'=cmd|calc"],
  ['a formula with a comma', '@SUM(1,2)', `"'@SUM(1,2)"`],
  ['a dash', '-x', "'-x"],
  ['a date with an offset', '2026-03-05T01:00:00-05:00', '2026-03-05T01:00:00-05:00'],
])('a text with %s', (_, name, cell) => {
  expect(write([{ ...row, name }])).toBe(`name,errors,isOpen,types\r\n${cell},0,true,A B\r\n`)
})

test('what is absent is an empty cell', () => {
  expect(write([{ name: 'a' }])).toBe('name,errors,isOpen,types\r\na,,,\r\n')
})

test('several objects are one cell of JSON', () => {
  const Changes = Type.Array(Type.Object({ member: Type.String(), after: Type.String() }))
  const write = compileCsvWriter(Type.Object({ changes: Changes }))
  const changes = [{ member: 'name', after: '=a, "b"' }]
  expect(write([{ changes }, { changes: [] }])).toBe(
    'changes\r\n"[{""member"":""name"",""after"":""=a, \\""b\\""""}]"\r\n\r\n',
  )
})
