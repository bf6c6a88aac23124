import { describe, expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aNewSet, aRunReport, factsOf, runKey, testNow } from '../../test/support/tree.ts'
import type { Policy } from '../domain/condition.ts'
import { hours, minutes, seconds } from '../domain/instant.ts'
import { parseSchedule } from '../domain/schedule.ts'
import { deriveChanges, type HistoryEntry, mostChanges, readConditionHistory } from './condition-history.ts'
import type { ConditionChange } from './ports.ts'

function aChange(change: Partial<ConditionChange> = {}): ConditionChange {
  return {
    id: 1,
    at: 0,
    foundAt: 0,
    rules: ['COMPLETED'],
    status: 'COMPLETED',
    previousStatus: null,
    dueAt: null,
    runId: null,
    retractedAt: null,
    ...change,
  }
}

const completed = aChange()
const warned = aChange({ rules: ['WARNINGS', 'COMPLETED'], status: 'WARNING' })
const failed = aChange({ rules: ['ERRORS', 'COMPLETED'], status: 'FAILURE' })
const missed = (dueAt: number, retractedAt: number | null = null) =>
  aChange({ rules: ['MISSED'], status: 'FAILURE', dueAt, retractedAt })
const none = aChange({ rules: [], status: null })

/** The changes, oldest first, by what is left of each. */
function left(found: ConditionChange[], policy: Policy = {}) {
  const changes = deriveChanges(found.toReversed(), policy)
  return changes.toReversed().map(({ condition, dueAt }) => [condition?.status ?? 'none', dueAt ?? ''].join(' ').trim())
}

describe('the changes of a condition', () => {
  test.each<[string, ConditionChange[], string[]]>([
    ['none were found', [], []],
    ['each is called another', [completed, warned, failed], ['COMPLETED', 'WARNING', 'FAILURE']],
    [
      'two in a row are called the same',
      [completed, failed, aChange({ ...failed, rules: ['EXCEPTION'] })],
      ['COMPLETED', 'FAILURE'],
    ],
    ['there is none any more', [failed, none, none, completed], ['FAILURE', 'none', 'COMPLETED']],
    ['another due time was missed', [missed(1), missed(2), missed(2)], ['FAILURE 1', 'FAILURE 2']],
    ['a failure is followed by a miss', [failed, missed(1)], ['FAILURE', 'FAILURE 1']],
    ['a miss is followed by a failure', [missed(1), failed, missed(1)], ['FAILURE 1']],
    ['a miss was retracted', [completed, missed(1, 9), completed], ['COMPLETED', 'FAILURE 1', 'COMPLETED']],
    ['a miss was retracted for a run that failed', [missed(1, 9), failed], ['FAILURE 1', 'FAILURE']],
    ['one of two misses was retracted', [missed(1, 9), missed(2)], ['FAILURE 1', 'FAILURE 2']],
    [
      'the same miss was found again',
      [missed(1, 9), missed(1, 10), missed(1)],
      ['FAILURE 1', 'FAILURE 1', 'FAILURE 1'],
    ],
  ])('%s', (_, found, expected) => {
    expect(left(found)).toEqual(expected)
  })

  test('are those of the policy of today, and of those that it calls the same the earliest stays', () => {
    const found = [aChange({ ...completed, at: 1 }), aChange({ ...warned, at: 2 }), aChange({ ...failed, at: 3 })]
    expect(left(found, { WARNINGS: 'COMPLETED' })).toEqual(['COMPLETED', 'FAILURE'])
    expect(left(found, { WARNINGS: 'FAILURE' })).toEqual(['COMPLETED', 'FAILURE'])
    const [newest] = deriveChanges(found.toReversed(), { WARNINGS: 'FAILURE' })
    expect(newest).toMatchObject({
      at: 2,
      foundStatus: 'WARNING',
      condition: { status: 'FAILURE', types: ['WARNINGS'] },
    })
  })

  test('that a change of the policy had made are gone under it', () => {
    const byPolicy = aChange({ ...warned, status: 'FAILURE', previousStatus: 'WARNING' })
    expect(left([warned, byPolicy], { WARNINGS: 'FAILURE' })).toEqual(['FAILURE'])
    expect(left([warned, byPolicy])).toEqual(['WARNING'])
  })
})

describe('the history of a set', () => {
  const nextDue = Date.UTC(2026, 2, 6, 1)
  const missedAt = nextDue + hours(1) + 1

  async function aSet() {
    const { store } = await openTestStore()
    const { computer, place } = await addTree(store, { timeZone: 'UTC' })
    const set = await store.addBackupSet(aNewSet(computer, { schedule: parseSchedule('cron 0 1 * * *') }), testNow)
    return {
      store,
      computer,
      judgeAt: (now: number) => store.judge({ now, catchUpMs: minutes(15) }),
      record: (index: number, startedAt: number, facts = {}) =>
        store.recordRun(
          place,
          aRunReport({ runKey: runKey(index), startedAt, updatedAt: startedAt + 1, receivedAt: startedAt, ...facts }),
        ),
      history: async () => readConditionHistory(await factsOf(store), computer, set),
    }
  }

  const told = (history: readonly HistoryEntry[]) =>
    history.map(entry => (entry.kind === 'absence' ? 'UNKNOWN' : (entry.condition?.status ?? 'none')))

  test('is empty while nothing was found', async () => {
    const { history, judgeAt } = await aSet()
    await judgeAt(testNow)
    expect(await history()).toEqual([])
  })

  test('is newest first, and follows the policy of a partner at once', async () => {
    const { store, judgeAt, record, history } = await aSet()
    await record(1, testNow)
    await judgeAt(testNow + minutes(1))
    await record(2, testNow + hours(1), { warnings: 1 })
    await judgeAt(testNow + hours(2))
    expect(told(await history())).toEqual(['WARNING', 'COMPLETED'])
    const root = await store.findPartner('root')
    await store.changePartner(root?.id ?? 0, { policy: { WARNINGS: 'FAILURE' } })
    expect(told(await history())).toEqual(['FAILURE', 'COMPLETED'])
    await judgeAt(testNow + hours(3))
    expect(told(await history())).toEqual(['FAILURE', 'COMPLETED'])
    await store.changePartner(root?.id ?? 0, { policy: { WARNINGS: 'COMPLETED' } })
    expect(told(await history())).toEqual(['COMPLETED'])
  })

  test('keeps what was retracted', async () => {
    const { judgeAt, record, history } = await aSet()
    await judgeAt(missedAt)
    await record(1, nextDue + 1)
    await judgeAt(missedAt + hours(1))
    expect(await history()).toMatchObject([
      { condition: { status: 'COMPLETED' }, retractedAt: null },
      { condition: { status: 'FAILURE' }, dueAt: nextDue, retractedAt: missedAt + hours(1) },
    ])
  })

  test('tells of the times in which no server was awake, between what was found before and after', async () => {
    const { store, judgeAt, record, history } = await aSet()
    await store.pulse(testNow, {})
    await record(1, testNow)
    await judgeAt(testNow + seconds(1))
    await store.pulse(testNow + hours(3), {})
    await store.pulse(missedAt + hours(5), { pulsedAt: testNow + hours(3) })
    await judgeAt(missedAt + hours(6))
    await store.pulse(missedAt + hours(9), {})
    const entries = await history()
    expect(told(entries)).toEqual(['UNKNOWN', 'FAILURE', 'UNKNOWN', 'UNKNOWN', 'COMPLETED'])
    expect(entries.at(-2)).toEqual({ kind: 'absence', from: testNow + seconds(1), until: testNow + hours(3) })
  })

  test('leaves out absences that ended before the set was added, and what of one was before', async () => {
    const { store, computer } = await aSet()
    await store.pulse(testNow, {})
    await store.pulse(testNow + hours(1), {})
    const during = await store.addBackupSet(aNewSet(computer, { name: 'During' }), testNow + minutes(20))
    const after = await store.addBackupSet(aNewSet(computer, { name: 'After' }), testNow + hours(1))
    expect(await readConditionHistory(await factsOf(store), computer, during)).toEqual([
      { kind: 'absence', from: testNow + minutes(20), until: testNow + hours(1) },
    ])
    expect(await readConditionHistory(await factsOf(store), computer, after)).toEqual([])
  })

  test('goes back no further than the newest changes, and tells of no absence before them', async () => {
    const { store, judgeAt, record, history } = await aSet()
    await store.pulse(testNow, {})
    await store.pulse(testNow + minutes(1), {})
    for (let index = 0; index < mostChanges + 20; index += 1) {
      const startedAt = testNow + minutes(1) + seconds(index)
      await record(index, startedAt, { errors: index % 2 })
      await judgeAt(startedAt + 1)
      if (index === 10) expect(told(await history()).at(-1)).toBe('UNKNOWN')
    }
    const entries = await history()
    expect(entries).toHaveLength(mostChanges)
    expect(new Set(told(entries))).toEqual(new Set(['COMPLETED', 'FAILURE']))
  })
})
