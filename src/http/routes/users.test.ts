import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aPartner, aToken } from '../../../test/support/builders.ts'

type Headers = Record<string, string>

const url = '/v1/partners/north/users'
const office = { username: 'office', name: 'Office', email: 'office@example.net', phone: '', role: 'ADMIN' }
const inXml = { 'content-type': 'application/xml' }

/** The partner north with a person, and a caller that is bound to it. */
async function aTeam() {
  const server = await aServer()
  const north = await aPartner(server)
  const south = await aPartner(server, { username: 'south' })
  const token = await aToken(server, { place: north })
  const add = (body: object | string, headers: Headers = {}) => server.post(url, body, { token, headers })
  const made = await add(office)
  const send = (method: 'PUT' | 'DELETE', name: string, payload?: object | string, headers: Headers = {}) =>
    server.send({
      method,
      url: `${url}/${name}`,
      ...(payload !== undefined && { payload }),
      headers: { authorization: `OAuth ${token}`, ...headers },
    })
  const get = (name: string) => server.get(`${url}/${name}`, { token })
  return { server, south, token, add, made, send, get }
}

describe('a person', () => {
  test('is added, and found where the answer says', async () => {
    const { made, get } = await aTeam()
    const location = 'https://backup.example.net/v1/partners/north/users/office'
    expect([made.statusCode, made.headers['location'], made.json()]).toEqual([201, location, office])
    expect((await get('office')).body).toBe(made.body)
  })

  test('has a name that may be an address, and a role in any letter case', async () => {
    const { add, get } = await aTeam()
    const body = '<user><username>bob@example.net</username><role>tech</role></user>'
    const answer = await add(body, inXml)
    expect(answer.headers['location']).toContain('/users/bob%40example.net')
    expect((await get('bob%40example.net')).json()).toMatchObject({ name: 'bob@example.net', role: 'TECH' })
  })

  test('is changed in what is given; an empty text clears', async () => {
    const { send, get, made } = await aTeam()
    expect((await send('PUT', 'office', { role: 'finance', phone: '0100' })).statusCode).toBe(204)
    expect((await send('PUT', 'office', '<user><email/></user>', inXml)).statusCode).toBe(204)
    expect((await get('office')).json()).toEqual({ ...office, role: 'FINANCE', phone: '0100', email: '' })
    expect((await send('PUT', 'office', made.json<object>())).statusCode).toBe(204)
    expect((await get('office')).body).toBe(made.body)
  })

  test('is changed and removed only if it still is what the caller has read', async () => {
    const { send, get } = await aTeam()
    const tag = String((await get('office')).headers['etag'])
    expect((await send('PUT', 'office', { phone: '1' }, { 'if-match': tag })).statusCode).toBe(204)
    expect((await send('PUT', 'office', { phone: '2' }, { 'if-match': tag })).statusCode).toBe(412)
    expect((await send('DELETE', 'office', undefined, { 'if-match': tag })).statusCode).toBe(412)
    const now = String((await get('office')).headers['etag'])
    expect((await send('DELETE', 'office', undefined, { 'if-match': now })).statusCode).toBe(204)
    expect((await get('office')).statusCode).toBe(404)
    expect((await send('DELETE', 'office')).statusCode).toBe(404)
  })

  test('409: a username that somebody has, of whatever partner and in whatever letter case', async () => {
    const { server, south, add } = await aTeam()
    const token = await aToken(server, { place: south })
    const answer = await server.post('/v1/partners/south/users', { ...office, username: 'OFFICE' }, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { error_description: 'The username OFFICE is taken; choose another.' },
    ])
    expect((await add(office)).statusCode).toBe(409)
    expect((await add({ ...office, username: 'north' })).statusCode).toBe(201)
  })

  test('404: one of another partner like one that there is not, also for a caller that sees both', async () => {
    const { server } = await aTeam()
    const token = await aToken(server)
    for (const [path, name] of [
      ['south', 'office'],
      ['root', 'office'],
      ['south', 'x'],
      ['south', '%00'],
    ] as const) {
      const answer = await server.get(`/v1/partners/${path}/users/${name}`, { token })
      const description = `There is no user ${decodeURIComponent(name)} of the partner ${path}.`
      expect([answer.statusCode, answer.json()]).toMatchObject([404, { error_description: description }])
    }
  })

  test.each([
    ['no role', { username: 'onsite' }, 'role is missing.'],
    ['a role that there is not', { username: 'onsite', role: 'ROOT' }, 'role must be one of ADMIN, TECH, FINANCE.'],
    ['a username with a blank', { username: 'b ob', role: 'TECH' }, 'must be 1 to 64 letters'],
    ['an address that is none', { username: 'onsite', role: 'TECH', email: 'x' }, 'email must be an address'],
    ['a password', { username: 'onsite', role: 'TECH', password: 'x' }, 'password is not a known member'],
  ])('400: %s', async (_, body, description) => {
    const { add } = await aTeam()
    const answer = await add(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
  })

  test('400: another username', async () => {
    const { send } = await aTeam()
    expect((await send('PUT', 'office', { username: 'onsite' })).json()).toMatchObject({
      error_description: 'username must be office or be left out: it cannot be changed.',
    })
  })
})

describe('the list of people', () => {
  test('is ordered in full and has a link in each row', async () => {
    const { server, token, add } = await aTeam()
    await add({ username: 'reader', name: 'Office', role: 'FINANCE' })
    await add({ username: 'Onsite', name: 'Zed', role: 'ADMIN' })
    const read = async (query: string) =>
      (await server.get(`${url}?${query}`, { token })).json<{ count: number; list: Record<string, unknown>[] }>()
    const names = async (query: string) => (await read(query)).list.map(({ username }) => username)
    expect(await names('')).toEqual(['Onsite', 'office', 'reader'])
    expect(await names('order_by=NAME')).toEqual(['office', 'reader', 'Onsite'])
    expect(await names('order_by=ROLE&order_dir=DESC')).toEqual(['reader', 'Onsite', 'office'])
    const link = { rel: 'self', href: 'https://backup.example.net/v1/partners/north/users/office' }
    expect(await read('page_size=1&page=2')).toMatchObject({ count: 3, list: [{ ...office, link }] })
  })
})
