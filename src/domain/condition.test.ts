import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aRun } from '../../test/support/tree.ts'
import {
  conditionRules,
  conditionStatuses,
  type ConditionRule,
  defaultPolicy,
  deriveRunCondition,
  policyRules,
} from './condition.ts'
import { hours } from './instant.ts'
import { plugins, type RunFacts, runStates, type RunState, runTypes } from './run.ts'

const condition = (run: RunFacts, now = run.startedAt + hours(3), policy = defaultPolicy) =>
  deriveRunCondition(run, run.startedAt + hours(24), now, policy)

describe('a backup run', () => {
  const finished = (facts: Partial<RunFacts>) => aRun({ state: 'finished', ...facts })
  const sql = (facts: Partial<RunFacts>) => finished({ plugin: 'sql', newFiles: null, ...facts })

  test.each([
    ['that finished clean completed', aRun(), 'COMPLETED', ['COMPLETED']],
    ['that has not ended is running', aRun({ state: 'running' }), 'RUNNING', ['RUNNING']],
    ['that is paused is running', aRun({ state: 'paused' }), 'RUNNING', ['RUNNING']],
    ['that crashed is an exception', aRun({ state: 'crashed' }), 'FAILURE', ['EXCEPTION']],
    ['that failed has errors, even when it counts none', aRun({ state: 'failed' }), 'FAILURE', ['ERRORS']],
    ['that finished with errors failed', finished({ errors: 1 }), 'FAILURE', ['ERRORS']],
    ['that was stopped is canceled', aRun({ state: 'canceled' }), 'WARNING', ['CANCELED']],
    ['with warnings is a warning', finished({ warnings: 2 }), 'WARNING', ['WARNINGS']],
    [
      'lists all that holds, worst first',
      finished({ errors: 2, warnings: 1, newFiles: 0 }),
      'FAILURE',
      ['ERRORS', 'WARNINGS', 'NO_FILE_DATA_BACKED_UP'],
    ],
    ['that crashed with errors lists both', aRun({ state: 'crashed', errors: 1 }), 'FAILURE', ['EXCEPTION', 'ERRORS']],
    ['that still runs with errors has failed already', aRun({ state: 'running', errors: 1 }), 'FAILURE', ['ERRORS']],
    [
      'that was stopped with warnings lists both',
      aRun({ state: 'canceled', warnings: 2 }),
      'WARNING',
      ['CANCELED', 'WARNINGS'],
    ],
    [
      'of files that read nothing is a warning',
      finished({ totalFiles: 0, processedFiles: 0 }),
      'WARNING',
      ['NO_FILE_DATA_BACKED_UP'],
    ],
    [
      'of files that examined none of many is a warning',
      finished({ totalFiles: 9, processedFiles: 0 }),
      'WARNING',
      ['NO_FILE_DATA_BACKED_UP'],
    ],
    [
      'of files none of which was new is listed and good',
      finished({ newFiles: 0, bytes: 2_110 }),
      'COMPLETED',
      ['NO_FILE_DATA_BACKED_UP'],
    ],
    [
      'of files that stored no byte had nothing new',
      finished({ newFiles: null, bytes: 0 }),
      'COMPLETED',
      ['NO_FILE_DATA_BACKED_UP'],
    ],
    [
      'that does not say what it read is believed',
      finished({ totalFiles: null, processedFiles: null, newFiles: null, bytes: null }),
      'COMPLETED',
      ['COMPLETED'],
    ],
    [
      'of a database that stored nothing is a warning',
      sql({ bytes: 0 }),
      'WARNING',
      ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP'],
    ],
    [
      'of mailboxes that stored nothing is a warning',
      finished({ plugin: 'exchange', bytes: 0 }),
      'WARNING',
      ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP'],
    ],
    [
      'of a database that examined nothing is a warning',
      sql({ bytes: null, processedFiles: 0 }),
      'WARNING',
      ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP'],
    ],
    ['of a database that stored bytes completed', sql({ bytes: 7, processedFiles: 0 }), 'COMPLETED', ['COMPLETED']],
    [
      'that failed says nothing of what it stored',
      aRun({ state: 'failed', bytes: 0, processedFiles: 0 }),
      'FAILURE',
      ['ERRORS'],
    ],
  ])('%s', (_, run, status, types) => {
    expect(condition(run)).toMatchObject({ status, types })
  })

  test('that has not ended becomes an exception by itself once its run limit has passed', () => {
    const run = aRun({ state: 'running', startedAt: 0, updatedAt: hours(23) })
    expect(condition(run, hours(24))).toMatchObject({ status: 'RUNNING', types: ['RUNNING'] })
    expect(condition(run, hours(24) + 1)).toMatchObject({ status: 'FAILURE', types: ['EXCEPTION'] })
  })

  test('that ended is not touched by its run limit', () => {
    expect(condition(aRun({ startedAt: 0, updatedAt: 1 }), hours(9_999)).types).toEqual(['COMPLETED'])
  })
})

test.each([
  ['a restore that touched nothing', aRun({ type: 'restore', processedFiles: 0 }), 'WARNING', ['NO_DATA_RESTORED']],
  ['a restore of files', aRun({ type: 'restore', bytes: 0 }), 'COMPLETED', ['COMPLETED']],
  ['a deletion that touched nothing', aRun({ type: 'delete', processedFiles: 0 }), 'WARNING', ['NO_DATA_DELETED']],
  [
    'a deletion that does not count',
    aRun({ type: 'delete', processedFiles: null, bytes: null }),
    'COMPLETED',
    ['COMPLETED'],
  ],
  [
    'maintenance that read nothing',
    aRun({ type: 'maintenance', processedFiles: 0, newFiles: 0 }),
    'COMPLETED',
    ['COMPLETED'],
  ],
])('%s is judged by its own rules', (_, run, status, types) => {
  expect(condition(run)).toMatchObject({ status, types })
})

describe('a policy', () => {
  test('sets the status of a rule and leaves its type', () => {
    const run = aRun({ newFiles: 0, warnings: 1 })
    const strict = { NO_NEW_FILE_DATA: 'FAILURE' } as const
    expect(condition(run, 0, strict)).toMatchObject({
      status: 'FAILURE',
      types: ['WARNINGS', 'NO_FILE_DATA_BACKED_UP'],
    })
    expect(condition(run, 0, { WARNINGS: 'COMPLETED' }).status).toBe('COMPLETED')
  })

  test('never makes a run that has not ended look completed', () => {
    const lenient = Object.fromEntries(policyRules.map(name => [name, 'COMPLETED' as const]))
    expect(condition(aRun({ state: 'running', warnings: 1 }), 0, lenient)).toMatchObject({
      status: 'RUNNING',
      types: ['WARNINGS'],
    })
    expect(condition(aRun({ state: 'running', startedAt: 0 }), hours(99), lenient).status).toBe('RUNNING')
  })

  test('may name every rule but RUNNING and COMPLETED', () => {
    const names = Object.keys(conditionRules) as ConditionRule[]
    expect(policyRules).toEqual(names.filter(name => name !== 'RUNNING' && name !== 'COMPLETED'))
  })
})

const aCount = fc.option(fc.nat({ max: 5 }))
const anyRun: fc.Arbitrary<RunFacts> = fc.record({
  type: fc.constantFrom(...runTypes),
  plugin: fc.constantFrom(...plugins),
  state: fc.constantFrom(...(Object.keys(runStates) as RunState[])),
  startedAt: fc.nat({ max: hours(50) }),
  startedOffset: fc.constant(null),
  updatedAt: fc.nat({ max: hours(50) }),
  updatedOffset: fc.constant(null),
  totalFiles: aCount,
  processedFiles: aCount,
  newFiles: aCount,
  bytes: aCount,
  errors: fc.nat({ max: 3 }),
  warnings: fc.nat({ max: 3 }),
  exitStatus: fc.constant(null),
  tool: fc.constant(null),
})
const aTime = fc.nat({ max: hours(100) })
const rank = (run: RunFacts, now: number) => conditionStatuses.indexOf(condition(run, now).status)

describe('for every run at every time', () => {
  test('there is a condition with at least one type, and RUNNING and COMPLETED stand alone', () => {
    fc.assert(
      fc.property(anyRun, aTime, (run, now) => {
        const { types } = condition(run, now)
        expect(types.length).toBeGreaterThan(0)
        if (types.includes('RUNNING') || types.includes('COMPLETED')) expect(types).toHaveLength(1)
      }),
    )
  })

  test('types are listed worst first, each once', () => {
    fc.assert(
      fc.property(anyRun, aTime, (run, now) => {
        const { rules, types } = condition(run, now)
        const order = Object.keys(conditionRules)
        const places = rules.map(name => order.indexOf(name))
        expect(places).toEqual([...places].sort((one, other) => one - other))
        expect(new Set(types).size).toBe(types.length)
      }),
    )
  })

  test('only a finished run is ever completed', () => {
    fc.assert(
      fc.property(anyRun, aTime, (run, now) => {
        if (condition(run, now).status === 'COMPLETED') expect(run.state).toBe('finished')
      }),
    )
  })

  test('more errors or warnings never improve the status', () => {
    fc.assert(
      fc.property(anyRun, aTime, (run, now) => {
        expect(rank({ ...run, errors: run.errors + 1 }, now)).toBeLessThanOrEqual(rank(run, now))
        expect(rank({ ...run, warnings: run.warnings + 1 }, now)).toBeLessThanOrEqual(rank(run, now))
      }),
    )
  })

  test('time never improves the status', () => {
    fc.assert(
      fc.property(anyRun, aTime, aTime, (run, now, later) => {
        expect(rank(run, now + later)).toBeLessThanOrEqual(rank(run, now))
      }),
    )
  })
})
