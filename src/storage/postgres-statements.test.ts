import { expect, test, vi } from 'vitest'
import { toNamedQuery } from './postgres-statements.ts'

test('a statement has the same name in every process, whatever each has run before, and no other has that name', async () => {
  const first = [toNamedQuery('select $1::int as a', [1]), toNamedQuery('select $1::int as b', [1])]
  vi.resetModules()
  const another = await import('./postgres-statements.ts')
  const second = [another.toNamedQuery('select $1::int as b', [1]), another.toNamedQuery('select $1::int as a', [1])]
  expect(second.toReversed()).toEqual(first)
  expect(first[0]?.name).not.toBe(first[1]?.name)
  // PostgreSQL cuts names after 63 bytes.
  expect(first[0]?.name).toMatch(/^lastgood_[\da-f]{32}$/)
})

test('a program that makes ever new statements names no more than a connection should hold', () => {
  const named = Array.from({ length: 600 }, (_, index) => toNamedQuery(`select $1::int as c${index}`, [1]))
  expect(named.at(-1)).toEqual({ text: 'select $1::int as c599', values: [1] })
})
