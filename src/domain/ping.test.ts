import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aPing, aRid } from '../../test/support/pings.ts'
import { hours, minutes, seconds } from './instant.ts'
import { decidePing, type Ping, type PingedRun, type PingedSet, startRepeatMs } from './ping.ts'
import { hasEnded, mergeRun, outranks, type RunState } from './run.ts'

/** A set in memory that does with reports what the store does. */
function aSet() {
  const runs = new Map<string, PingedRun>()
  const known = (ping: Ping): PingedSet => {
    const newestFirst = [...runs.values()].toSorted((one, other) => other.facts.startedAt - one.facts.startedAt)
    const own = ping.rid === null ? undefined : runs.get(ping.runKey)
    const open = newestFirst.filter(run => run.awaitsEnd && !hasEnded(run.facts))
    return { name: 'Documents', own: own && { ...own, rid: ping.rid }, open, newest: newestFirst[0] }
  }
  const send = (ping: Ping) => {
    const decision = decidePing(ping, known(ping))
    for (const { runKey, messages, log, ...report } of decision.reports) {
      const facts = { ...report, plugin: report.plugin ?? ('file' as const) }
      const run = runs.get(runKey) ?? { runKey, rid: null, facts, awaitsEnd: false, messages, log }
      const said = !runs.has(runKey) || outranks(facts, run.facts) ? { messages, log } : {}
      runs.set(runKey, { ...run, ...said, facts: mergeRun(run.facts, facts) })
    }
    const change = (runKey: string, to: Partial<PingedRun>) => {
      const run = runs.get(runKey)
      if (run) runs.set(runKey, { ...run, ...to })
    }
    if (decision.logged) change(decision.logged.runKey, decision.logged)
    if (decision.begun !== null) change(decision.begun, { awaitsEnd: true, rid: ping.rid })
    for (const runKey of decision.ended) change(runKey, { awaitsEnd: false })
    return decision
  }
  return { runs: () => [...runs.values()], send }
}

function statesAfter(...pings: Ping[]): RunState[] {
  const set = aSet()
  for (const ping of pings) set.send(ping)
  return set.runs().map(({ facts }) => facts.state)
}

describe('without a rid', () => {
  test.each<[string, Ping[], RunState[]]>([
    ['a start is a running run', [aPing('start')], ['running']],
    ['a success ends it', [aPing('start'), aPing('success', { at: 1 })], ['finished']],
    ['a fail ends it', [aPing('start'), aPing('fail', { at: 1 })], ['failed']],
    ['an exit status ends it', [aPing('start'), aPing('fail', { at: 1, exitStatus: 3 })], ['failed']],
    ['an end alone is a run', [aPing('success'), aPing('fail', { at: 1 })], ['finished', 'failed']],
    ['a log is no run', [aPing('log', { body: 'x' })], []],
    ['a log changes no state', [aPing('start'), aPing('log', { at: 1, body: 'x' })], ['running']],
    ['a start sent again is the same', [aPing('start'), aPing('start', { at: startRepeatMs })], ['running']],
    [
      'a start after one that never ended is a new run, and the old one is over',
      [aPing('start'), aPing('start', { at: startRepeatMs + 1 }), aPing('success', { at: hours(1) })],
      ['crashed', 'finished'],
    ],
    [
      'the end is that of the newest run that has not ended',
      [aPing('start', { rid: 1 }), aPing('start', { rid: 2, at: 1 }), aPing('success', { at: 2 })],
      ['running', 'finished'],
    ],
    [
      'a run that was ended without its rid may still tell its own end',
      [aPing('start', { rid: 1 }), aPing('success', { at: 1 }), aPing('fail', { rid: 1, at: 2 })],
      ['failed'],
    ],
  ])('%s', (_, pings, states) => {
    expect(statesAfter(...pings)).toEqual(states)
  })
})

describe('with a rid', () => {
  test.each<[string, Ping[], RunState[]]>([
    ['start and end are one run', [aPing('start', { rid: 1 }), aPing('success', { rid: 1, at: 9 })], ['finished']],
    ['also the other way round', [aPing('success', { rid: 1 }), aPing('start', { rid: 1, at: 9 })], ['finished']],
    [
      'a failure stays one',
      [aPing('fail', { rid: 1 }), aPing('success', { rid: 1, at: 1 }), aPing('start', { rid: 1, at: 2 })],
      ['failed'],
    ],
    ['a failure after a success counts', [aPing('success', { rid: 1 }), aPing('fail', { rid: 1, at: 1 })], ['failed']],
    [
      'a success ends no other run',
      [aPing('start', { rid: 1 }), aPing('success', { rid: 2, at: 1 })],
      ['running', 'finished'],
    ],
    [
      'a fail ends the newest other run, too',
      [aPing('start', { rid: 1 }), aPing('fail', { rid: 2, at: 1 })],
      ['failed', 'failed'],
    ],
    [
      'a fail ends a run that started without a rid',
      [aPing('start'), aPing('fail', { rid: 2, at: 1 })],
      ['failed', 'failed'],
    ],
    [
      'a fail of the newest run leaves the older ones',
      [aPing('start', { rid: 1 }), aPing('start', { rid: 2, at: 1 }), aPing('fail', { rid: 2, at: 2 })],
      ['running', 'failed'],
    ],
    [
      'a run that another failure ended may still tell its own end',
      [aPing('start', { rid: 1 }), aPing('fail', { rid: 2, at: 1 }), aPing('success', { rid: 1, at: 1 })],
      ['finished', 'failed'],
    ],
  ])('%s', (_, pings, states) => {
    expect(statesAfter(...pings)).toEqual(states)
  })

  test('a run takes the time between the first start and the first end', () => {
    const set = aSet()
    set.send(aPing('start', { rid: 1, at: seconds(1) }))
    set.send(aPing('start', { rid: 1, at: seconds(2) }))
    set.send(aPing('success', { rid: 1, at: seconds(60) }))
    set.send(aPing('success', { rid: 1, at: seconds(90) }))
    expect(set.runs()).toMatchObject([{ facts: { startedAt: seconds(1), updatedAt: seconds(60) } }])
  })

  test('a clock that goes back makes no run that ends before its start', () => {
    const set = aSet()
    set.send(aPing('start', { rid: 1, at: minutes(5) }))
    set.send(aPing('success', { rid: 1, at: 0 }))
    expect(set.runs()).toMatchObject([{ facts: { startedAt: minutes(5), updatedAt: minutes(5) } }])
  })
})

describe('what is sent', () => {
  test('is the log of its run, each body once, log entries as often as they come', () => {
    const set = aSet()
    for (const kind of ['start', 'start', 'log', 'log', 'success', 'success'] as const) {
      set.send(aPing(kind, { rid: 1, body: `${kind}\n` }))
    }
    expect(set.runs()).toMatchObject([{ log: 'start\nlog\nlog\nsuccess\n' }])
  })

  test('by a log goes to the run of its rid, else to the running one, else to the newest', () => {
    const set = aSet()
    set.send(aPing('start', { rid: 1 }))
    set.send(aPing('success', { rid: 2, at: 1 }))
    set.send(aPing('log', { rid: 2, at: 2, body: 'two' }))
    set.send(aPing('log', { rid: 9, at: 2, body: 'open' }))
    set.send(aPing('success', { rid: 1, at: 3 }))
    set.send(aPing('log', { at: 4, body: 'newest' }))
    expect(set.runs().map(({ log }) => log)).toEqual(['open', 'two\nnewest'])
  })

  test('stays when a failure of another run ends its own', () => {
    const set = aSet()
    set.send(aPing('start', { rid: 1, body: 'begin' }))
    set.send(aPing('fail', { rid: 2, at: 1, body: 'other' }))
    expect(set.runs()).toMatchObject([{ log: 'begin', messages: [{ level: 'error' }] }, { log: 'other' }])
  })
})

describe('any pings with rids, in any order and repeated', () => {
  const sent = fc.record({
    kind: fc.constantFrom('start' as const, 'success' as const, 'fail' as const),
    rid: fc.integer({ min: 1, max: 3 }),
    exitStatus: fc.constantFrom(null, 1, 3),
  })
  const toPing = ({ kind, rid, exitStatus }: typeof sent extends fc.Arbitrary<infer Sent> ? Sent : never, at: number) =>
    aPing(kind, { rid, at, exitStatus: kind === 'fail' ? exitStatus : null })

  /** How the runs stand whose own end was told, whatever the times. */
  function endsOf(pings: Ping[]) {
    const set = aSet()
    for (const ping of pings) set.send(ping)
    const told = new Set(pings.filter(({ kind }) => kind !== 'start').map(({ runKey }) => runKey))
    const ends = set.runs().filter(({ runKey }) => told.has(runKey))
    return ends
      .map(({ runKey, facts: { state, errors, exitStatus } }) => ({ runKey, state, errors, exitStatus }))
      .toSorted((one, other) => (one.runKey < other.runKey ? -1 : 1))
  }

  test('end in the same runs', () => {
    const orders = fc.array(sent, { minLength: 1, maxLength: 8 }).chain(pings =>
      fc.tuple(
        fc.constant(pings),
        fc.shuffledSubarray(
          [...pings, ...pings].map((_, index) => index % pings.length),
          { minLength: 2 * pings.length },
        ),
      ),
    )
    fc.assert(
      fc.property(orders, ([pings, order]) => {
        const once = pings.map(toPing)
        const again = order.flatMap((index, at) => {
          const ping = pings[index]
          return ping ? [toPing(ping, at)] : []
        })
        expect(endsOf(again)).toEqual(endsOf(once))
      }),
    )
  })

  test('are never green after a failure of the same rid, and end every run that told its end', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 12 }), all => {
        const set = aSet()
        const pings = all.map(toPing)
        for (const ping of pings) {
          set.send(ping)
          const before = pings.slice(0, pings.indexOf(ping) + 1)
          for (const { runKey, facts } of set.runs()) {
            const own = before.filter(one => one.runKey === runKey)
            if (own.some(({ kind }) => kind === 'fail')) expect(facts.state).toBe('failed')
            else if (own.some(({ kind }) => kind === 'success')) expect(facts.state).toBe('finished')
            expect(facts.updatedAt).toBeGreaterThanOrEqual(facts.startedAt)
          }
        }
      }),
    )
  })
})

test('the rids of tests are canonical UUIDs', () => {
  expect(aRid(255)).toBe('11111111-0000-4000-8000-0000000000ff')
})
