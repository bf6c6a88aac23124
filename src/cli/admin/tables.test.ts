import { expect, test } from 'vitest'
import { toDetails, toTable } from './tables.ts'

test('a table has a head and columns as wide as they must be', () => {
  const rows = [
    { name: 'Acme', run_limit_minutes: 1_440, partner: null },
    { name: '東京', run_limit_minutes: 5, partner: 'root' },
  ]
  expect(toTable(rows).split('\n')).toEqual([
    'name  run limit minutes  partner',
    'Acme  1440               –',
    '東京  5                  root',
  ])
})

test('details stand below each other, and say what is not there', () => {
  const row = { username: 'acme', enabled: false, policy: { ERRORS: 'WARNING', WARNINGS: 'FAILURE' }, name: '' }
  expect(toDetails(row).split('\n')).toEqual([
    'username  acme',
    'enabled   no',
    'policy    ERRORS=WARNING WARNINGS=FAILURE',
    'name      –',
  ])
})
