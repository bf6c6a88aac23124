import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toSlug } from './slug.ts'

test.each([
  ['Documents', 'documents'],
  ['Mail & Calendar', 'mail-calendar'],
  ['  --Büro / Ablage--  ', 'b-ro-ablage'],
  ['nightly_dump-2', 'nightly_dump-2'],
  ['a---b', 'a-b'],
  ['_x_', '_x_'],
  ['図書室', ''],
  ['', ''],
])('%j is %j', (name, slug) => {
  expect(toSlug(name)).toBe(slug)
})

test('a slug has only its own characters, and is its own slug', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), name => {
      const slug = toSlug(name)
      expect(slug).toMatch(/^(?:[a-z0-9_]+(?:-[a-z0-9_]+)*)?$/)
      expect(toSlug(slug)).toBe(slug)
    }),
  )
})
