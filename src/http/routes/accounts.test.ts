import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import {
  aComputer,
  anAccount,
  aPartner,
  aReport,
  aToken,
  recordReport,
  reportUrl,
} from '../../../test/support/builders.ts'
import { aNewSet, testNow } from '../../../test/support/tree.ts'
import { days } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'

type Headers = Record<string, string>

const xml = 'application/xml'

/** A server with the account acme, and what changes its info. */
async function anOffice() {
  const server = await aServer()
  const account = await anAccount(server)
  const token = await aToken(server)
  const get = (path: string, headers: Headers = {}) => server.get(path, { token, headers })
  const put = (payload: object | string, headers: Headers = {}) => change(server, token, payload, headers)
  return { server, account, token, get, put, info: async () => (await get(infoUrl)).json<Record<string, unknown>>() }
}

const infoUrl = '/v1/accounts/acme/info'

function change(server: TestServer, token: string, payload: object | string, headers: Headers = {}) {
  const type = typeof payload === 'string' ? { 'content-type': xml } : {}
  const all = { authorization: `OAuth ${token}`, ...type, ...headers }
  return server.send({ method: 'PUT', url: infoUrl, payload, headers: all })
}

describe('POST /v1/accounts', () => {
  test('makes an account of the caller’s own partner, and says where it is', async () => {
    const server = await aServer()
    const north = await aPartner(server)
    const token = await aToken(server, { place: north })
    const body = { username: 'acme', name: 'Acme', company: 'Acme Ltd', email: 'it@example.net', phone: '0100' }
    const kept = { run_days: 400, log_days: null }
    const more = { time_zone: 'America/New_York', reference_code: 'A-7', accepts_new_sets: false, ...kept }
    const answer = await server.post('/v1/accounts', { ...body, ...more }, { token })
    const url = 'https://backup.example.net/v1/accounts/acme'
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, url])
    const related = (title: string) => ({ title, rel: 'related', href: `${url}/${title}` })
    expect(answer.json()).toEqual({
      account_id: expect.any(Number) as number,
      username: 'acme',
      signup_date: '2026-03-05T10:00:00-05:00',
      status: 'ACTIVE',
      usage: 0,
      reference_code: 'A-7',
      links: ['info', 'action_history', 'usage_history', 'computers', 'reports'].map(related),
    })
    expect((await server.get('/v1/accounts/acme', { token })).body).toBe(answer.body)
    const { username: _, ...shown } = body
    expect((await server.get(infoUrl, { token })).json()).toEqual({ ...shown, ...more, status: 'ACTIVE' })
    expect(await server.store.findAccount('acme')).toMatchObject({ partnerId: north.id })
  })

  test('needs a username alone, and makes it of a partner below the caller', async () => {
    const server = await aServer()
    const north = await aPartner(server)
    const token = await aToken(server)
    const body = '<account><partner>north</partner><username>acme</username></account>'
    const answer = await server.post('/v1/accounts', body, { token, headers: { 'content-type': xml } })
    expect(answer.statusCode).toBe(201)
    const made = { partnerId: north.id, name: 'acme', timeZone: 'UTC', acceptsNewSets: true }
    expect(await server.store.findAccount('acme')).toMatchObject(made)
  })

  test('is written down as the caller’s', async () => {
    const server = await aServer()
    const token = await aToken(server)
    await server.post('/v1/accounts', { username: 'acme' }, { token })
    const { entries } = await server.store.listAuditLog(server.root.path, { skip: 0, most: 9 })
    expect(entries).toMatchObject([{ action: 'add account', subject: 'account acme', before: null }])
  })

  test.each([
    ['no username', {}, 'username is missing.'],
    ['a username that cannot be in a URL', { username: 'a/b' }, 'must be 1 to 64 letters'],
    ['an empty name', { username: 'acme', name: ' ' }, 'name must not be empty.'],
    ['a name that is none', { username: 'acme', name: 7 }, 'name must be string.'],
    ['a time zone that there is not', { username: 'acme', time_zone: 'Mars' }, 'Mars'],
    ['an address that is none', { username: 'acme', email: 'me' }, 'email must be an address'],
    ['a number that is too long', { username: 'acme', phone: '1'.repeat(65) }, 'phone must have at most 64'],
    ['an unknown member', { username: 'acme', user: 'x' }, 'user is not a known member; known are username, name,'],
    ['a list', [{ username: 'acme' }], 'The account must be object.'],
    ['no body', undefined, 'The body is missing'],
  ])('400: %s', async (_, body, description) => {
    const server = await aServer()
    const answer = await server.post('/v1/accounts', body, { token: await aToken(server) })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
    expect(await server.store.listAccounts()).toEqual([])
  })

  test('409 tells that a username is taken, in whatever letter case, and nothing of who has it', async () => {
    const server = await aServer()
    const [north, south] = [await aPartner(server), await aPartner(server, { username: 'south' })]
    await anAccount(server, { partner: south })
    const token = await aToken(server, { place: north })
    for (const username of ['Acme', 'SOUTH']) {
      const answer = await server.post('/v1/accounts', { username }, { token })
      expect([answer.statusCode, answer.json()]).toMatchObject([
        409,
        { error: 'conflict', error_description: `The username ${username} is taken; choose another.` },
      ])
    }
  })

  test('404: a partner in a foreign tree, word for word like one that there is not', async () => {
    const server = await aServer()
    const [north] = [await aPartner(server), await aPartner(server, { username: 'south' })]
    const token = await aToken(server, { place: north })
    for (const partner of ['south', 'missing', 'root']) {
      const answer = await server.post('/v1/accounts', { username: 'acme', partner }, { token })
      expect([answer.statusCode, answer.json()]).toMatchObject([
        404,
        { error_description: `There is no partner ${partner}.` },
      ])
    }
  })

  test('404: a caller that is bound to an account or a computer has no partner', async () => {
    const { server, account } = await anOffice()
    for (const place of [account, await aComputer(server)]) {
      const token = await aToken(server, { place })
      const answer = await server.post('/v1/accounts', { username: 'other' }, { token })
      expect([answer.statusCode, answer.json()]).toMatchObject([
        404,
        { error_description: 'The token is bound to no partner, so that it has none of its own.' },
      ])
      expect((await server.post('/v1/accounts', { username: 'x', partner: 'root' }, { token })).statusCode).toBe(404)
    }
    expect(await server.store.listAccounts()).toHaveLength(1)
  })
})

describe('GET /v1/accounts/{username}', () => {
  test('has what the newest good backups of its computers take up', async () => {
    const { server, get } = await anOffice()
    for (const bytes of [1_000, 2_000]) await recordReport(server, await aComputer(server), aReport({ bytes }))
    expect((await get('/v1/accounts/acme')).json()).toMatchObject({ usage: 3_000 })
  })

  test.each(['/v1/accounts/acme', infoUrl])('404: %s of a foreign account is like that of a missing one', async url => {
    const { server } = await anOffice()
    const token = await aToken(server, { place: await aPartner(server) })
    const [foreign, missing] = [await server.get(url, { token }), await server.get(url.replace('acme', 'x'), { token })]
    const { request_id: _, ...refusal } = foreign.json<Record<string, string>>()
    expect(foreign.statusCode).toBe(404)
    expect(missing.json()).toMatchObject({ ...refusal, error_description: 'There is no account x.' })
  })

  test('is there for a caller that is bound to the account, and not for one that is bound to its computer', async () => {
    const { server, account } = await anOffice()
    const statusFor = async (place: Parameters<typeof aToken>[1]) =>
      (await server.get('/v1/accounts/acme', { token: await aToken(server, place) })).statusCode
    expect(await statusFor({ place: account })).toBe(200)
    expect(await statusFor({ place: await aComputer(server) })).toBe(404)
  })
})

describe('PUT …/info', () => {
  test('changes what is given; an empty text clears, and what is left out stays', async () => {
    const { put, info } = await anOffice()
    const given = { company: 'Acme Ltd', email: 'it@example.net', phone: '0100', reference_code: 'A-7' }
    expect((await put({ ...given, status: 'frozen' })).statusCode).toBe(204)
    const cleared = '<account><email/><accepts_new_sets>false</accepts_new_sets><name>Acme</name></account>'
    expect((await put(cleared)).statusCode).toBe(204)
    expect(await info()).toEqual({
      ...given,
      email: '',
      name: 'Acme',
      time_zone: 'America/New_York',
      status: 'FROZEN',
      accepts_new_sets: false,
      run_days: null,
      log_days: null,
    })
    expect((await put({})).statusCode).toBe(204)
  })

  test('says how long runs and logs are kept: null and an empty element as the server does; the change is written down', async () => {
    const { server, account, put, info } = await anOffice()
    const days = async () => {
      const { run_days, log_days } = await info()
      return [run_days, log_days]
    }
    await put({ run_days: 31, log_days: 1 })
    expect(await days()).toEqual([31, 1])
    await put({ log_days: 0 })
    expect(await days()).toEqual([31, 0])
    await put('<account><run_days/></account>')
    expect(await days()).toEqual([null, 0])
    const { entries } = await server.store.listAuditLog(account.partnerPath, { skip: 0, most: 9 })
    expect(entries).toMatchObject([
      { action: 'change account', before: { run_days: 31 }, after: { run_days: null } },
      { before: { log_days: 1 }, after: { log_days: 0 } },
      { before: { run_days: null, log_days: null }, after: { run_days: 31, log_days: 1 } },
    ])
  })

  test('takes back what it has answered, in JSON and in XML, also of an account that is canceled', async () => {
    const { server, account, put, info, get } = await anOffice()
    await server.store.changeAccount(account.id, { status: 'canceled' })
    const before = await info()
    expect((await put(before)).statusCode).toBe(204)
    expect((await put((await get(infoUrl, { accept: xml })).body)).statusCode).toBe(204)
    expect(await info()).toEqual(before)
  })

  test.each([
    ['an empty name', { name: '' }, 'name must not be empty.'],
    ['an empty time zone', { time_zone: '' }, 'time zone'],
    ['two lines', { company: 'a\nb' }, 'company must be one line'],
    ['an address that is too long', { email: `${'x'.repeat(250)}@x.net` }, 'email must have at most 254'],
    ['a status that there is not', { status: 'GONE' }, 'status must be one of ACTIVE, TEST, FROZEN, CANCELED.'],
    ['a cancellation', { status: 'CANCELED' }, 'An account is canceled by its cancellation'],
    ['a truth that is none', { accepts_new_sets: 'no' }, 'accepts_new_sets must be boolean.'],
    ['runs kept too short', { run_days: 30 }, 'run_days must be a number of days from 31 to 36500, or 0 for ever'],
    ['runs kept too long', { run_days: 36_501 }, 'run_days must be'],
    ['half a day', { log_days: 0.5 }, 'log_days must be'],
    ['logs kept for less than nothing', { log_days: -1 }, 'log_days must be'],
    ['another username', { username: 'x' }, 'username is not a known member; known are reference_code, name,'],
    ['an unknown element', '<account><user>x</user></account>', '<account/user> is not a known element'],
    ['another root', '<info/>', 'The root element must be <account>'],
    ['half of it wrong', { reference_code: 'new', phone: '\0' }, 'phone must be one line'],
  ])('400: %s', async (_, body, description) => {
    const { put, info } = await anOffice()
    const before = await info()
    const answer = await put(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
    expect(await info()).toEqual(before)
  })

  test('of another time zone moves due times from now on', async () => {
    const { server, put } = await anOffice()
    const computer = await aComputer(server)
    const nightly = aNewSet(computer, { schedule: parseSchedule('cron 0 2 * * *') })
    await server.store.addBackupSet(nightly, testNow - days(2))
    await server.store.changeAccount(1, { timeZone: 'UTC' })
    await put({ time_zone: 'Asia/Tokyo' })
    const set = await server.store.findBackupSet(computer.accountId, computer.key, 'Documents')
    expect(set).toMatchObject({ expectedFrom: server.now })
  })
})

describe('If-Match', () => {
  const tagOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['etag'])

  test.each<[string, Headers]>([
    ['JSON', {}],
    ['XML', { accept: xml }],
    ['a compressed answer', { 'accept-encoding': 'gzip' }],
  ])('changes what its caller has read, by the tag of %s', async (_, headers) => {
    const { put, info, get } = await anOffice()
    const answer = await put({ phone: '0100' }, { 'if-match': tagOf(await get(infoUrl, headers)) })
    expect([answer.statusCode, await info()]).toMatchObject([204, { phone: '0100' }])
  })

  test.each(['"stale"', 'W/"stale"', 'no tag', '"'])('412: %s, and nothing is changed', async tag => {
    const { put, info } = await anOffice()
    const answer = await put({ phone: '0100' }, { 'if-match': tag })
    expect([answer.statusCode, answer.json()]).toMatchObject([412, { error: 'precondition_failed' }])
    expect(await info()).toMatchObject({ phone: '' })
  })

  test('412: what was true before somebody else changed it', async () => {
    const { put, info, get } = await anOffice()
    const tag = tagOf(await get(infoUrl))
    await put({ phone: '1' })
    expect((await put({ phone: '2' }, { 'if-match': tag })).statusCode).toBe(412)
    expect(await info()).toMatchObject({ phone: '1' })
    expect((await put({ phone: '2' }, { 'if-match': `"other", ${tagOf(await get(infoUrl))}` })).statusCode).toBe(204)
  })

  test('of two changes at once that build on the same one succeeds', async () => {
    const { put, get } = await anOffice()
    const tag = tagOf(await get(infoUrl))
    const both = await Promise.all(['1', '2'].map(phone => put({ phone }, { 'if-match': tag })))
    expect(new Set(both.map(({ statusCode }) => statusCode))).toEqual(new Set([204, 412]))
  })

  test('is not refused because something else of the tree changes meanwhile', async () => {
    const { server, put, get, info } = await anOffice()
    const other = await aPartner(server)
    const tag = tagOf(await get(infoUrl))
    const changes = Array.from({ length: 3 }, (_, index) => server.store.changePartner(other.id, { phone: `${index}` }))
    const [answer] = await Promise.all([put({ phone: '0100' }, { 'if-match': tag }), ...changes])
    expect([answer.statusCode, await info()]).toMatchObject([204, { phone: '0100' }])
  })

  test('of a foreign account is refused as a missing one', async () => {
    const { server } = await anOffice()
    const token = await aToken(server, { place: await aPartner(server) })
    expect((await change(server, token, { phone: '1' }, { 'if-match': '*' })).statusCode).toBe(404)
  })
})

describe('POST …/cancellation', () => {
  const url = '/v1/accounts/acme/cancellation'

  test.each<[string, object | string | undefined, Headers]>([
    ['JSON', { reason_note: 'moved away\nin March' }, {}],
    ['XML', '<cancellation><reason_note>moved away\nin March</reason_note></cancellation>', { 'content-type': xml }],
  ])('leads to the account, which is canceled, by a note in %s', async (_, body, headers) => {
    const { server, token, get } = await anOffice()
    const answer = await server.post(url, body, { token, headers })
    const location = 'https://backup.example.net/v1/accounts/acme'
    expect([answer.statusCode, answer.headers['location'], answer.body]).toEqual([303, location, ''])
    expect((await get('/v1/accounts/acme')).json()).toMatchObject({ status: 'CANCELED' })
    const { entries } = await server.store.listAuditLog(server.root.path, { skip: 0, most: 9 })
    expect(entries).toMatchObject([{ after: { status: 'canceled', cancellation_note: 'moved away\nin March' } }])
  })

  test('needs no body, and changes nothing the second time', async () => {
    const { server, token } = await anOffice()
    for (const body of [undefined, { reason_note: 'again' }]) {
      expect((await server.post(url, body, { token })).statusCode).toBe(303)
    }
    expect(await server.store.listAuditLog(server.root.path, { skip: 0, most: 9 })).toMatchObject({ count: 1 })
  })

  test('ends what is expected; what is reported is recorded, and in use again nothing is missed', async () => {
    const { server, token, put } = await anOffice()
    const computer = await aComputer(server)
    const nightly = aNewSet(computer, { schedule: parseSchedule('cron 0 23 * * *') })
    await server.store.addBackupSet(nightly, testNow - days(3))
    const rows = async () =>
      (await server.get(reportUrl(computer), { token })).json<{ list: Record<string, unknown>[] }>().list
    expect(await rows()).toMatchObject([{ condition_types: ['MISSED'] }])
    await server.post(url, {}, { token })
    expect(await rows()).toEqual([])
    await recordReport(server, computer)
    expect(await rows()).toMatchObject([{ condition_types: ['COMPLETED'] }])
    server.now += days(2)
    const later = await aToken(server)
    expect((await server.get(reportUrl(computer), { token: later })).json()).toMatchObject({
      list: [{ condition_types: ['COMPLETED'] }],
    })
    await change(server, later, { status: 'ACTIVE' })
    expect((await server.get(reportUrl(computer), { token: later })).json()).toMatchObject({
      list: [{ condition_types: ['COMPLETED'] }],
    })
    expect((await put({})).statusCode).toBe(401)
  })

  test.each([
    ['an unknown member', { reason: 'x' }, 'reason is not a known member; known are reason_note.'],
    ['a note that is too long', { reason_note: 'x'.repeat(1_001) }, 'reason_note must have at most 1000'],
    ['a note that is none', { reason_note: null }, 'reason_note must be string.'],
  ])('400: %s', async (_, body, description) => {
    const { server, token, info } = await anOffice()
    const answer = await server.post(url, body, { token })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
    expect(await info()).toMatchObject({ status: 'ACTIVE' })
  })
})
