import { expect, test } from 'vitest'
import { toShownDatabase } from './shown-database.ts'

test.each([
  ['data/lastgood.sqlite', 'data/lastgood.sqlite'],
  ['postgres://lastgood:secret@db:5432/lastgood', 'postgres://lastgood@db:5432/lastgood'],
  ['postgresql://lastgood:secret@db/lastgood?sslmode=require', 'postgresql://lastgood@db/lastgood'],
  ['postgres://db/lastgood?password=secret', 'postgres://db/lastgood'],
  ['postgres://:secret@db/lastgood', 'postgres://db/lastgood'],
  ['postgres://lastgood:se@cret@db/lastgood', 'postgres://lastgood@db/lastgood'],
  ['postgres://lastgood:secret@/lastgood?host=/run/postgresql', 'postgres://lastgood@/lastgood'],
])('%s is shown without a password', (database, shown) => {
  expect(toShownDatabase(database)).toBe(shown)
  expect(toShownDatabase(database)).not.toContain('cret')
})
