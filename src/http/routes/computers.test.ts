import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import {
  aComputer,
  anAccount,
  anAgentKey,
  aReport,
  aToken,
  recordReport,
  reportUrl,
} from '../../../test/support/builders.ts'

const path = '/v1/accounts/acme/computers'
const base = `https://backup.example.net${path}`

type Rows = { count: number; list: { computer_id: string }[] }

async function aCaller() {
  const server = await aServer()
  await anAccount(server)
  const token = await aToken(server)
  const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object | string, headers = {}) =>
    server.send({
      method,
      url,
      headers: { authorization: `OAuth ${token}`, ...headers },
      ...(payload !== undefined && { payload }),
    })
  return { server, token, send }
}

const idsOf = (answer: { json: () => unknown }) => (answer.json() as Rows).list.map(one => one.computer_id)

async function aFleet() {
  const caller = await aCaller()
  const { server } = caller
  const names = ['Beta', 'alpha', 'Alpha', 'Beta']
  const computers = []
  for (const name of names) computers.push(await aComputer(server, { name }))
  const [, second, third] = computers
  await server.store.changeComputer(second?.key ?? 0, { status: 'disabled' })
  await server.store.changeComputer(third?.key ?? 0, { status: 'deleted' })
  return { ...caller, computers }
}

describe('the computers of an account', () => {
  test('are listed with links to themselves and with what their backups take up', async () => {
    const { server, send } = await aCaller()
    const computer = await aComputer(server, { ownTimeZone: 'Asia/Tokyo' })
    await recordReport(server, computer, aReport({ bytes: 4_096 }))
    const answer = await send('GET', path)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      {
        count: 1,
        list: [
          {
            username: 'acme',
            computer_id: '0000',
            signup_date: '2026-03-06T00:00:00+09:00',
            status: 'ACTIVE',
            usage: 4_096,
            name: 'File server',
            email: '',
            phone: '',
            link: { rel: 'self', href: `${base}/0000` },
          },
        ],
      },
    ])
  })

  test.each([
    ['', ['0000', '0001', '0003']],
    ['order_dir=DESC', ['0003', '0001', '0000']],
    ['order_by=NAME', ['0000', '0003', '0001']],
    ['order_by=name&order_dir=desc', ['0001', '0003', '0000']],
    ['order_by=STATUS', ['0000', '0003', '0001']],
    ['status=DELETED', ['0002']],
    ['status=disabled|deleted', ['0001', '0002']],
    ['status=ACTIVE,DISABLED,DELETED&order_by=NAME', ['0002', '0000', '0003', '0001']],
    ['page_size=2&page=2', ['0003']],
    ['page_size=2&page=9007199254740991', []],
  ])('with %j are %j', async (query, ids) => {
    const { send } = await aFleet()
    expect(idsOf(await send('GET', `${path}?${query}`))).toEqual(ids)
  })

  test('are counted over all pages', async () => {
    const { send } = await aFleet()
    expect((await send('GET', `${path}?page_size=1&page=2`)).json()).toMatchObject({ count: 3, page: 2 })
  })

  test('are only its own to a caller that is bound to one of them, who can add none', async () => {
    const { server, computers } = await aFleet()
    const [first, second] = computers
    if (!first || !second) throw new Error('The fleet has computers.')
    const key = await anAgentKey(server, second)
    expect(idsOf(await server.get(path, { token: key }))).toEqual(['0001'])
    const added = await server.post(path, { name: 'Another' }, { token: key })
    expect([added.statusCode, added.json()]).toMatchObject([404, { error_description: 'There is no account acme.' }])
  })

  test('of a foreign account and of a missing one are refused alike', async () => {
    const { server, computers } = await aFleet()
    const foreign = await aComputer(server, { username: 'foreign' })
    for (const place of [foreign, computers[0] ?? foreign]) {
      const token = await aToken(server, { place })
      for (const name of ['nobody', place === foreign ? 'acme' : 'foreign', 'a%00', 'a%2Fb']) {
        const answer = await server.get(`/v1/accounts/${name}/computers`, { token })
        const shown = decodeURIComponent(name)
        expect([answer.statusCode, answer.json()]).toMatchObject([
          404,
          { error_description: `There is no account ${shown}.` },
        ])
      }
    }
  })

  test.each(['status=', 'status=GONE', 'order_by=SIZE', 'page_size=51', 'name=x'])(
    'with %s are refused',
    async query => {
      const { send } = await aCaller()
      expect((await send('GET', `${path}?${query}`)).statusCode).toBe(400)
    },
  )
})

describe('a new computer', () => {
  test('is answered with where it is, and without secrets', async () => {
    const { server, send } = await aCaller()
    const given = { name: ' Mail server ', email: 'it@acme.example', phone: '110', time_zone: 'Asia/Tokyo' }
    const answer = await send('POST', path, given)
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, `${base}/0000`])
    expect(answer.json()).toMatchObject({ name: 'Mail server', email: 'it@acme.example', phone: '110', usage: 0 })
    expect(answer.body).not.toContain('lgk_')
    expect((await send('GET', `${path}/0000`)).json()).toEqual(answer.json())
    expect(await server.store.findComputer('acme', '0000')).toMatchObject({ ownTimeZone: 'Asia/Tokyo' })
    const [entry] = (await server.store.listAuditLog('/', { skip: 0, most: 9 })).entries
    expect(entry).toMatchObject({ action: 'add computer', after: { name: 'Mail server', email: 'it@acme.example' } })
  })

  test('may be told of in XML, and has the zone of its account where it has none', async () => {
    const { server, send } = await aCaller()
    const xml = '<computer><name>Mail &amp; more</name><time_zone/></computer>'
    const answer = await send('POST', path, xml, { 'content-type': 'application/xml' })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { name: 'Mail & more' }])
    expect(await server.store.findComputer('acme', '0000')).toMatchObject({ ownTimeZone: null })
  })

  test.each<[string, unknown, string]>([
    ['no name', {}, 'name is missing.'],
    ['an empty name', { name: ' ' }, 'name must not be empty.'],
    ['a long name', { name: 'x'.repeat(256) }, 'name must have at most 255 characters.'],
    ['a number for a name', { name: 1 }, 'name must be string.'],
    ['a wrong address', { name: 'x', email: 'nobody' }, 'email must be'],
    ['a long phone number', { name: 'x', phone: '1'.repeat(65) }, 'phone must have at most 64 characters.'],
    ['another zone', { name: 'x', time_zone: 'Mars/Base' }, '"Mars/Base" is not an IANA time zone'],
    ['an unknown member', { name: 'x', status: 'ACTIVE' }, 'known are name, email, phone, time_zone.'],
    ['a list', [], 'The computer must be object.'],
    ['null', 'null', 'The computer must be object.'],
  ])('with %s is refused in words, and not added', async (_, given, description) => {
    const { server, send } = await aCaller()
    const answer = await send('POST', path, JSON.stringify(given), { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json<{ error_description: string }>().error_description]).toEqual([
      400,
      expect.stringContaining(given === 'null' ? 'must be object' : description),
    ])
    expect((await server.get(path, { token: await aToken(server) })).json()).toMatchObject({ count: 0 })
  })

  test('without a body is refused', async () => {
    const { send } = await aCaller()
    expect((await send('POST', path)).json()).toMatchObject({
      error_description: expect.stringMatching(/^The body is/),
    })
  })

  test('has a number of its own, however many are added at once', async () => {
    const { send } = await aCaller()
    const all = await Promise.all(Array.from({ length: 6 }, (_, index) => send('POST', path, { name: `No ${index}` })))
    const ids = all.map(answer => answer.json<{ computer_id: string }>().computer_id)
    expect(ids.toSorted()).toEqual(['0000', '0001', '0002', '0003', '0004', '0005'])
  })
})

describe('a computer', () => {
  test('has links to all that belongs to it', async () => {
    const { server, send } = await aCaller()
    await aComputer(server)
    const { links } = (await send('GET', `${path}/0000`)).json<{
      links: { title: string; rel: string; href: string }[]
    }>()
    expect(links.map(({ title, rel, href }) => [title, rel, href.replace(`${base}/0000/`, '')])).toEqual([
      ['info', 'related', 'info'],
      ['action_history', 'related', 'action_history'],
      ['usage_history', 'related', 'usage_history'],
      ['notification_emails', 'related', 'notifications/emails'],
      ['notification_options', 'related', 'notifications/options'],
      ['reports', 'related', 'reports'],
      ['password', 'related', 'password'],
    ])
  })

  test('that is deleted can still be read, and nothing else of it', async () => {
    const { server, token, send } = await aCaller()
    const computer = await aComputer(server)
    await recordReport(server, computer)
    const key = await anAgentKey(server, computer)
    expect((await send('DELETE', `${path}/0000`)).statusCode).toBe(204)
    expect((await send('GET', `${path}/0000`)).json()).toMatchObject({ status: 'DELETED', links: [] })
    for (const below of ['info', 'runs/1', 'reports/backup_status']) {
      expect([below, (await send('GET', `${path}/0000/${below}`)).statusCode]).toEqual([below, 404])
    }
    expect((await send('POST', `${path}/0000/password`)).statusCode).toBe(404)
    expect((await server.get(`${path}/0000`, { token: key })).statusCode).toBe(401)
    const [run] = await server.store.findLoggedRuns(computer.accountId, [1])
    expect([run, await server.store.findRun(computer.accountId, computer.key, 1)]).toMatchObject([undefined, { id: 1 }])
    const version = await server.store.treeVersion()
    expect((await send('DELETE', `${path}/0000`)).statusCode).toBe(204)
    expect(await server.store.treeVersion()).toBe(version)
    const { entries } = await server.store.listAuditLog('/', { skip: 0, most: 9 })
    expect(entries).toMatchObject([{ action: 'change computer', after: { status: 'deleted' } }])
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(404)
  })

  test('is deleted only as its caller believes it to be', async () => {
    const { server, send } = await aCaller()
    const computer = await aComputer(server)
    const tag = String((await send('GET', `${path}/0000`)).headers['etag'])
    await server.store.changeComputer(computer.key, { name: 'Renamed' })
    const late = await send('DELETE', `${path}/0000`, undefined, { 'if-match': tag })
    expect([late.statusCode, await server.store.findComputer('acme', '0000')]).toMatchObject([
      412,
      { status: 'active' },
    ])
    const fresh = String((await send('GET', `${path}/0000`)).headers['etag'])
    expect((await send('DELETE', `${path}/0000`, undefined, { 'if-match': fresh })).statusCode).toBe(204)
  })

  test('outside of the tree is as one that is not there, deleted or not', async () => {
    const { server } = await aCaller()
    const own = await aComputer(server)
    const foreign = await aComputer(server, { username: 'foreign' })
    await server.store.changeComputer(foreign.key, { status: 'deleted' })
    const token = await aToken(server, { place: own })
    for (const id of ['0000', '0001', '%00', 'a%2F0']) {
      for (const method of ['GET', 'DELETE'] as const) {
        const url = `/v1/accounts/foreign/computers/${id}`
        const answer = await server.send({ method, url, headers: { authorization: `OAuth ${token}` } })
        const description = `There is no computer ${decodeURIComponent(id)} of an account foreign.`
        expect([answer.statusCode, answer.json()]).toMatchObject([404, { error_description: description }])
      }
    }
  })
})

describe('the password of a computer', () => {
  const reports = (server: TestServer, token: string) =>
    server.post('/v1/heartbeat', '', { token, headers: { 'content-type': 'text/plain' } })

  test('is a new agent key, shown once, that ends the one before', async () => {
    const { server, send } = await aCaller()
    const computer = await aComputer(server)
    const old = await anAgentKey(server, computer)
    const answer = await send('POST', `${path}/0000/password`)
    const { agent_key } = answer.json<{ agent_key: string }>()
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([201, 'no-store'])
    expect(agent_key).toMatch(/^lgk_[\w-]{43}$/)
    expect([(await reports(server, old)).statusCode, (await reports(server, agent_key)).statusCode]).toEqual([401, 204])
    const { entries } = await server.store.listAuditLog('/', { skip: 0, most: 9 })
    expect(entries).toMatchObject([{ action: 'renew agent key', subject: 'computer 0000 of acme' }])
    expect(JSON.stringify(entries)).not.toContain(agent_key)
  })

  test('may be renewed by the agent key itself, which says so in XML', async () => {
    const { server } = await aCaller()
    const key = await anAgentKey(server, await aComputer(server))
    const headers = { accept: 'application/xml', 'content-type': 'application/xml' }
    const answer = await server.post(`${path}/0000/password`, '<password/>', { token: key, headers })
    expect(answer.body).toMatch(/<password><agent_key>lgk_[\w-]{43}<\/agent_key><\/password>$/)
    expect((await reports(server, key)).statusCode).toBe(401)
  })

  test.each([
    [{ password: 'secret' }, 'password is not a known member; none are known.'],
    [[], 'The body must be object.'],
    ['null', 'The body must be object.'],
  ])('cannot be told: %j', async (given, error_description) => {
    const { server, send } = await aCaller()
    const computer = await aComputer(server)
    const key = await anAgentKey(server, computer)
    const answer = await send('POST', `${path}/0000/password`, given, { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error_description }])
    expect((await reports(server, key)).statusCode).toBe(204)
  })
})
