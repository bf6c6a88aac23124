import { describe, expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import type { Computer } from '../../domain/tree.ts'
import type { Row } from '../../../test/support/a-reader.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { aNewSet, testNow } from '../../../test/support/tree.ts'

type Page = { page: number; page_size: number; count: number; links: { rel: string; href: string }[]; list: Row[] }

const changesUrl = ({ username, computerId }: Computer, query = '', name = 'Documents') =>
  `/v1/accounts/${username}/computers/${computerId}/backupsets/${encodeURIComponent(name)}/condition_changes${query}`

async function judgeAt(server: TestServer, now: number): Promise<void> {
  server.now = now
  await server.store.judge({ now, catchUpMs: minutes(15) })
}

/** A set that is due every night at 23:00 in New York, added at 10:00 there. */
async function aSet({ name = 'Documents' } = {}) {
  const server = await aServer()
  const computer = await aComputer(server)
  const set = aNewSet(computer, { name, schedule: parseSchedule('cron 0 23 * * *') })
  await server.store.addBackupSet(set, testNow)
  const token = await aToken(server, { scopes: ['computers_read'], place: computer, lifetimeMs: days(9) })
  return {
    server,
    computer,
    token,
    ask: (query = '') => server.get(changesUrl(computer, query, name), { token }),
    page: async (query = '') => (await server.get(changesUrl(computer, query, name), { token })).json<Page>(),
  }
}

/** The same with so many runs, each a minute after the other, that were good and bad in turns. */
async function aSetWithChanges(count: number) {
  const made = await aSet()
  for (let index = 0; index < count; index += 1) {
    const local_start = new Date(testNow + minutes(index)).toISOString()
    made.server.now = testNow + minutes(index)
    const report = aReport({ local_start, local_end: local_start, errors: index % 2 })
    await recordReport(made.server, made.computer, report)
    await judgeAt(made.server, made.server.now)
  }
  return made
}

const missedAt = Date.parse('2026-03-06T00:00:00-05:00')

describe('200', () => {
  test('a set of which nothing was found has an empty list', async () => {
    const { page } = await aSet()
    const href =
      'https://backup.example.net/v1/accounts/acme/computers/0000/backupsets/Documents/condition_changes?page=1'
    expect(await page()).toEqual({ page: 1, page_size: 10, count: 0, links: [{ rel: 'first', href }], list: [] })
  })

  test('a row has its members in the published order, dates on the clock of the computer', async () => {
    const { server, computer, ask } = await aSet()
    const { action_id } = await recordReport(server, computer, aReport({ warnings: 2 }))
    await judgeAt(server, testNow + seconds(5))
    const row = {
      local_time: '2026-03-05T09:10:00-05:00',
      found: '2026-03-05T10:00:05-05:00',
      condition_status: 'WARNING',
      condition_types: ['WARNINGS'],
      found_status: 'WARNING',
      due: '',
      action_id,
      retracted: '',
      until: '',
    }
    const answer = await ask()
    expect(JSON.stringify(answer.json<Page>().list)).toBe(JSON.stringify([row]))
    expect(answer.headers).toMatchObject({ 'cache-control': 'private, no-cache' })
  })

  test('what was missed, what was retracted and when no server was awake are all told, newest first', async () => {
    const { server, computer, page } = await aSet()
    await server.store.pulse(testNow, {})
    await recordReport(server, computer)
    await judgeAt(server, testNow + seconds(1))
    await server.store.pulse(testNow + hours(4), {})
    await server.store.pulse(testNow + hours(4), { pulsedAt: testNow + hours(4) })
    await judgeAt(server, missedAt + 1)
    server.now = missedAt + hours(3)
    await recordReport(server, computer, aReport({ local_start: '2026-03-05T23:00:00-05:00', local_end: '' }))
    await judgeAt(server, missedAt + hours(3))
    const { count, list } = await page()
    expect(count).toBe(4)
    expect(list).toMatchObject([
      { condition_status: 'COMPLETED', found_status: 'COMPLETED', due: '', retracted: '', until: '' },
      {
        local_time: '2026-03-06T00:00:00-05:00',
        condition_status: 'FAILURE',
        condition_types: ['MISSED'],
        due: '2026-03-05T23:00:00-05:00',
        action_id: 0,
        retracted: '2026-03-06T03:00:00-05:00',
      },
      {
        local_time: '2026-03-05T10:00:01-05:00',
        found: '2026-03-05T14:00:00-05:00',
        condition_status: 'UNKNOWN',
        condition_types: [],
        found_status: '',
        due: '',
        action_id: 0,
        retracted: '',
        until: '2026-03-05T14:00:00-05:00',
      },
      { condition_status: 'COMPLETED' },
    ])
  })

  test('that there is no condition any more is empty', async () => {
    const { server, computer, page } = await aSet()
    await server.store.pulse(testNow, {})
    await judgeAt(server, missedAt + 1)
    await server.store.pulse(testNow + 1, { pulsedAt: missedAt + 1 })
    await judgeAt(server, testNow + 2)
    expect((await page()).list.slice(1, 2)).toMatchObject([
      { condition_status: '', condition_types: [], found_status: '', action_id: 0 },
    ])
    expect(computer.timeZone).toBe('America/New_York')
  })

  test('a policy changes every status of the past at once, and not what it was called then', async () => {
    const { server, computer, page } = await aSet()
    await recordReport(server, computer, aReport({ warnings: 1 }))
    await judgeAt(server, testNow + 1)
    await server.store.changePartner(server.root.id, { policy: { WARNINGS: 'FAILURE' } })
    const asFailure = [{ condition_status: 'FAILURE', condition_types: ['WARNINGS'], found_status: 'WARNING' }]
    expect((await page()).list).toMatchObject(asFailure)
    await judgeAt(server, testNow + minutes(1))
    expect((await page()).list).toMatchObject(asFailure)
  })

  test('pages follow each other and keep the caller’s other parameters', async () => {
    const { server, token, page } = await aSetWithChanges(12)
    const first = await page('?page_size=5')
    expect(first).toMatchObject({ page: 1, page_size: 5, count: 12 })
    const all = [...first.list]
    let next = first.links.find(({ rel }) => rel === 'next')
    while (next) {
      expect(next.href).toMatch(/^https:\/\/backup\.example\.net\/v1\/.*\?page_size=5&page=\d$/)
      const later = (await server.get(new URL(next.href).pathname + new URL(next.href).search, { token })).json<Page>()
      all.push(...later.list)
      next = later.links.find(({ rel }) => rel === 'next')
    }
    expect(all).toEqual((await page('?page_size=50')).list)
    const found = all.map(row => String(row['found']))
    expect(found).toEqual(found.toSorted().toReversed())
  })

  test('a page past the end is empty', async () => {
    const { page } = await aSetWithChanges(2)
    expect(await page('?page=2')).toMatchObject({ page: 2, count: 2, list: [] })
    expect(await page('?page=9007199254740991')).toMatchObject({ count: 2, list: [] })
  })

  test.each(['<R&D> "Ümläut" \u{1F4BE}', 'a/b', '100%', '備'.repeat(255), 'a?b#c'])(
    'a set is found by its name, whatever that is: %j',
    async name => {
      const { page } = await aSet({ name })
      const { list, links } = await page()
      expect(list).toEqual([])
      expect(decodeURIComponent(links[0]?.href ?? '')).toContain(`/backupsets/${name}/condition_changes`)
    },
  )

  test('in XML the element of a row is condition_change', async () => {
    const { server, computer, token } = await aSetWithChanges(2)
    const headers = { accept: 'application/xml' }
    const { body } = await server.get(changesUrl(computer, '?page_size=1'), { token, headers })
    expect(body).toContain('<list page="1" page_size="1" count="2"><link rel="first" ')
    expect(body).toContain('<condition_change><local_time>2026-03-05T10:01:00-05:00</local_time>')
    expect(body).toContain('<condition_type>ERRORS</condition_type>')
    expect(body).toContain('<until/></condition_change></list>')
  })
})

describe('400', () => {
  test.each([
    ['page=0', 'page must be a whole number from 1 to 9007199254740991, not "0".'],
    ['page=', 'page must be a whole number'],
    ['page=-1', 'page must be a whole number'],
    ['page=1.5', 'page must be a whole number'],
    ['page=99999999999999999999', 'page must be a whole number'],
    ['page_size=0', 'page_size must be a whole number from 1 to 50, not "0".'],
    ['page_size=51', 'page_size must be a whole number from 1 to 50, not "51".'],
    ['page_size=ten', 'page_size must be a whole number'],
    ['page=1&page=2', 'page must be given once.'],
    ['order_by=FOUND', '"order_by" is not a parameter of this path; there are page, page_size.'],
    ['%3Cscript%3E=1', '"<script>" is not a parameter'],
    [`${'x'.repeat(500)}=1`, 'is not a parameter'],
  ])('%s', async (query, description) => {
    const { ask } = await aSet()
    const answer = await ask(`?${query}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error: 'invalid_request', error_description: expect.stringContaining(description) as string },
    ])
  })
})

describe('404', () => {
  test('a set that there is not, and one of another computer', async () => {
    const { server, computer, token } = await aSet()
    const other = await aComputer(server, { name: 'Other' })
    await server.store.addBackupSet(aNewSet(other, { name: 'Elsewhere' }), testNow)
    for (const name of ['documents', 'Elsewhere', '%', '\u0000', 'x'.repeat(900)]) {
      const answer = await server.get(changesUrl(computer, '', name), { token })
      expect([name, answer.statusCode, answer.json()]).toMatchObject([name, 404, { error: 'not_found' }])
    }
    expect((await server.get(changesUrl(other, '', 'Elsewhere'), { token })).statusCode).toBe(404)
  })

  test('a name that is too long for a path', async () => {
    const { server, computer, token } = await aSet()
    expect((await server.get(changesUrl(computer, '', 'x'.repeat(1_001)), { token })).statusCode).toBe(414)
  })
})
