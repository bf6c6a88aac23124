import { describe, expect, test } from 'vitest'
import type { ConditionStatus } from '../domain/condition.ts'
import { deriveFlips } from './check-flips.ts'
import type { HistoryEntry } from './condition-history.ts'

/** A change to a status at a moment; to nothing where there is none. */
function to(status: ConditionStatus | 'nothing', at: number, retractedAt: number | null = null): HistoryEntry {
  const condition = status === 'nothing' ? undefined : { status, types: [], rules: [] }
  return { kind: 'change', at, foundAt: at, dueAt: null, runId: null, retractedAt, foundStatus: null, condition }
}

describe('the flips of a history', () => {
  test.each<[string, HistoryEntry[], string[]]>([
    ['of nothing are none', [], []],
    [
      'are where it became up or down',
      [to('COMPLETED', 1), to('FAILURE', 2), to('COMPLETED', 3)],
      ['1 up', '2 down', '3 up'],
    ],
    ['take a warning for up', [to('COMPLETED', 1), to('WARNING', 2), to('FAILURE', 3)], ['1 up', '3 down']],
    [
      'pass over what runs',
      [to('FAILURE', 1), to('RUNNING', 2), to('FAILURE', 3), to('RUNNING', 4), to('COMPLETED', 5)],
      ['1 down', '5 up'],
    ],
    ['pass over a miss that was none', [to('COMPLETED', 1), to('FAILURE', 2, 9), to('COMPLETED', 3)], ['1 up']],
    [
      'keep the failure behind a miss that was none',
      [to('COMPLETED', 1), to('FAILURE', 2, 9), to('FAILURE', 3)],
      ['1 up', '3 down'],
    ],
    [
      'begin anew after a time without a condition',
      [to('FAILURE', 1), to('nothing', 2), to('FAILURE', 3)],
      ['1 down', '3 down'],
    ],
    [
      'pass over absences of the server',
      [to('COMPLETED', 1), { kind: 'absence', from: 1, until: 2 }, to('WARNING', 3)],
      ['1 up'],
    ],
  ])('%s', (_, oldestFirst, expected) => {
    const flips = deriveFlips(oldestFirst.toReversed()).toReversed()
    expect(flips.map(({ at, isUp }) => `${at} ${isUp ? 'up' : 'down'}`)).toEqual(expected)
  })
})
