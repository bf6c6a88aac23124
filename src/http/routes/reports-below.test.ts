import { describe, expect, test } from 'vitest'
import { days, seconds } from '../../domain/instant.ts'
import { type Row, rowsOf } from '../../../test/support/a-reader.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import { aNewSet, testNow } from '../../../test/support/tree.ts'

const ofAcme = '/v1/accounts/acme/reports/backup_status'
const ofRoot = '/v1/partners/root/reports/backup_status'

type Listed = { page: number; page_size: number; count: number; links: { rel: string; href: string }[]; list: Row[] }

/** Two computers of one account and one of another, with a set for each status, and a token that may read everything. */
async function aFleet() {
  const server = await aServer()
  const vault = await aComputer(server, { name: 'Vault', ownTimeZone: 'Asia/Kathmandu' })
  const laptop = await aComputer(server, { name: 'Laptop' })
  const other = await aComputer(server, { username: 'zeta', name: 'Laptop' })
  const start = (hour: number) => ({
    local_start: `2026-03-05T0${hour}:00:00-05:00`,
    local_end: `2026-03-05T0${hour}:10:00-05:00`,
  })
  await recordReport(server, vault, aReport({ backupset_name: 'Mail', ...start(4) }))
  // The clock shows 14:15 of the same day, and yet it is the oldest.
  const inKathmandu = { local_start: '2026-03-05T11:45:00+05:45', local_end: '2026-03-05T11:46:00+05:45' }
  await recordReport(server, vault, aReport({ backupset_name: 'Documents', errors: 1, ...inKathmandu }))
  await recordReport(server, laptop, aReport({ backupset_name: 'Photos', warnings: 1, ...start(3) }))
  await recordReport(server, laptop, aReport({ backupset_name: 'Documents', status: 'RUNNING', ...start(5) }))
  await recordReport(server, other, aReport({ backupset_name: 'Ledger', ...start(2) }))
  return { server, vault, laptop, other, token: await aToken(server) }
}

async function listOf(server: TestServer, token: string, url: string): Promise<Listed> {
  const answer = await server.get(url, { token })
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, ''])
  return answer.json<Listed>()
}

const nameOf = (row: Row) => wordsOf(row, 'username', 'computer_name', 'backupset_name').replaceAll(', ', ' / ')

function wordsOf(row: Row, ...members: string[]): string {
  return members.map(member => String(row[member])).join(', ')
}

describe('200', () => {
  test('the report of an account has the rows of its computers, in order of their names', async () => {
    const { server, vault, laptop, token } = await aFleet()
    const { list, ...envelope } = await listOf(server, token, ofAcme)
    expect(list).toEqual([...(await rowsOf(server, laptop, token)), ...(await rowsOf(server, vault, token))])
    expect(envelope).toEqual({
      page: 1,
      page_size: 4,
      count: 4,
      links: [{ rel: 'first', href: `https://backup.example.net${ofAcme}?page=1` }],
    })
  })

  test('the report of a partner has the rows of all accounts below it', async () => {
    const { server, token } = await aFleet()
    const north = await aPartner(server)
    const far = await aComputer(server, { username: 'beta', partner: north, name: 'Box' })
    await recordReport(server, far)
    expect((await listOf(server, token, ofRoot)).list.map(nameOf)).toEqual([
      'acme / Laptop / Documents',
      'acme / Laptop / Photos',
      'acme / Vault / Documents',
      'acme / Vault / Mail',
      'beta / Box / Documents',
      'zeta / Laptop / Ledger',
    ])
    const ofNorth = await listOf(server, token, '/v1/partners/north/reports/backup_status')
    expect(ofNorth.list.map(nameOf)).toEqual(['beta / Box / Documents'])
  })

  test('each row has the date of the report on the clock of its own computer', async () => {
    const { server, token } = await aFleet()
    const { list } = await listOf(server, token, ofAcme)
    expect(new Set(list.map(row => wordsOf(row, 'computer_name', 'report_date')))).toEqual(
      new Set(['Laptop, 2026-03-05T10:00:00-05:00', 'Vault, 2026-03-05T20:45:00+05:45']),
    )
  })

  test('an account without computers, and a partner without accounts, have an empty list', async () => {
    const server = await aServer()
    await anAccount(server)
    const token = await aToken(server)
    for (const url of [ofAcme, ofRoot]) {
      expect(await listOf(server, token, url)).toMatchObject({ page: 1, page_size: 0, count: 0, list: [] })
    }
  })

  test('a deleted computer has no row, a disabled one keeps its own', async () => {
    const { server, vault, laptop, token } = await aFleet()
    await server.store.changeComputer(vault.key, { status: 'deleted' })
    await server.store.changeComputer(laptop.key, { status: 'disabled' })
    const { list } = await listOf(server, token, ofAcme)
    expect(list).toEqual(await rowsOf(server, laptop, token))
    expect(list).toHaveLength(2)
  })

  test('what was missed is there, by the policy of each account’s own partner', async () => {
    const server = await aServer()
    const north = await aPartner(server)
    const near = await aComputer(server, { username: 'near' })
    const far = await aComputer(server, { username: 'far', partner: north })
    const nightly = parseSchedule('cron 0 23 * * *')
    for (const computer of [near, far]) {
      await server.store.addBackupSet(aNewSet(computer, { schedule: nightly }), testNow - days(3))
    }
    await server.store.changePartner(north.id, { policy: { MISSED: 'WARNING' } })
    const { list } = await listOf(server, await aToken(server), ofRoot)
    expect(list.map(row => [row['username'], row['condition_status'], row['local_end']])).toEqual([
      ['far', 'WARNING', ''],
      ['near', 'FAILURE', ''],
    ])
  })

  test('a new run, the next second and a changed name are seen at once', async () => {
    const { server, laptop, token } = await aFleet()
    const first = async () => (await listOf(server, token, ofAcme)).list[0]
    expect(await first()).toMatchObject({ condition_status: 'RUNNING' })
    const newer = { local_start: '2026-03-05T09:30:00-05:00', local_end: '2026-03-05T09:31:00-05:00' }
    await recordReport(server, laptop, aReport({ ...newer, errors: 7 }))
    expect(await first()).toMatchObject({ errors: 7, report_date: '2026-03-05T10:00:00-05:00' })
    server.now += seconds(1)
    expect(await first()).toMatchObject({ errors: 7, report_date: '2026-03-05T10:00:01-05:00' })
    await server.store.changeComputer(laptop.key, { name: 'Aged laptop' })
    expect(await first()).toMatchObject({ computer_name: 'Aged laptop' })
  })
})

describe('200: selection and order', () => {
  test.each([
    ['', ['Laptop / Documents', 'Laptop / Photos', 'Vault / Documents', 'Vault / Mail']],
    ['order_by=username', ['Laptop / Documents', 'Laptop / Photos', 'Vault / Documents', 'Vault / Mail']],
    ['order_by=COMPUTER_NAME', ['Laptop / Documents', 'Laptop / Photos', 'Vault / Documents', 'Vault / Mail']],
    ['order_by=BACKUPSET_NAME', ['Laptop / Documents', 'Vault / Documents', 'Vault / Mail', 'Laptop / Photos']],
    ['order_by=CONDITION_STATUS', ['Vault / Documents', 'Laptop / Photos', 'Laptop / Documents', 'Vault / Mail']],
    ['order_by=LOCAL_START', ['Vault / Documents', 'Laptop / Photos', 'Vault / Mail', 'Laptop / Documents']],
    [
      'order_by=LOCAL_START&order_dir=DESC',
      ['Laptop / Documents', 'Vault / Mail', 'Laptop / Photos', 'Vault / Documents'],
    ],
    ['condition_status=failure|running', ['Laptop / Documents', 'Vault / Documents']],
    ['condition_status=COMPLETED&condition_status=WARNING&order_dir=desc', ['Vault / Mail', 'Laptop / Photos']],
  ])('%s', async (query, names) => {
    const { server, token } = await aFleet()
    const { list, count, page_size } = await listOf(server, token, `${ofAcme}?${query}`)
    expect(list.map(row => nameOf(row).replace('acme / ', ''))).toEqual(names)
    expect([count, page_size]).toEqual([names.length, names.length])
  })

  test('computers of one name are told apart by account and id, descending the other way round', async () => {
    const { server, laptop, token } = await aFleet()
    const twin = await aComputer(server, { name: 'Laptop' })
    await recordReport(server, twin)
    const idsOf = async (query: string) =>
      (await listOf(server, token, `${ofRoot}?order_by=COMPUTER_NAME${query}`)).list.map(row =>
        wordsOf(row, 'username', 'computer_id', 'backupset_name'),
      )
    const ascending = await idsOf('')
    expect(ascending.slice(0, 4)).toEqual([
      `acme, ${laptop.computerId}, Documents`,
      `acme, ${laptop.computerId}, Photos`,
      `acme, ${twin.computerId}, Documents`,
      'zeta, 0000, Ledger',
    ])
    expect(await idsOf('&order_dir=DESC')).toEqual(ascending.toReversed())
  })
})

describe('200: pages', () => {
  test('with a page size there are pages, which follow each other and make up the whole', async () => {
    const { server, token } = await aFleet()
    const whole = await listOf(server, token, `${ofRoot}?order_by=BACKUPSET_NAME`)
    let url: string | undefined = `${ofRoot}?order_by=BACKUPSET_NAME&page_size=2`
    const pages: Listed[] = []
    while (url !== undefined) {
      const page: Listed = await listOf(server, token, url.replace('https://backup.example.net', ''))
      pages.push(page)
      url = page.links.find(({ rel }) => rel === 'next')?.href
    }
    expect(pages.map(({ page, page_size, count, list }) => [page, page_size, count, list.length])).toEqual([
      [1, 2, 5, 2],
      [2, 2, 5, 2],
      [3, 2, 5, 1],
    ])
    expect(pages.flatMap(({ list }) => list)).toEqual(whole.list)
  })

  test.each([
    ['page=2', 2, 4],
    ['page=2&page_size=1000', 2, 1_000],
    ['page=9007199254740991&page_size=1', Number.MAX_SAFE_INTEGER, 1],
  ])('%s is past the end and empty', async (query, page, page_size) => {
    const { server, token } = await aFleet()
    const url = `${ofAcme}?${query}`
    expect(await listOf(server, token, url)).toMatchObject({ page, page_size, count: 4, list: [] })
  })

  test('in CSV, the links to other pages are in a header', async () => {
    const { server, token } = await aFleet()
    const url = `${ofAcme}?page_size=3`
    for (const _ of ['written', 'kept']) {
      const answer = await server.get(url, { token, headers: { accept: 'text/csv' } })
      expect(answer.headers['link']).toBe(
        `<https://backup.example.net${url}&page=1>; rel="first", <https://backup.example.net${url}&page=2>; rel="next"`,
      )
      expect(answer.body.split('\r\n')).toHaveLength(5)
    }
  })
})

describe('400', () => {
  test.each([
    ['page_size=0', 'page_size must be a whole number from 1 to 1000, not "0".'],
    ['page_size=1001', 'page_size must be a whole number from 1 to 1000, not "1001".'],
    ['page_size=', 'page_size must be a whole number from 1 to 1000, not "".'],
    ['page_size=1&page_size=2', 'page_size must be given once.'],
    ['page=0', 'page must be a whole number from 1 to 9007199254740991, not "0".'],
    [
      'order_by=ERRORS',
      'order_by must be one of USERNAME, COMPUTER_NAME, BACKUPSET_NAME, CONDITION_STATUS, LOCAL_START, not "ERRORS".',
    ],
    [
      'order_by=__proto__',
      'order_by must be one of USERNAME, COMPUTER_NAME, BACKUPSET_NAME, CONDITION_STATUS, LOCAL_START, not "__proto__".',
    ],
    ['condition_status=MISSED', 'condition_status must be one of FAILURE, WARNING, RUNNING, COMPLETED, not "MISSED".'],
    [
      'limit=5',
      '"limit" is not a parameter of this path; there are condition_status, find, order_by, order_dir, page, page_size.',
    ],
  ])('%s', async (query, error_description) => {
    const { server, token } = await aFleet()
    for (const url of [ofAcme, ofRoot]) {
      const answer = await server.get(`${url}?${query}`, { token })
      expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_request', error_description }])
    }
  })
})

describe('404', () => {
  test('what is outside of the caller’s tree is answered word for word as if it did not exist', async () => {
    const { server, vault } = await aFleet()
    const north = await aPartner(server)
    await anAccount(server, { username: 'beta', partner: north })
    const ofNorth = await aToken(server, { place: north })
    const refusalOf = async (token: string, path: string, name: string) => {
      const answer = await server.get(`/v1/${path}/${name}/reports/backup_status?a=b`, { token })
      const { request_id: _, ...error } = answer.json<Row>()
      return [answer.statusCode, JSON.stringify(error).replaceAll(name, 'NAME')]
    }
    const missing = await refusalOf(ofNorth, 'accounts', 'nobody')
    expect(missing).toEqual([404, expect.stringContaining('There is no account NAME.')])
    expect(await refusalOf(ofNorth, 'accounts', 'acme')).toEqual(missing)
    expect(await refusalOf(await aToken(server, { place: vault }), 'accounts', 'acme')).toEqual(missing)
    const missingPartner = await refusalOf(ofNorth, 'partners', 'nobody')
    expect(missingPartner).toEqual([404, expect.stringContaining('There is no partner NAME.')])
    for (const name of ['root', 'acme', 'beta']) {
      expect(await refusalOf(ofNorth, 'partners', name)).toEqual(missingPartner)
    }
  })

  test('a token of an account reads its own report, and no partner’s', async () => {
    const { server, vault, laptop } = await aFleet()
    const account = await server.store.findAccount('acme')
    if (!account) throw new Error('There is no account.')
    const token = await aToken(server, { place: account })
    const ofComputers = [await rowsOf(server, laptop, token), await rowsOf(server, vault, token)].flat()
    expect((await listOf(server, token, ofAcme)).list).toEqual(ofComputers)
    expect((await server.get(ofRoot, { token })).statusCode).toBe(404)
  })
})

test('the scope of what a report is over is asked for, and no other helps', async () => {
  const { server } = await aFleet()
  for (const [url, scope] of [
    [ofAcme, 'accounts_read'],
    [ofRoot, 'partners_read'],
  ] as const) {
    expect((await server.get(url, { token: await aToken(server, { scopes: [scope] }) })).statusCode).toBe(200)
    const answer = await server.get(url, { token: await aToken(server, { scopes: ['computers_read'] }) })
    expect([answer.statusCode, answer.json<Row>()['error_description']]).toEqual([
      403,
      `This needs a token with the scope ${scope}.`,
    ])
  }
})
