import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aToken } from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'
import { minutes } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'

const url = '/v1/accounts/acme/computers/0000/info'

async function aCaller() {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const get = async (headers = {}) => server.get(url, { token, headers })
  const put = (payload: object | string, headers: Record<string, string> = {}) =>
    server.send({ method: 'PUT', url, payload, headers: { authorization: `OAuth ${token}`, ...headers } })
  const tagOf = async (headers = {}) => String((await get(headers)).headers['etag'])
  const nameNow = async () => (await server.store.findComputerByKey(computer.key))?.name
  return { server, computer, get, put, tagOf, nameNow }
}

const xml = { 'content-type': 'application/xml' }

describe('what can be changed of a computer', () => {
  test('is read, and may be sent back as it is', async () => {
    const { server, get, put } = await aCaller()
    const { store } = server
    const info = (await get()).json<object>()
    expect(info).toEqual({ name: 'File server', email: '', phone: '', time_zone: '', status: 'ACTIVE' })
    const inXml = (await get({ accept: 'application/xml' })).body
    expect(inXml).toContain('<computer><name>File server</name><email/><phone/><time_zone/><status>ACTIVE</status>')
    expect([(await put(info)).statusCode, (await put(inXml, xml)).statusCode]).toEqual([204, 204])
    expect((await get()).json()).toEqual(info)
    expect((await store.listAuditLog('/', { skip: 0, most: 9 })).entries).toEqual([])
  })

  test('is changed as far as it is given; an empty text clears', async () => {
    const { server, get, put } = await aCaller()
    expect((await put({ email: 'it@acme.example', phone: '110', time_zone: 'Asia/Tokyo' })).statusCode).toBe(204)
    const change = '<computer><name>Files</name><phone/><status>disabled</status></computer>'
    expect((await put(change, xml)).statusCode).toBe(204)
    expect((await get()).json()).toEqual({
      name: 'Files',
      email: 'it@acme.example',
      phone: '',
      time_zone: 'Asia/Tokyo',
      status: 'DISABLED',
    })
    const { entries } = await server.store.listAuditLog('/', { skip: 0, most: 9 })
    expect(entries.map(({ after }) => after)).toEqual([
      { name: 'Files', phone: '', status: 'disabled' },
      { email: 'it@acme.example', phone: '110', time_zone: 'Asia/Tokyo' },
    ])
    expect((await put({ time_zone: '' })).statusCode).toBe(204)
    expect((await get()).json()).toMatchObject({ time_zone: '' })
  })

  test('moves what is expected of its sets with its clock, and when it is switched on again', async () => {
    const { server, computer, put } = await aCaller()
    const { store } = server
    await store.addBackupSet(aNewSet(computer, { schedule: parseSchedule('cron 0 23 * * *') }), server.now)
    const expectedFrom = async () => (await store.listBackupSets(computer.accountId, computer.key))[0]?.expectedFrom
    const changes = [{ time_zone: 'Asia/Tokyo' }, { time_zone: '' }, { status: 'DISABLED' }, { status: 'ACTIVE' }]
    const moved = []
    for (const change of changes) {
      server.now += minutes(1)
      await put(change)
      moved.push((await expectedFrom()) === server.now)
    }
    expect(moved).toEqual([true, true, false, true])
  })

  test.each<[string, unknown, string]>([
    ['DELETED', { status: 'Deleted' }, 'to delete the computer, send DELETE to it.'],
    ['another status', { status: 'GONE' }, 'status must be one of ACTIVE, DISABLED.'],
    ['an empty name', { name: '' }, 'name must not be empty.'],
    ['a list of addresses', { email: 'a@b.c,d@e.f' }, 'email must be'],
    ['a line break', { phone: '1\n2' }, 'phone must be one line of text'],
    ['another zone', { time_zone: 'CEST+1' }, 'is not an IANA time zone'],
    ['null', { email: null }, 'email must be string.'],
    ['an unknown member', { usage: 0 }, 'known are name, email, phone, time_zone, status.'],
    ['a list', [], 'The computer must be object.'],
  ])('is not set to %s', async (_, given, description) => {
    const { server, get, put } = await aCaller()
    const before = [(await get()).body, await server.store.treeVersion()]
    const answer = await put(JSON.stringify(given), { 'content-type': 'application/json' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
    expect([(await get()).body, await server.store.treeVersion()]).toEqual(before)
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['another root', '<info/>', xml, 400],
    ['nothing', '', xml, 400],
    ['nothing of no type', '', {}, 400],
    ['broken JSON', '{', { 'content-type': 'application/json' }, 400],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['too much', JSON.stringify({ name: 'x'.repeat(70_000) }), { 'content-type': 'application/json' }, 413],
  ])('is not changed by a body of %s', async (_, body, headers, status) => {
    const { put } = await aCaller()
    expect((await put(body, headers)).statusCode).toBe(status)
  })
})

describe('If-Match', () => {
  test.each<[string, Record<string, string>]>([
    ['JSON', {}],
    ['XML', { accept: 'application/xml' }],
    ['a compressed answer, which is weak', { 'accept-encoding': 'gzip' }],
  ])('with the tag of %s lets the change through', async (_, headers) => {
    const { put, tagOf, nameNow } = await aCaller()
    const answer = await put({ name: 'Files' }, { 'if-match': await tagOf(headers) })
    expect([answer.statusCode, await nameNow()]).toEqual([204, 'Files'])
  })

  test('with a tag that is no longer true changes nothing', async () => {
    const { put, tagOf, nameNow } = await aCaller()
    const tag = await tagOf()
    await put({ name: 'First' })
    const answer = await put({ name: 'Second' }, { 'if-match': tag })
    expect([answer.statusCode, answer.json(), await nameNow()]).toMatchObject([
      412,
      { error: 'precondition_failed' },
      'First',
    ])
  })

  test('of two callers that have read the same lets one through', async () => {
    const { put, tagOf, nameNow } = await aCaller()
    const tag = await tagOf()
    const names = ['First', 'Second', 'Third']
    const answers = await Promise.all(names.map(name => put({ name }, { 'if-match': tag })))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter(status => status === 412)).toHaveLength(2)
    expect(await nameNow()).toBe(names[statuses.indexOf(204)])
  })

  test('does not mind what else is changed, before or at the same time', async () => {
    const { server, put, tagOf, nameNow } = await aCaller()
    const other = await aComputer(server, { name: 'Other' })
    const tag = await tagOf()
    await server.store.changeComputer(other.key, { name: 'Renamed' })
    const [answer] = await Promise.all([
      put({ name: 'Files' }, { 'if-match': tag }),
      server.store.changeComputer(other.key, { name: 'Renamed again' }),
      server.store.changeComputer(other.key, { name: 'And again' }),
    ])
    expect([answer.statusCode, await nameNow()]).toEqual([204, 'Files'])
  })

  test('of a missing computer is answered as without it', async () => {
    const { server } = await aCaller()
    const headers = { authorization: `OAuth ${await aToken(server)}`, 'if-match': '*' }
    const answer = await server.send({ method: 'PUT', url: url.replace('0000', '0009'), payload: {}, headers })
    expect(answer.statusCode).toBe(404)
  })
})
