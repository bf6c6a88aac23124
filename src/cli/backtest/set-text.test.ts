import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Backtest } from '../../wire/backtest.ts'
import { toSetText } from './set-text.ts'

type Moment = Backtest['vanish'][number]

const plain = { days: 90, isCut: false, inColour: false }

function aMoment(moment: Partial<Moment> = {}): Moment {
  return {
    local_time: '2026-03-04T00:00:00-05:00',
    condition_status: 'FAILURE',
    condition_types: ['MISSED'],
    due: '2026-03-03T23:00:00-05:00',
    ...moment,
  }
}

function aBacktest(backtest: Partial<Backtest> = {}): Backtest {
  const period = { from: '2025-12-05T10:00:00-05:00', until: '2026-03-05T10:00:00-05:00' }
  return { ...period, stay: 8, vanish: [], appear: [], ...backtest }
}

test('what would vanish and appear is told with its dates', () => {
  const warned = aMoment({ condition_status: 'WARNING', condition_types: ['CANCELED', 'WARNINGS'], due: '' })
  const none = aMoment({ condition_status: '', condition_types: [], due: '' })
  const backtest = aBacktest({ vanish: [aMoment(), warned], appear: [none] })
  expect(toSetText(backtest, plain).split('\n')).toEqual([
    'Of the last 90 days, 2 changes would vanish:',
    '  2026-03-04T00:00:00-05:00  ✖ FAILURE  MISSED, due 2026-03-03T23:00:00-05:00',
    '  2026-03-04T00:00:00-05:00  ▲ WARNING  CANCELED WARNINGS',
    '1 would appear:',
    '  2026-03-04T00:00:00-05:00  –',
    '8 would stay.',
  ])
})

test.each<[string, Partial<Backtest>, RegExp]>([
  [
    'only vanishes',
    { vanish: [aMoment()] },
    /^Of the last 90 days, 1 change would vanish:\n.*\nNone would appear\.\n8/,
  ],
  ['only appears', { appear: [aMoment()] }, /^Of the last 90 days, no change would vanish\.\n1 would appear:\n.*\n8/],
  ['leaves nothing', { appear: [aMoment()], stay: 0 }, /\nNone would stay\.$/],
  ['changes nothing', {}, /^Of the last 90 days, nothing would change: 8 changes would stay\.$/],
  ['has nothing to change', { stay: 0 }, /^Of the last 90 days, nothing would change: the set had no condition in/],
])('a backtest that %s says so', (_, backtest, text) => {
  expect(toSetText(aBacktest(backtest), plain)).toMatch(text)
})

test('of many changes the newest are shown, and how many there are besides', () => {
  const vanish = Array.from({ length: 50 }, (_, index) => aMoment({ local_time: `change ${index}` }))
  const lines = toSetText(aBacktest({ vanish }), plain).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'Of the last 90 days, 50 changes would vanish:',
    '  … 30 earlier (--json prints all)',
    expect.stringContaining('  change 30  '),
  ])
  expect(lines.at(-3)).toContain('change 49')
})

test('the time is told as it was looked at', () => {
  expect(toSetText(aBacktest(), { ...plain, days: 1 })).toContain('Of the last day, ')
  expect(toSetText(aBacktest(), { ...plain, isCut: true })).toContain(
    'Of the time since 2025-12-05T10:00:00-05:00, from when on its runs are looked at, nothing',
  )
})

test('colours move no column', () => {
  const backtest = aBacktest({ vanish: [aMoment(), aMoment({ condition_status: 'COMPLETED' })] })
  const coloured = toSetText(backtest, { ...plain, inColour: true })
  expect(stripVTControlCharacters(coloured)).toBe(toSetText(backtest, plain))
  expect(coloured).not.toBe(toSetText(backtest, plain))
})
