import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCondition, type ConditionRule } from './condition.ts'
import { groupTroubles, toMessageSignature, toNextStep, type Trouble } from './triage.ts'

let made = 0
function aTrouble(given: Partial<Omit<Trouble, 'condition'>> & { rule?: ConditionRule } = {}): Trouble & { n: number } {
  const { rule = 'ERRORS', ...rest } = given
  made += 1
  const condition = toCondition([rule], {})
  return { accountId: 1, computerKey: made + 100, since: 0, message: null, condition, ...rest, n: made }
}

describe('groups', () => {
  test('the same error on many computers of several accounts is one', () => {
    const troubles = [
      aTrouble({ accountId: 1, message: 'Fatal: dial tcp 192.0.2.7:443: connection refused' }),
      aTrouble({ accountId: 2, message: 'Fatal: dial tcp 192.0.2.7:443: connection refused' }),
      aTrouble({ accountId: 3, message: 'no space left on device' }),
    ]
    expect(groupTroubles(troubles).map(({ kind, troubles: { length } }) => [kind, length])).toEqual([
      ['message', 2],
      ['account', 1],
    ])
  })

  test('what was missed on one computer is one', () => {
    const missed = { rule: 'MISSED' as const, computerKey: 7 }
    const groups = groupTroubles([aTrouble(missed), aTrouble(missed), aTrouble({ ...missed, computerKey: 8 })])
    expect(groups.map(({ kind, troubles: { length } }) => [kind, length])).toEqual([
      ['computer', 2],
      ['account', 1],
    ])
  })

  test('what nothing else shares is by account', () => {
    const groups = groupTroubles([
      aTrouble({ accountId: 1, message: 'disk full' }),
      aTrouble({ accountId: 1, message: 'mailbox locked' }),
      aTrouble({ accountId: 2 }),
      aTrouble({ accountId: 2 }),
    ])
    expect(groups.map(({ kind, troubles: { length } }) => [kind, length])).toEqual([
      ['account', 2],
      ['account', 2],
    ])
  })

  test('failures come before warnings, and what is newest before what is old', () => {
    const groups = groupTroubles([
      aTrouble({ accountId: 1, rule: 'WARNINGS', since: 9 }),
      aTrouble({ accountId: 2, since: 1 }),
      aTrouble({ accountId: 3, since: 5 }),
      aTrouble({ accountId: 3, since: 2, rule: 'WARNINGS' }),
    ])
    expect(groups.map(({ status, since, troubles }) => [status, since, troubles.map(one => one.since)])).toEqual([
      ['FAILURE', 5, [5, 2]],
      ['FAILURE', 1, [1]],
      ['WARNING', 9, [9]],
    ])
  })

  test('every trouble is in one of them, whatever the troubles are', () => {
    const trouble = fc
      .record({
        accountId: fc.integer({ min: 1, max: 3 }),
        computerKey: fc.integer({ min: 1, max: 4 }),
        since: fc.integer({ min: 0, max: 9 }),
        message: fc.option(fc.constantFrom('disk full', 'timeout 5', 'timeout 6', '')),
        rule: fc.constantFrom<ConditionRule>('MISSED', 'NOT_SEEN', 'ERRORS', 'WARNINGS', 'RPO_EXCEEDED'),
      })
      .map(aTrouble)
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 20 }), troubles => {
        const found = groupTroubles(troubles).flatMap(group => group.troubles.map(({ n }) => n))
        expect(new Set(found)).toEqual(new Set(troubles.map(({ n }) => n)))
        expect(found).toHaveLength(troubles.length)
      }),
    )
  })
})

test.each([
  ['unable to open /home/a/file-12.txt', 'unable to open /srv/other/file'],
  ['C:\\Users\\one\\x.pst: locked', 'D:\\data\\y.pst: locked'],
  ['snapshot 9b6b490d failed after 3 tries', 'snapshot 00ff1122 failed after 12 tries'],
  ["mailbox 'orders' locked", "mailbox 'info' locked"],
  ['Timeout  after 30s', 'timeout after 31s'],
])('%j says the same as %j', (one, other) => {
  expect(toMessageSignature(one)).toBe(toMessageSignature(other))
})

test.each([
  ['dial tcp nas.example: refused', 'dial tcp vault.example: refused'],
  ['s3://bucket-one: denied', 's3://bucket-two: denied'],
  ['disk full', 'permission denied'],
])('%j does not say the same as %j', (one, other) => {
  expect(toMessageSignature(one)).not.toBe(toMessageSignature(other))
})

test('a message of any length and any letters has a signature', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), text => toMessageSignature(text).length <= 300),
  )
})

test('each condition says what to do next', () => {
  expect(toNextStep(toCondition(['ERRORS', 'WARNINGS'], {}))).toBe('READ_LOG')
  expect(toNextStep(toCondition(['MISSED'], {}))).toBe('CHECK_SCHEDULER')
  expect(toNextStep(toCondition(['COMPLETED'], {}))).toBe('NOTHING')
})
