import { expect, test } from 'vitest'
import { openTestStore } from '../../../test/support/test-store.ts'
import { addTree, aNewSet, testNow } from '../../../test/support/tree.ts'
import type { ConditionChange } from '../../wire/condition-change.ts'
import { toHistoryTable } from './history-table.ts'

async function tableOf(rows: ConditionChange[], count = rows.length): Promise<string[]> {
  const { store } = await openTestStore()
  const { computer } = await addTree(store)
  const set = await store.addBackupSet(aNewSet(computer), testNow)
  return toHistoryTable({ computer, set, rows, count }, false).split('\n')
}

function aChange(change: Partial<ConditionChange> = {}): ConditionChange {
  return {
    local_time: '2026-03-05T09:10:00-05:00',
    found: '2026-03-05T09:10:01-05:00',
    condition_status: 'COMPLETED',
    condition_types: ['COMPLETED'],
    found_status: 'COMPLETED',
    due: '',
    action_id: 7,
    retracted: '',
    until: '',
    ...change,
  }
}

test('every kind of change is told in words', async () => {
  const retracted = { due: '2026-03-04T23:00:00-05:00', retracted: '2026-03-05T03:00:00-05:00', action_id: 0 }
  const awake = '2026-03-05T11:00:00-05:00'
  const lines = await tableOf([
    aChange(),
    aChange({ condition_status: 'UNKNOWN', condition_types: [], found_status: '', action_id: 0, until: awake }),
    aChange({ condition_status: 'FAILURE', condition_types: ['MISSED'], found_status: 'FAILURE', ...retracted }),
    aChange({ condition_status: 'FAILURE', condition_types: ['WARNINGS'], found_status: 'WARNING' }),
    aChange({ condition_status: '', condition_types: [], found_status: '', action_id: 0 }),
  ])
  const since = '2026-03-05T09:10:00-05:00'
  expect(lines).toEqual([
    'Documents of computer 0000 of acme, newest first, on its clock (America/New_York):',
    'SINCE                      STATUS                 CONDITIONS  NOTE',
    `${since}  ✔ COMPLETED            COMPLETED   run 7`,
    `${since}  ? UNKNOWN                          no server was awake until ${awake}`,
    `${since}  ✖ FAILURE (retracted)  MISSED      due 2026-03-04T23:00:00-05:00; retracted 2026-03-05T03:00:00-05:00`,
    `${since}  ✖ FAILURE              WARNINGS    run 7; called WARNING then`,
    `${since}  –`,
  ])
})

test('changes that are not shown are counted', async () => {
  expect((await tableOf([aChange()], 2)).at(-1)).toBe('1 older change is shown by a greater --count.')
  expect((await tableOf([aChange()], 9)).at(-1)).toBe('8 older changes are shown by a greater --count.')
})

test('without changes it says what comes next', async () => {
  const [line = ''] = await tableOf([])
  expect(line).toMatch(
    /^Nothing has been found of the backup set Documents yet\. A server that runs \(lastgood serve\)/,
  )
  expect(line).toMatch(/Report its runs with: lastgood run --set "Documents" -- COMMAND$/)
})
