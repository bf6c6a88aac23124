import { describe, expect, test } from 'vitest'
import { days, minutes } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import type { Computer } from '../../domain/tree.ts'
import type { Row } from '../../../test/support/a-reader.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, at, aToken, recordReport } from '../../../test/support/builders.ts'
import { aNewSet, aRunReport, placeOf, runKey } from '../../../test/support/tree.ts'

type Answer = { from: string; until: string; stay: number; vanish: Row[]; appear: Row[] }

const backtestUrl = ({ username, computerId }: Computer, name = 'Documents') =>
  `/v1/accounts/${username}/computers/${computerId}/backupsets/${encodeURIComponent(name)}/backtest`

/**
 * A set that is due every night at 23:00 in New York and ran from 1 March on: on the 3rd three hours late, on the 4th
 * with a warning. It is 10:00 on the 5th.
 */
async function aSet({ server = undefined as TestServer | undefined, username = 'acme' } = {}) {
  const own = server ?? (await aServer())
  const computer = await aComputer(own, { username })
  const set = aNewSet(computer, { schedule: parseSchedule('cron 0 23 * * *') })
  await own.store.addBackupSet(set, at('2026-03-01T12:00:00-05:00'))
  for (const local_start of ['2026-03-01T23', '2026-03-02T23', '2026-03-04T02', '2026-03-04T23']) {
    const warnings = local_start === '2026-03-04T23' ? 1 : 0
    const report = { local_start: `${local_start}:00:00-05:00`, local_end: `${local_start}:20:00-05:00`, warnings }
    await recordReport(own, computer, aReport(report))
  }
  const token = await aToken(own, { scopes: ['computers_read'], place: computer })
  return {
    server: own,
    computer,
    token,
    ask: (body: object | string = {}, headers: Record<string, string> = {}) =>
      own.post(backtestUrl(computer), body, { token, headers: { 'content-type': 'application/json', ...headers } }),
  }
}

const missed = {
  local_time: '2026-03-04T00:00:00-05:00',
  condition_status: 'FAILURE',
  condition_types: ['MISSED'],
  due: '2026-03-03T23:00:00-05:00',
}

describe('200', () => {
  test('a longer grace lets the miss of a late run vanish, and nothing else', async () => {
    const { ask } = await aSet()
    const answer = await ask({ grace_minutes: 240, days: 7 })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe(
      JSON.stringify({
        from: '2026-02-26T10:00:00-05:00',
        until: '2026-03-05T10:00:00-05:00',
        stay: 8,
        vanish: [missed],
        appear: [],
      }),
    )
  })

  test.each<[string, object, Row[]]>([
    ['nothing else', {}, []],
    [
      'what it has already',
      { schedule: 'cron 00 23 * * *', grace_minutes: 60, rpo_minutes: null, time_zone: null },
      [],
    ],
    ['the same zone by name', { time_zone: 'America/New_York', policy: {} }, []],
  ])('with %s nothing changes', async (_, body, rows) => {
    const { ask } = await aSet()
    expect((await ask(body)).json()).toMatchObject({ stay: 9, vanish: rows, appear: rows })
  })

  test('90 days are looked at unless told otherwise, and at most 366', async () => {
    const { ask } = await aSet()
    expect((await ask()).json()).toMatchObject({ from: '2025-12-05T10:00:00-05:00' })
    expect((await ask({ days: 366 })).json()).toMatchObject({ from: '2025-03-04T10:00:00-05:00' })
    expect((await ask({ days: 1 })).json()).toMatchObject({ from: '2026-03-04T10:00:00-05:00', stay: 3 })
  })

  test('another policy exchanges the changes whose status it sets, in any letter case', async () => {
    const { ask } = await aSet()
    const change = { local_time: '2026-03-04T23:20:00-05:00', condition_types: ['WARNINGS'], due: '' }
    expect((await ask({ policy: { warnings: 'failure' } })).json()).toMatchObject({
      vanish: [{ ...change, condition_status: 'WARNING' }],
      appear: [{ ...change, condition_status: 'FAILURE' }],
    })
  })

  test.each<[string, object, string[]]>([
    ['an objective', { rpo_minutes: 24 * 60 }, ['2026-03-03T23:00:00-05:00']],
    ['a schedule that asks for more', { schedule: 'cron 0 11,23 * * *' }, ['2026-03-02T12:00:00-05:00']],
    ['a shorter run limit', { run_limit_minutes: 10 }, ['2026-03-01T23:10:00-05:00']],
    ['the clock of another zone', { time_zone: 'Asia/Tokyo' }, ['2026-03-02T10:00:00-05:00']],
    ['no early tolerance', { schedule: 'cron 5 23 * * *', early_tolerance_minutes: 0 }, ['2026-03-03T00:05:00-05:00']],
  ])('%s lets failures appear', async (_, body, times) => {
    const { ask } = await aSet()
    const { appear } = (await ask(body)).json<Answer>()
    const failures = appear.filter(row => row['condition_status'] === 'FAILURE').map(row => row['local_time'])
    expect(failures).toEqual(expect.arrayContaining(times))
  })

  test('the partner’s policy is what holds at present', async () => {
    const { server, ask } = await aSet()
    await server.store.changePartner(server.root.id, { policy: { MISSED: 'WARNING' } })
    expect((await ask({ grace_minutes: 240 })).json()).toMatchObject({
      vanish: [{ ...missed, condition_status: 'WARNING' }],
      appear: [],
    })
  })

  test('due times before the set was added count neither way', async () => {
    const { ask } = await aSet()
    const { appear } = (await ask({ schedule: 'cron 0 * * * *' })).json<Answer>()
    expect(
      appear
        .map(row => String(row['due']))
        .filter(Boolean)
        .toSorted()[0],
    ).toBe('2026-03-01T13:00:00-05:00')
  })

  test('what was missed when no server was awake is not, either way', async () => {
    const { server, ask } = await aSet()
    await server.store.pulse(at('2026-03-03T22:00:00-05:00'), {})
    await server.store.pulse(at('2026-03-04T06:00:00-05:00'), {})
    expect((await ask({ grace_minutes: 240 })).json()).toMatchObject({ vanish: [], appear: [] })
  })

  test('nothing is stored', async () => {
    const { server, computer, ask } = await aSet()
    const before = [
      await server.store.listBackupSets(computer.accountId, computer.key),
      await server.store.treeVersion(),
    ]
    await ask({ schedule: 'every 1m', grace_minutes: 0, policy: { WARNINGS: 'FAILURE' } })
    expect([
      await server.store.listBackupSets(computer.accountId, computer.key),
      await server.store.treeVersion(),
    ]).toEqual(before)
  })

  test('a set that never ran and is due whenever it likes has nothing to compare', async () => {
    const { server, computer, token } = await aSet()
    await server.store.addBackupSet(aNewSet(computer, { name: 'Mail/2' }), server.now)
    const answer = await server.post(backtestUrl(computer, 'Mail/2'), {}, { token })
    expect(answer.json()).toMatchObject({ stay: 0, vanish: [], appear: [] })
  })

  test('in XML every change is an element of its own', async () => {
    const { ask } = await aSet()
    const body = { policy: { MISSED: 'WARNING' }, days: 7 }
    const { body: xml } = await ask(body, { accept: 'application/xml' })
    const rest =
      '<local_time>2026-03-04T00:00:00-05:00</local_time><condition_status>STATUS</condition_status>' +
      '<condition_type>MISSED</condition_type><due>2026-03-03T23:00:00-05:00</due>'
    expect(xml).toContain(`<stay>8</stay><vanish>${rest.replace('STATUS', 'FAILURE')}</vanish>`)
    expect(xml).toContain(`<appear>${rest.replace('STATUS', 'WARNING')}</appear></backtest>`)
  })
})

describe('200: many runs', () => {
  test('of a set with more runs than are looked at the time begins with the first of those that are', async () => {
    const { server, computer } = await aSet()
    const begin = at('2026-02-01T00:00:00Z')
    await Promise.all(
      Array.from({ length: 20_005 }, (_, index) => {
        const startedAt = begin + index * minutes(2)
        const times = { startedAt, updatedAt: startedAt + 1, receivedAt: startedAt }
        return server.store.recordRun(
          placeOf(computer),
          aRunReport({ runKey: runKey(index), backupsetName: 'Busy', ...times }),
        )
      }),
    )
    server.now = begin + days(30)
    const token = await aToken(server, { place: computer })
    const answer = await server.post(backtestUrl(computer, 'Busy'), { run_limit_minutes: 5 }, { token })
    expect(answer.json()).toMatchObject({ from: '2026-01-31T19:10:00-05:00', vanish: [], appear: [] })
  })
})

describe('400', () => {
  test.each<[string, object | string, string]>([
    ['an unknown member', { grace: 60 }, 'grace is not a known member; known are schedule, time_zone, grace_minutes'],
    ['a presence', { presence: 'required' }, 'presence is not a known member'],
    ['a wrong schedule', { schedule: 'cron 0 25 * * *' }, 'The hour "25" is not between 0 and 23;'],
    ['a schedule that is none', { schedule: 23 }, 'schedule must be string.'],
    ['a schedule of many characters', { schedule: 'x'.repeat(9_000) }, 'A schedule has at most 1000 characters'],
    ['a zone that there is not', { time_zone: 'Mars/Base' }, '"Mars/Base" is not an IANA time zone'],
    ['a zone that is a number', { time_zone: 1 }, 'time_zone must be'],
    ['a grace below zero', { grace_minutes: -1 }, 'grace_minutes must be a whole number from 0 to 525600.'],
    ['a grace that is no whole number', { grace_minutes: 1.5 }, 'grace_minutes must be integer.'],
    ['a grace in words', { grace_minutes: '60' }, 'grace_minutes must be integer.'],
    ['a grace that is huge', { grace_minutes: 1e15 }, 'grace_minutes must be a whole number from 0 to 525600'],
    ['a grace of nothing', { grace_minutes: null }, 'grace_minutes must be integer.'],
    ['too much early tolerance', { early_tolerance_minutes: 1_441 }, 'early_tolerance_minutes must be a whole number'],
    ['no run limit', { run_limit_minutes: 0 }, 'run_limit_minutes must be a whole number from 1 to 525600.'],
    ['an objective of zero', { rpo_minutes: 0 }, 'rpo_minutes must be a whole number from 1 to 5256000.'],
    ['an objective in words', { rpo_minutes: 'none' }, 'rpo_minutes must be'],
    ['no days', { days: 0 }, 'days must be a whole number from 1 to 366.'],
    ['too many days', { days: 367 }, 'days must be a whole number from 1 to 366.'],
    ['half a day', { days: 0.5 }, 'days must be integer.'],
    ['an unknown rule', { policy: { LATE: 'FAILURE' } }, '"LATE=FAILURE" does not begin with a rule; there are'],
    ['a rule that means what it says', { policy: { COMPLETED: 'FAILURE' } }, 'does not begin with a rule'],
    ['an unknown status', { policy: { MISSED: 'RED' } }, '"MISSED=RED" does not give MISSED a status; write MISSED='],
    ['a status that is none', { policy: { MISSED: 1 } }, 'policy.MISSED must be string.'],
    ['a policy that is a list', { policy: ['MISSED'] }, 'policy must be object.'],
    ['a rule in disguise', { policy: { 'MISSED=WARNING': 'FAILURE' } }, 'does not give MISSED a status'],
    ['a list', [], 'The backtest must be object.'],
    ['a body that is null', 'null', 'The backtest must be object.'],
    ['a body that ends early', '{"days":', 'The body is not valid JSON.'],
    ['a body that poisons a prototype', '{"__proto__":{"days":1}}', 'The body is not valid JSON.'],
    ['a policy that poisons a prototype', '{"policy":{"__proto__":{"x":1}}}', 'The body is not valid JSON.'],
    ['an empty body', '', 'The body is empty, but its Content-Type says JSON.'],
  ])('%s', async (_, body, description) => {
    const { ask } = await aSet()
    const answer = await ask(body)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error: 'invalid_request', error_description: expect.stringContaining(description) as string },
    ])
    expect(answer.body.length).toBeLessThan(700)
  })

  test('no body at all', async () => {
    const { server, computer, token } = await aSet()
    const answer = await server.post(backtestUrl(computer), undefined, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: 'The body is missing; send it as application/json or application/xml.' },
    ])
  })

  test('a parameter', async () => {
    const { server, computer, token } = await aSet()
    const answer = await server.post(`${backtestUrl(computer)}?days=7`, {}, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: '"days" is not a parameter of this path; there are none.' },
    ])
  })
})

describe('404', () => {
  test('a set that there is not, and one outside of the caller’s tree', async () => {
    const { server, computer, token } = await aSet()
    expect((await server.post(backtestUrl(computer, 'Mail'), {}, { token })).statusCode).toBe(404)
    await anAccount(server, { username: 'foreign', partner: await aPartner(server) })
    const { computer: foreign } = await aSet({ server, username: 'foreign' })
    const answer = await server.post(backtestUrl(foreign), {}, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      404,
      { error_description: 'There is no computer 0000 of an account foreign.' },
    ])
  })
})

describe('413', () => {
  test('a body of more than 64 KiB', async () => {
    const { ask } = await aSet()
    expect((await ask({ schedule: 'x'.repeat(65 * 1024) })).statusCode).toBe(413)
  })
})

test('the settings may be XML', async () => {
  const { ask } = await aSet()
  const xml =
    '<backtest><schedule>cron 0 1 * * *</schedule><rpo_minutes/><policy><MISSED>WARNING</MISSED></policy></backtest>'
  const json = { schedule: 'cron 0 1 * * *', rpo_minutes: null, policy: { MISSED: 'WARNING' } }
  const answer = await ask(xml, { 'content-type': 'application/xml' })
  expect([answer.statusCode, answer.body]).toEqual([200, (await ask(JSON.stringify(json))).body])
})

describe('415', () => {
  test.each(['text/csv', 'text/plain', 'application/x-www-form-urlencoded'])('a body of %s', async type => {
    const { ask } = await aSet()
    expect((await ask('{}', { 'content-type': type })).statusCode).toBe(415)
  })
})
