import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition, ConditionStatus } from './condition.ts'
import { deriveDays, type FoundChange, listDays } from './days.ts'
import { hours, minutes } from './instant.ts'

const at = (text: string) => Date.parse(text)
const now = at('2026-03-05T12:00:00Z')
const conditions: Record<ConditionStatus, Condition> = {
  FAILURE: { status: 'FAILURE', types: ['ERRORS'], rules: ['ERRORS'] },
  WARNING: { status: 'WARNING', types: ['WARNINGS'], rules: ['WARNINGS'] },
  RUNNING: { status: 'RUNNING', types: ['RUNNING'], rules: ['RUNNING'] },
  COMPLETED: { status: 'COMPLETED', types: ['COMPLETED'], rules: ['COMPLETED'] },
}

function aChange(when: string, status: ConditionStatus | null, isRetracted = false): FoundChange {
  return { at: at(when), condition: status === null ? undefined : conditions[status], isRetracted }
}

function daysOf(changes: FoundChange[], { count = 4, gaps = [] as { from: number; until: number }[] } = {}) {
  return deriveDays(listDays('UTC', now, count), { changes, gaps, now }).map(({ status }) => status)
}

describe('the days of a zone', () => {
  test('follow one another, and the last is that of now', () => {
    const days = listDays('America/New_York', at('2026-03-09T03:30:00Z'), 3)
    expect(days.map(({ date }) => date)).toEqual(['2026-03-06', '2026-03-07', '2026-03-08'])
    expect(days.map(({ from, until }) => (until - from) / hours(1))).toEqual([24, 24, 23])
    expect(days[1]?.until).toBe(days[2]?.from)
  })
})

describe('what a set was on a day', () => {
  test.each<[string, FoundChange[], (string | null)[]]>([
    ['nothing as long as it had no condition', [], [null, null, null, null]],
    [
      'what went on to hold, up to today',
      [aChange('2026-03-03T01:00:00Z', 'FAILURE')],
      [null, 'FAILURE', 'FAILURE', 'FAILURE'],
    ],
    [
      'the worst that held, also since the day before',
      [
        aChange('2026-03-02T01:00:00Z', 'COMPLETED'),
        aChange('2026-03-03T23:00:00Z', 'FAILURE'),
        aChange('2026-03-04T01:00:00Z', 'COMPLETED'),
      ],
      ['COMPLETED', 'FAILURE', 'FAILURE', 'COMPLETED'],
    ],
    [
      'not running, where anything else was',
      [aChange('2026-03-03T01:00:00Z', 'RUNNING'), aChange('2026-03-05T02:00:00Z', 'WARNING')],
      [null, 'RUNNING', 'RUNNING', 'WARNING'],
    ],
    [
      'not what was taken back',
      [
        aChange('2026-03-02T01:00:00Z', 'COMPLETED'),
        aChange('2026-03-04T01:00:00Z', 'FAILURE', true),
        aChange('2026-03-04T00:10:00Z', 'WARNING'),
      ],
      ['COMPLETED', 'COMPLETED', 'WARNING', 'WARNING'],
    ],
    [
      'what was found later of the same time',
      [aChange('2026-03-04T01:00:00Z', 'FAILURE'), aChange('2026-03-03T01:00:00Z', 'COMPLETED')],
      [null, 'COMPLETED', 'COMPLETED', 'COMPLETED'],
    ],
    [
      'nothing any more once it had no condition',
      [aChange('2026-03-02T01:00:00Z', 'FAILURE'), aChange('2026-03-03T00:00:00Z', null)],
      ['FAILURE', null, null, null],
    ],
    ['what holds since this very moment', [aChange('2026-03-05T12:00:00Z', 'WARNING')], [null, null, null, 'WARNING']],
    ['nothing of what comes later than now', [aChange('2026-03-05T18:00:00Z', 'COMPLETED')], [null, null, null, null]],
  ])('is %s', (_, changes, statuses) => {
    expect(daysOf(changes)).toEqual(statuses)
  })

  test('is unknown where no server was awake on it, and the time is told where one was for some of it', () => {
    const gaps = [{ from: at('2026-03-02T23:30:00Z'), until: at('2026-03-04T01:00:00Z') }]
    const changes = [aChange('2026-03-02T01:00:00Z', 'COMPLETED')]
    expect(daysOf(changes, { gaps })).toEqual(['COMPLETED', 'UNKNOWN', 'COMPLETED', 'COMPLETED'])
    const days = deriveDays(listDays('UTC', now, 4), { changes, gaps, now })
    expect(days.map(({ unknownMs }) => unknownMs)).toEqual([minutes(30), hours(24), hours(1), 0])
    expect(daysOf([], { gaps })).toEqual([null, null, null, null])
  })

  test('is never better than anything that held at a moment of it', () => {
    const statuses: (ConditionStatus | null)[] = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED', null]
    const change = fc.record({
      at: fc.integer({ min: -hours(140), max: 0 }).map(before => now + before),
      condition: fc.constantFrom(...statuses).map(status => (status === null ? undefined : conditions[status])),
      isRetracted: fc.boolean(),
    })
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe')
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), zones, (changes, zone) => {
        const days = listDays(zone, now, 5)
        const derived = deriveDays(days, { changes, gaps: [], now })
        days.forEach(({ from, until }, index) => {
          const held = new Set<ConditionStatus | null>()
          for (let moment = from; moment < Math.min(until, now); moment += minutes(7))
            held.add(standAt(changes, moment))
          const worst = (['FAILURE', 'WARNING', 'COMPLETED', 'RUNNING'] as const).find(status => held.has(status))
          const order = ['FAILURE', 'WARNING', 'COMPLETED', 'RUNNING', null]
          expect(order.indexOf(derived[index]?.status ?? null)).toBeLessThanOrEqual(order.indexOf(worst ?? null))
        })
      }),
    )
  })
})

/** What held at a moment: of what is not taken back the last found that had begun, unless a later finding began before it. */
function standAt(changes: readonly FoundChange[], moment: number): ConditionStatus | null {
  const standing = changes.filter(({ isRetracted }) => !isRetracted)
  const found = standing.findLast(change => change.at <= moment)
  return found?.condition?.status ?? null
}
