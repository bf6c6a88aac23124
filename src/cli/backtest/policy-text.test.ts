import { expect, test } from 'vitest'
import { toPolicyBacktest, toPolicyText } from './policy-text.ts'

const counts = (backupset_name: string, vanish: number, appear: number) => ({
  username: 'acme',
  computer_id: '0000',
  backupset_name,
  vanish,
  appear,
})
const textOf = (...sets: ReturnType<typeof counts>[]) => toPolicyText(toPolicyBacktest(sets), 'root', 90)

test('totals are told, then each set that differs', () => {
  expect(textOf(counts('Documents', 3, 2), counts('Mail', 0, 0), counts('Ledger', 1, 0)).split('\n')).toEqual([
    'Of the last 90 days, 4 changes would vanish and 2 would appear, in 2 of 3 backup sets:',
    'ACCOUNT  COMPUTER  BACKUP SET  VANISH  APPEAR',
    'acme     0000      Documents   3       2',
    'acme     0000      Ledger      1       0',
  ])
})

test.each<[string, ReturnType<typeof counts>[], string]>([
  ['no set', [], 'There is no backup set below the partner root yet. Add one with: lastgood set add'],
  ['one set that stays', [counts('Mail', 0, 0)], 'nothing would change for the only backup set below root.'],
  ['sets that stay', [counts('A', 0, 0), counts('B', 0, 0)], 'nothing would change for any of the 2 backup sets below'],
  [
    'one set that differs',
    [counts('Mail', 1, 0)],
    '1 change would vanish and none would appear, in 1 of 1 backup set:',
  ],
])('%s', (_, sets, text) => {
  expect(textOf(...sets)).toContain(text)
})

test('of many sets that differ the first are shown, and how many there are besides', () => {
  const lines = textOf(...Array.from({ length: 150 }, (_, index) => counts(`Set ${index}`, 1, 1))).split('\n')
  expect(lines).toHaveLength(103)
  expect(lines.slice(-2)).toEqual([expect.stringContaining('Set 99'), '… and 50 more (--json prints all)'])
})
