import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { at, aToken } from '../../../test/support/builders.ts'

const path = '/v1/general/schedule_preview'

async function aCaller() {
  const server = await aServer()
  const token = await aToken(server, { scopes: [] })
  return {
    server,
    ask: (query: Record<string, string> | string) => askWith(server, token, new URLSearchParams(query).toString()),
    askRaw: (query: string) => askWith(server, token, query),
  }
}

function askWith(server: TestServer, token: string, query: string) {
  return server.get(`${path}?${query}`, { token })
}

type Preview = { schedule: string; time_zone: string; description: string; due: string[] }

describe('200', () => {
  test('a schedule is answered with its canonical text, in words, and with its next ten due times', async () => {
    const { ask } = await aCaller()
    const answer = await ask({ schedule: 'cron 00 23 * * mon-fri', time_zone: 'America/New_York' })
    const { due, ...preview } = answer.json<Preview>()
    expect([answer.statusCode, preview]).toEqual([
      200,
      {
        schedule: 'cron 0 23 * * 1-5',
        time_zone: 'America/New_York',
        description: 'at 23:00 on weekdays, America/New_York',
      },
    ])
    expect(due).toHaveLength(10)
    expect([due[0], due[2], due.at(-1)]).toEqual([
      '2026-03-05T23:00:00-05:00',
      '2026-03-09T23:00:00-04:00',
      '2026-03-18T23:00:00-04:00',
    ])
  })

  test('the clock is that of UTC and the beginning is now, unless told otherwise', async () => {
    const { server, ask } = await aCaller()
    server.now = at('2026-03-05T15:00:00Z')
    const hourly = { schedule: 'cron 0 * * * *', count: '2' }
    const due = ['2026-03-05T15:00:00+00:00', '2026-03-05T16:00:00+00:00']
    expect((await ask(hourly)).json()).toMatchObject({ time_zone: 'UTC', due })
    server.now += 1
    expect((await ask({ ...hourly, count: '1' })).json()).toMatchObject({ due: due.slice(1) })
  })

  test.each([
    ['an instant', '2026-03-07T00:00:00Z', '2026-03-07T02:00:00+01:00'],
    ['a date, from its midnight', '2026-03-29', '2026-03-29T03:00:00+02:00'],
    ['a wall time of the zone', '2026-03-28T02:00:01', '2026-03-29T03:00:00+02:00'],
    ['an offset', '2026-07-01T00:00:00+05:45', '2026-07-01T02:00:00+02:00'],
  ])('from may be %s', async (_, from, due) => {
    const { ask } = await aCaller()
    const answer = await ask({ schedule: 'cron 0 2 * * *', time_zone: 'Europe/Berlin', from, count: '1' })
    expect(answer.json()).toMatchObject({ due: [due] })
  })

  test('the zone that a schedule names goes first', async () => {
    const { ask } = await aCaller()
    const answer = await ask({ schedule: 'calendar 12:00 Asia/Kathmandu', time_zone: 'Europe/Berlin', count: '1' })
    expect(answer.json()).toMatchObject({ time_zone: 'Asia/Kathmandu', due: ['2026-03-06T12:00:00+05:45'] })
  })

  test.each(['manual', 'calendar 2020-01-01'])('%s is not due any more', async schedule => {
    const { ask } = await aCaller()
    expect((await ask({ schedule })).json()).toMatchObject({ due: [] })
  })

  test.each([1, 1_000])('%i due times are given', async count => {
    const { ask } = await aCaller()
    const { due } = (await ask({ schedule: 'calendar *:*:*', count: String(count) })).json<Preview>()
    expect(due).toHaveLength(count)
    expect(due.toSorted()).toEqual(due)
  })

  test('a literal plus sign is a space, as in a form', async () => {
    const { askRaw } = await aCaller()
    const answer = await askRaw('schedule=cron+0+23+*+*+*&count=1')
    expect(answer.json()).toMatchObject({ schedule: 'cron 0 23 * * *' })
  })

  test('in XML every due time is an element of its own, whatever condition types are', async () => {
    for (const xmlConditionTypes of ['repeat', 'wrap', 'plural'] as const) {
      const server = await aServer({ xmlConditionTypes })
      const headers = { accept: 'application/xml' }
      const query = new URLSearchParams({ schedule: 'cron 0 23 * * *', count: '2' }).toString()
      const answer = await server.get(`${path}?${query}`, { token: await aToken(server), headers })
      expect(answer.body).toContain(
        '<schedule_preview><schedule>cron 0 23 * * *</schedule><time_zone>UTC</time_zone>' +
          '<description>at 23:00 every day, UTC</description>' +
          '<due>2026-03-05T23:00:00+00:00</due><due>2026-03-06T23:00:00+00:00</due></schedule_preview>',
      )
    }
  })
})

describe('400', () => {
  const good = { schedule: 'cron 0 23 * * *' }

  test.each<[string, Record<string, string>, string | RegExp]>([
    ['no schedule', {}, 'schedule is missing; send for example: schedule=cron 0 23 * * *.'],
    ['an empty schedule', { schedule: '' }, /^"" is not a schedule: it begins with cron, calendar, every or manual/],
    ['no schedule at all', { schedule: 'at noon' }, /^"at noon" is not a schedule/],
    ['a wrong hour', { schedule: 'cron 0 25 * * *' }, /^The hour "25" is not between 0 and 23; write for example/],
    ['a field too few', { schedule: 'cron 0 23 * *' }, /^.*cron/],
    ['a wrong weekday', { schedule: 'calendar Foo 23:00' }, /"Foo/],
    ['an interval that is too long', { schedule: 'every 367d' }, /^"367d" is not an interval/],
    ['a time that never comes', { schedule: 'cron 0 0 30 2 *' }, /never comes/],
    ['a schedule of many characters', { schedule: 'x'.repeat(9_000) }, /^A schedule has at most 1000 characters/],
    ['another zone', { ...good, time_zone: 'Mars/Base' }, '"Mars/Base" is not an IANA time zone; write one such as'],
    ['an empty zone', { ...good, time_zone: '' }, '"" is not an IANA time zone'],
    ['an offset for a zone', { ...good, time_zone: '+01:00' }, '"+01:00" is not an IANA time zone'],
    ['a date that there is not', { ...good, from: '2026-02-30' }, 'from must be a date such as'],
    ['an empty date', { ...good, from: '' }, 'from must be a date such as'],
    ['a date before 1970', { ...good, from: '1969-12-31' }, 'from must be a date such as'],
    ['a date of five digits', { ...good, from: '10000-01-01' }, 'from must be a date such as'],
    ['no due times', { ...good, count: '0' }, 'count must be a whole number from 1 to 1000, not "0".'],
    ['too many due times', { ...good, count: '1001' }, 'count must be a whole number from 1 to 1000, not "1001".'],
    ['a count in words', { ...good, count: 'ten' }, 'count must be a whole number'],
    ['a fraction', { ...good, count: '1.5' }, 'count must be a whole number'],
    ['an unknown parameter', { ...good, zone: 'UTC' }, '"zone" is not a parameter of this path; there are schedule, '],
    ['a prototype', { ...good, ['__proto__']: 'x' }, '"__proto__" is not a parameter of this path'],
  ])('%s', async (_, query, description) => {
    const { ask } = await aCaller()
    // Entries, because an object with this member of its own would lose it on the way.
    const answer = await ask(new URLSearchParams(Object.entries(query)).toString())
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([400, 'invalid_request'])
    const said = answer.json<{ error_description: string }>().error_description
    if (typeof description === 'string') expect(said).toContain(description)
    else expect(said).toMatch(description)
    expect(said.length).toBeLessThan(400)
  })

  test.each(['schedule', 'time_zone', 'from', 'count'])('%s given twice', async name => {
    const { askRaw } = await aCaller()
    const once = { schedule: 'manual', time_zone: 'UTC', from: '2026-03-05', count: '1' }[name] ?? ''
    const answer = await askRaw(`schedule=manual&${name}=${once}&${name}=${once}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: `${name} must be given once.` },
    ])
  })

  test.each(['<script>', '\u0000', '\uFFFF', '%', '"]]>', 'cron 0 0 \u2028 * *', '🙂'.repeat(400)])(
    'hostile text: %j',
    async schedule => {
      const server = await aServer()
      const headers = { accept: 'application/xml' }
      const url = `${path}?${new URLSearchParams({ schedule }).toString()}`
      const answer = await server.get(url, { token: await aToken(server), headers })
      expect(answer.statusCode).toBe(400)
      // oxlint-disable-next-line no-control-regex
      expect(answer.body).not.toMatch(/<script>|[\u0000-\u0008\uFFFF]/)
    },
  )
})
