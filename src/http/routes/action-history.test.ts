import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, at, aToken, recordReport } from '../../../test/support/builders.ts'
import { aRunReport, placeOf, runKey } from '../../../test/support/tree.ts'
import type { RunReport } from '../../wire/run-report.ts'

type Row = Record<string, unknown>

const ofComputer = (query = '') => `/v1/accounts/acme/computers/0000/action_history${query}`
const ofAccount = (query = '') => `/v1/accounts/acme/action_history${query}`

/** A run of the set that began at an hour of 5 March on the clock of its computer. */
function aRunAt(hour: number, report: RunReport = {}): RunReport {
  const start = `2026-03-05T${String(hour).padStart(2, '0')}`
  return aReport({ local_start: `${start}:00:00-05:00`, local_end: `${start}:10:00-05:00`, ...report })
}

async function aHistory(reports: RunReport[] = []) {
  const server = await aServer()
  const computer = await aComputer(server)
  for (const report of reports) await recordReport(server, computer, report)
  const token = await aToken(server)
  const ask = (url: string, headers = {}) => server.get(url, { token, headers })
  return { server, computer, token, ask, rows: async (url: string) => (await ask(url)).json<{ list: Row[] }>().list }
}

const mixed = [
  aRunAt(1),
  aRunAt(2, { backupset_name: 'Mail', status: 'ERROR', errors: 1 }),
  aRunAt(3, { type: 'RESTORE' }),
  aRunAt(4, { backupset_name: 'Mail', status: 'CANCELED' }),
  aRunAt(5, { type: 'DELETE', backupset_name: 'Mail' }),
]

/** A run of every type, in most states; that of maintenance comes from a tool, because no report claims to be one. */
async function aMixedHistory() {
  const history = await aHistory(mixed)
  const startedAt = at('2026-03-05T06:00:00-05:00')
  const maintenance = aRunReport({ type: 'maintenance', state: 'failed', startedAt, updatedAt: startedAt })
  await history.server.store.recordRun(placeOf(history.computer), maintenance)
  await recordReport(history.server, history.computer, aRunAt(9, { status: 'RUNNING', local_end: '' }))
  return history
}
const ids = (list: Row[]) => list.map(row => row['action_id'])

describe('200', () => {
  test('each row is the run as it is read by itself', async () => {
    const { computer, rows, ask } = await aMixedHistory()
    const found = await rows(ofComputer())
    expect(ids(found)).toEqual([1, 2, 3, 4, 5, 6, 7])
    for (const row of found) {
      const url = `/v1/accounts/acme/computers/${computer.computerId}/runs/${String(row['action_id'])}`
      expect((await ask(url)).json()).toEqual(row)
    }
    expect(await rows(ofAccount())).toEqual(found)
  })

  test.each([
    ['type=BACKUP', [1, 2, 4, 7]],
    ['type=restore', [3]],
    ['type=RESTORE,DELETE', [3, 5]],
    ['type=MAINTENANCE&type=DELETE', [5, 6]],
    ['type=BACKUP,RESTORE', [1, 2, 3, 4, 7]],
    ['status=SUCCESS', [1, 3, 5]],
    ['status=ERROR', [2, 6]],
    ['status=CANCELED|RUNNING', [4, 7]],
    ['status=SUCCESS,RUNNING', [1, 3, 5, 7]],
    ['status=UNINITIALIZED,PAUSED,CANCELING', []],
    ['status=ERROR&type=BACKUP', [2]],
    ['backupset=Documents', [1, 3, 6, 7]],
    ['backupset=Documents&type=BACKUP', [1, 7]],
    ['backupset=Mail&status=ERROR', [2]],
    ['backupset=documents', []],
    ['backupset=', []],
    ['since=2026-03-05', [1, 2, 3, 4, 5, 6, 7]],
    ['since=2026-03-06', []],
    ['since=2026-03-05T03:00:00-05:00', [3, 4, 5, 6, 7]],
    ['since=2026-03-05T03:00:01-05:00', [4, 5, 6, 7]],
    ['since=2026-03-05T03:00:00', [3, 4, 5, 6, 7]],
    ['since=2026-03-05T08:00:00Z', [3, 4, 5, 6, 7]],
    ['since=2026-03-05T09:00:00+01:00', [3, 4, 5, 6, 7]],
    ['since=2026-03-05T09:00:00%2B01:00&status=SUCCESS', [3, 5]],
    ['order_by=LOCAL_START&order_dir=DESC', [7, 6, 5, 4, 3, 2, 1]],
    ['order_by=TYPE', [1, 7, 2, 4, 5, 6, 3]],
    ['order_by=STATUS', [6, 2, 4, 7, 1, 3, 5]],
    ['order_by=STATUS&order_dir=DESC', [5, 3, 1, 7, 4, 2, 6]],
    ['page_size=3&page=2', [4, 5, 6]],
    ['page_size=3&page=4', []],
    ['page=9007199254740991&page_size=50', []],
  ])('%s', async (query, expected) => {
    const { rows } = await aMixedHistory()
    expect(ids(await rows(ofComputer(`?${query}`)))).toEqual(expected)
    expect(ids(await rows(ofAccount(`?${query}`)))).toEqual(expected)
  })

  test('a day begins at midnight of the clock that is asked, of a computer or of an account', async () => {
    const server = await aServer()
    await anAccount(server, { timeZone: 'America/New_York' })
    const computer = await aComputer(server, { ownTimeZone: 'Asia/Tokyo' })
    // Noon in Tokyo on the 5th; the evening of the 4th in New York.
    await recordReport(server, computer, aReport({ local_start: '2026-03-05T03:00:00Z', local_end: '' }))
    const token = await aToken(server)
    const count = async (url: string) => (await server.get(url, { token })).json<{ count: number }>().count
    expect(await count(ofComputer('?since=2026-03-05'))).toBe(1)
    expect(await count(ofAccount('?since=2026-03-05'))).toBe(0)
  })

  test('the envelope counts every page, and a bound list says where the next one is', async () => {
    const { ask } = await aMixedHistory()
    const url = ofComputer('?since=2026-03-05&page_size=5')
    expect((await ask(url)).json()).toMatchObject({
      page: 1,
      page_size: 5,
      count: 7,
      links: [
        { rel: 'first', href: `https://backup.example.net${url}&page=1` },
        { rel: 'next', href: `https://backup.example.net${url}&page=2` },
      ],
    })
  })

  test('an account has the runs of all its computers, of deleted ones too, and no others', async () => {
    const { server, computer, rows } = await aHistory([aRunAt(1)])
    const second = await aComputer(server, { name: 'Laptop' })
    const foreign = await aComputer(server, { username: 'other' })
    await recordReport(server, second, aRunAt(0))
    await recordReport(server, foreign, aRunAt(2))
    await server.store.changeComputer(computer.key, { status: 'deleted' })
    const found = await rows(ofAccount())
    expect(found.map(row => [row['computer_id'], row['username']])).toEqual([
      ['0001', 'acme'],
      ['0000', 'acme'],
    ])
  })

  test('runs that began at the same moment go by the name of their set, then by number', async () => {
    const { rows } = await aHistory(['b', 'B', 'a', 'ä', 'b'].map(backupset_name => aRunAt(1, { backupset_name })))
    const names = (list: Row[]) => list.map(row => `${String(row['backupset_name'])}${String(row['action_id'])}`)
    expect(names(await rows(ofComputer()))).toEqual(['B2', 'a3', 'b1', 'b5', 'ä4'])
    expect(names(await rows(ofComputer('?order_dir=DESC')))).toEqual(['ä4', 'b5', 'b1', 'a3', 'B2'])
  })

  test('in XML each run is an action', async () => {
    const { ask } = await aHistory([aRunAt(1)])
    const answer = await ask(ofAccount(), { accept: 'application/xml' })
    expect(answer.body).toMatch(
      /<list page="1" page_size="10" count="1"><link [^>]+\/><action><action_id>1<\/action_id>/,
    )
  })

  test('a computer without runs has none', async () => {
    const { ask } = await aHistory()
    expect((await ask(ofComputer())).json()).toMatchObject({ count: 0, list: [] })
  })
})

describe('400', () => {
  test.each([
    ['type=VERIFY', 'type must be one of BACKUP, RESTORE, DELETE, MAINTENANCE, not "VERIFY".'],
    ['type=', 'type must be one or more of BACKUP, RESTORE, DELETE, MAINTENANCE.'],
    [
      'status=FAILED',
      'status must be one of UNINITIALIZED, RUNNING, PAUSED, SUCCESS, CANCELING, CANCELED, ERROR, not "FAILED".',
    ],
    ['since=', 'since must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "".'],
    ['since=yesterday', 'since must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "yesterday".'],
    ['since=2026-02-30', 'since must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "2026-02-30".'],
    ['since=1969-12-31', 'since must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "1969-12-31".'],
    ['since=2026-03-05&since=2026-03-06', 'since must be given once.'],
    ['order_by=BYTES', 'order_by must be one of LOCAL_START, TYPE, STATUS, not "BYTES".'],
    ['page_size=51', 'page_size must be a whole number from 1 to 50, not "51".'],
    [
      'until=2026-03-05',
      '"until" is not a parameter of this path; there are since, backupset, type, status, order_by, order_dir, page, page_size.',
    ],
  ])('%s', async (query, message) => {
    const { ask } = await aHistory()
    for (const url of [ofComputer(`?${query}`), ofAccount(`?${query}`)]) {
      const answer = await ask(url)
      expect([answer.statusCode, answer.json<Row>()['error_description']]).toEqual([400, message])
    }
  })

  test('a text of any length and kind is refused in one sentence', async () => {
    const { ask } = await aHistory()
    const hostile = ['9'.repeat(6_000), '2026-03-05T'.repeat(300), "2026-03-05' or 1=1", '%00', '２０２６-03-05']
    for (const since of hostile) {
      const answer = await ask(ofComputer(`?since=${encodeURIComponent(since)}`))
      expect(answer.statusCode).toBe(400)
      expect(answer.body.length).toBeLessThan(400)
    }
  })
})

describe('404', () => {
  test('what is outside of the tree of the caller is answered as if it were not there', async () => {
    const { server } = await aHistory([aRunAt(1)])
    const token = await aToken(server, { place: await aPartner(server) })
    const said = async (url: string) => {
      const answer = await server.get(url, { token })
      return [answer.statusCode, String(answer.json<Row>()['error_description']).replace('nobody', 'acme')]
    }
    expect(await said(ofAccount())).toEqual(await said(ofAccount().replace('acme', 'nobody')))
    expect(await said(ofComputer())).toEqual(await said(ofComputer().replace('acme', 'nobody')))
    expect((await said(ofAccount()))[0]).toBe(404)
  })

  test('a token of one computer does not see its account', async () => {
    const { server, computer } = await aHistory()
    const token = await aToken(server, { place: computer })
    expect((await server.get(ofAccount(), { token })).statusCode).toBe(404)
    expect((await server.get(ofComputer(), { token })).statusCode).toBe(200)
  })
})

describe('going from page to page', () => {
  test('meets every run exactly once, whatever was reported in whatever order, and however large a page is', async () => {
    const next = await aServerOfMany()
    await fc.assert(
      fc.asyncProperty(
        fc.array(aReportOfFew, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('LOCAL_START', 'TYPE', 'STATUS'),
        fc.constantFrom('ASC', 'DESC'),
        async (reports, pageSize, orderBy, direction) => {
          const { record, walk } = await next()
          const recorded = new Set<number>()
          for (const report of reports) recorded.add(await record(report))
          const seen = await walk(`?page_size=${pageSize}&order_by=${orderBy}&order_dir=${direction}`)
          expect(seen.toSorted((one, other) => one - other)).toEqual([...recorded])
        },
      ),
      { numRuns: 30 },
    )
  })

  test('in ascending order, runs that start later than those seen come at the end, each once', async () => {
    const next = await aServerOfMany()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(2), { maxLength: 6 }),
        async (pageSize, more) => {
          const { record, walk } = await next()
          const recorded: number[] = []
          const add = async (count: number) => {
            for (; count > 0 && recorded.length < 10; count -= 1) recorded.push(await record(aRunAt(recorded.length)))
          }
          await add(3)
          const seen = await walk(`?page_size=${pageSize}`, () => add(more.shift() ?? 0))
          // What was added after the last page is for the next walk.
          expect(seen).toEqual(recorded.slice(0, seen.length))
          expect(seen.length).toBeGreaterThanOrEqual(3)
        },
      ),
      { numRuns: 20 },
    )
  })

  test('in either order, runs that are added meanwhile never hide one that was there', async () => {
    const next = await aServerOfMany()
    const hours = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(hours, hours, fc.constantFrom('ASC', 'DESC'), async (before, meanwhile, direction) => {
        const { record, walk } = await next()
        const there: number[] = []
        for (const hour of before) there.push(await record(aRunAt(hour)))
        const seen = await walk(`?page_size=2&order_dir=${direction}`, async () => {
          const hour = meanwhile.shift()
          if (hour !== undefined) await record(aRunAt(hour))
        })
        expect(there.filter(id => !seen.includes(id))).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})

/** A server that has another account with one computer for each round of a property. */
async function aServerOfMany() {
  const server = await aServer()
  const token = await aToken(server)
  let rounds = 0
  return async () => {
    const username = `account-${(rounds += 1)}`
    const computer = await aComputer(server, { username })
    return {
      record: async (report: RunReport) => Number((await recordReport(server, computer, report))['action_id']),
      walk: (query: string, between?: () => Promise<void>) =>
        walk(server, token, `/v1/accounts/${username}/action_history${query}`, between),
    }
  }
}

/** The numbers of the runs on all pages, as the links lead; `between` happens before each next page. */
async function walk(
  server: TestServer,
  token: string,
  first: string,
  between?: () => Promise<void>,
): Promise<number[]> {
  const seen: number[] = []
  for (let url: string | undefined = first; url !== undefined;) {
    const page: Page = (await server.get(url, { token })).json()
    seen.push(...page.list.map(({ action_id }) => action_id))
    url = page.links.find(({ rel }) => rel === 'next')?.href.replace('https://backup.example.net', '')
    await between?.()
  }
  return seen
}

type Page = { list: { action_id: number }[]; links: { rel: string; href: string }[] }

/** Reports of a few runs, several of some: ended or not, and with starts that collide. */
const aReportOfFew: fc.Arbitrary<RunReport & { run_key: string }> = fc
  .record({ key: fc.integer({ min: 1, max: 6 }), hour: fc.integer({ min: 0, max: 3 }), isOver: fc.boolean() })
  .map(({ key, hour, isOver }) => ({
    ...aRunAt(hour, {
      type: key % 3 === 0 ? 'BACKUP' : 'RESTORE',
      ...(isOver ? {} : { status: 'RUNNING', local_end: '' }),
    }),
    run_key: runKey(key),
    backupset_name: `Set ${key % 2}`,
  }))
