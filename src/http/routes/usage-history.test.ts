import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, at, aToken, recordReport } from '../../../test/support/builders.ts'
import { days } from '../../domain/instant.ts'

type Row = { date: string; bytes: number }

const nodes = ['/v1/accounts/acme/computers/0000', '/v1/accounts/acme', '/v1/partners/root'] as const

/** A computer with a backup of so many bytes that ended at noon of each of some days of 2026, on its clock. */
async function aUsage(backups: [day: string, bytes: number, set?: string][] = []) {
  const server = await aServer()
  const computer = await aComputer(server)
  server.now = at('2026-03-05T12:30:00-05:00')
  for (const [day, bytes, backupset_name = 'Documents'] of backups) {
    const times = { local_start: `2026-${day}T11:00:00-05:00`, local_end: `2026-${day}T12:00:00-05:00` }
    await recordReport(server, computer, aReport({ ...times, bytes, backupset_name }))
  }
  const token = await aToken(server, { lifetimeMs: days(2) })
  const ask = (query: string, node: string = nodes[0]) => server.get(`${node}/usage_history${query}`, { token })
  const rows = async (query: string, node?: string) => (await ask(query, node)).json<{ list: Row[] }>().list
  return { server, computer, ask, rows }
}

const short = (rows: Row[]) => rows.map(({ date, bytes }) => `${date.slice(5, 10)} ${bytes}`)

describe('200', () => {
  test.each(nodes)('%s: the bytes of each day are those of the newest good backups by its end', async node => {
    const { rows } = await aUsage([
      ['03-02', 100],
      ['03-03', 20, 'Mail'],
      ['03-05', 50],
    ])
    const found = await rows('?start_date=2026-03-01', node)
    expect(short(found)).toEqual(['03-01 0', '03-02 100', '03-03 120', '03-04 120', '03-05 70'])
    const offset = node === nodes[2] ? '+00:00' : '-05:00'
    expect(found[0]?.date).toBe(`2026-03-01T00:00:00${offset}`)
  })

  test('a day ends at midnight of the clock that is asked', async () => {
    const server = await aServer()
    await anAccount(server, { timeZone: 'America/New_York' })
    const computer = await aComputer(server, { ownTimeZone: 'Asia/Tokyo' })
    // The 3rd of March in Tokyo and in UTC, still the 2nd in New York.
    const times = { local_start: '2026-03-03T03:00:00Z', local_end: '2026-03-03T04:00:00Z' }
    await recordReport(server, computer, aReport({ ...times, bytes: 5 }))
    const token = await aToken(server)
    const of = async (node: string) => {
      const answer = await server.get(`${node}/usage_history?start_date=2026-03-02&end_date=2026-03-03`, { token })
      return short(answer.json<{ list: Row[] }>().list)
    }
    expect(await of(nodes[0])).toEqual(['03-02 0', '03-03 5'])
    expect(await of(nodes[1])).toEqual(['03-02 5', '03-03 5'])
    expect(await of(nodes[2])).toEqual(['03-02 0', '03-03 5'])
  })

  test.each([
    ['', 30, '2026-02-04'],
    ['?resolution=week', 26, '2025-09-08'],
    ['?resolution=MONTH', 12, '2025-04-01'],
    ['?resolution=CUSTOM', 30, '2026-02-04'],
    ['?resolution=CUSTOM&custom=60', 30, '2021-04-01'],
    ['?page_size=7', 30, '2026-02-04'],
  ])('%s: without dates there is one usual page that ends today', async (query, count, first) => {
    const { ask } = await aUsage()
    const { list, ...page } = (await ask(query)).json<{ list: Row[]; count: number; page_size: number }>()
    expect(page).toMatchObject({ count, page_size: query === '?page_size=7' ? 7 : count })
    expect([list.length, list[0]?.date.slice(0, 10)]).toEqual([page.page_size, first])
  })

  test('a week, a month and so many days have what was there at their end, or now', async () => {
    const { rows } = await aUsage([
      ['02-25', 1],
      ['03-01', 2],
      ['03-02', 3],
      ['03-05', 4],
    ])
    expect(short(await rows('?resolution=WEEK&start_date=2026-02-25'))).toEqual(['02-23 2', '03-02 4'])
    expect(short(await rows('?resolution=MONTH&start_date=2026-01-31'))).toEqual(['01-01 0', '02-01 1', '03-01 4'])
    expect(short(await rows('?resolution=CUSTOM&custom=3&start_date=2026-02-25'))).toEqual([
      '02-25 1',
      '02-28 3',
      '03-03 4',
    ])
  })

  test('pages go over the periods, in either order', async () => {
    const { ask } = await aUsage([['03-03', 7]])
    const query = '?start_date=2026-03-01&order_dir=DESC&page_size=2'
    const first = (await ask(query)).json<{ list: Row[]; links: { rel: string }[]; count: number }>()
    expect([first.count, short(first.list), first.links.map(({ rel }) => rel)]).toEqual([
      5,
      ['03-05 7', '03-04 7'],
      ['first', 'next'],
    ])
    expect(short((await ask(`${query}&page=3`)).json<{ list: Row[] }>().list)).toEqual(['03-01 0'])
    expect((await ask(`${query}&page=4`)).json()).toMatchObject({ count: 5, list: [] })
  })

  test('in XML each row is a usage', async () => {
    const { server } = await aUsage([['03-05', 7]])
    const url = `${nodes[1]}/usage_history?start_date=2026-03-05`
    const answer = await server.get(url, { token: await aToken(server), headers: { accept: 'application/xml' } })
    expect(answer.body).toContain('<usage><date>2026-03-05T00:00:00-05:00</date><bytes>7</bytes></usage></list>')
  })
})

describe('400', () => {
  test.each([
    ['?custom=5', 'custom is for the resolution CUSTOM alone; leave it out, or send resolution=CUSTOM.'],
    ['?resolution=DAY&custom=1', 'custom is for the resolution CUSTOM alone; leave it out, or send resolution=CUSTOM.'],
    ['?resolution=CUSTOM&custom=0', 'custom must be a whole number from 1 to 60, not "0".'],
    ['?resolution=CUSTOM&custom=61', 'custom must be a whole number from 1 to 60, not "61".'],
    ['?resolution=HOUR', 'resolution must be one of DAY, WEEK, MONTH, CUSTOM, not "HOUR".'],
    ['?page_size=91', 'page_size must be a whole number from 1 to 90, not "91".'],
    ['?order_by=BYTES', 'order_by must be DATE, not "BYTES".'],
    [
      '?start_date=2015-01-01',
      'From start_date to end_date there may be 3660 days, not 4082; ask for a part at a time.',
    ],
    ['?start_date=2026-03-05&end_date=2026-03-04', 'end_date (2026-03-04) must not be before start_date (2026-03-05).'],
    [
      '?start_date=5.3.2026',
      'start_date must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "5.3.2026".',
    ],
    ['?end_date=', 'end_date must be a date such as 2026-03-05 or 2026-03-05T01:00:00-05:00, not "".'],
    ['?end_date=2026-03-04&end_date=2026-03-05', 'end_date must be given once.'],
    [
      '?since=2026-03-04',
      '"since" is not a parameter of this path; there are start_date, end_date, resolution, custom, order_by, order_dir, page, page_size.',
    ],
  ])('%s', async (query, message) => {
    const { ask } = await aUsage()
    for (const node of nodes) {
      const answer = await ask(query, node)
      expect([answer.statusCode, answer.json<{ error_description: string }>().error_description]).toEqual([
        400,
        message,
      ])
    }
  })
})

describe('404', () => {
  test('what is outside of the tree of the caller is answered as if it were not there', async () => {
    const { server } = await aUsage()
    const token = await aToken(server, { place: await aPartner(server) })
    for (const node of nodes) {
      const name = node.split('/')[3] ?? ''
      const said = await Promise.all(
        [node, node.replace(name, 'nobody')].map(async one => {
          const answer = await server.get(`${one}/usage_history`, { token })
          const { error_description } = answer.json<{ error_description: string }>()
          return [answer.statusCode, error_description.replace('nobody', name)]
        }),
      )
      expect(said[0]).toEqual(said[1])
      expect(said[0]?.[0]).toBe(404)
    }
  })
})
