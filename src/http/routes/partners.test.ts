import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { testNow } from '../../../test/support/tree.ts'
import { days } from '../../domain/instant.ts'

type Row = Record<string, unknown>

/** The root with north and south below it, west below north, and an account of each but the root. */
async function aTree() {
  const server = await aServer()
  const north = await aPartner(server)
  const south = await aPartner(server, { username: 'south' })
  const west = await aPartner(server, { username: 'west', parent: north })
  const names = { acme: north, bakery: south, cellar: west }
  for (const [username, partner] of Object.entries(names)) await anAccount(server, { username, partner })
  const token = await aToken(server)
  const signups = async (username: string, query = '') => {
    const answer = await server.get(`/v1/partners/${username}/signups${query}`, { token })
    expect([query, answer.statusCode]).toEqual([query, 200])
    return answer.json<{ count: number; list: Row[]; links: Row[] }>()
  }
  const namesOf = async (username: string, query = '') =>
    (await signups(username, query)).list.map(row => row['username'])
  return { server, north, south, west, token, signups, namesOf }
}

describe('a partner', () => {
  test('is shown with what everything below it takes up, and with links', async () => {
    const { server, token } = await aTree()
    await server.store.changePartner(server.root.id, { company: 'Root Ltd', email: 'it@example.net', phone: '0100' })
    for (const username of ['acme', 'cellar'])
      await recordReport(server, await aComputer(server, { username }), aReport({ bytes: 1_000 }))
    const answer = await server.get('/v1/partners/root', { token })
    const url = 'https://backup.example.net/v1/partners/root'
    const titles = ['info', 'signups', 'users', 'usage_history', 'reports', 'audit_log']
    expect(answer.json()).toEqual({
      partner_id: server.root.id,
      username: 'root',
      name: 'Root',
      company: 'Root Ltd',
      email: 'it@example.net',
      phone: '0100',
      signup_date: '2026-03-05T15:00:00+00:00',
      usage: 2_000,
      links: titles.map(title => ({ title, rel: 'related', href: `${url}/${title}` })),
    })
  })

  test('changes what is given of its info, if it still is what the caller has read', async () => {
    const { server, token } = await aTree()
    const url = '/v1/partners/north/info'
    const put = (payload: object | string, headers = {}) =>
      server.send({ method: 'PUT', url, payload, headers: { authorization: `OAuth ${token}`, ...headers } })
    const tag = String((await server.get(url, { token })).headers['etag'])
    expect((await put({ company: 'North Ltd', phone: '0100' }, { 'if-match': tag })).statusCode).toBe(204)
    expect((await put({ phone: '0200' }, { 'if-match': tag })).statusCode).toBe(412)
    const inXml = { 'content-type': 'application/xml' }
    expect((await put('<partner><phone/><email>it@example.net</email></partner>', inXml)).statusCode).toBe(204)
    const info = { name: 'north', company: 'North Ltd', email: 'it@example.net', phone: '' }
    expect((await server.get(url, { token })).json()).toEqual(info)
    expect((await put({ email: 'it' })).statusCode).toBe(400)
    expect((await put({ policy: {} })).json()).toMatchObject({
      error_description: 'policy is not a known member; known are name, company, email, phone.',
    })
  })

  test.each(['', '/info', '/signups', '/users', '/audit_log'])(
    '404: a foreign one like a missing one, %s',
    async path => {
      const { server, north } = await aTree()
      const account = await server.store.findAccount('acme')
      for (const place of [north, ...(account ? [account] : [])]) {
        const token = await aToken(server, { place })
        for (const name of ['south', 'root', 'missing', 'acme']) {
          const answer = await server.get(`/v1/partners/${name}${path}`, { token })
          const refusal = { error: 'not_found', error_description: `There is no partner ${name}.` }
          expect([answer.statusCode, answer.json()]).toMatchObject([404, refusal])
        }
        const own = await server.get(`/v1/partners/north${path}`, { token })
        expect(own.statusCode).toBe(place === north ? 200 : 404)
      }
    },
  )
})

describe('signups', () => {
  test('are the accounts and partners below, at any depth, the accounts first', async () => {
    const { namesOf, signups } = await aTree()
    expect(await namesOf('root')).toEqual(['acme', 'bakery', 'cellar', 'north', 'south', 'west'])
    expect(await namesOf('north')).toEqual(['acme', 'cellar', 'west'])
    const link = { rel: 'self', href: 'https://backup.example.net/v1/accounts/cellar' }
    const row = { username: 'cellar', name: 'cellar', company: '', type: 'ACCOUNT', usage: 0, link }
    expect((await signups('west')).list).toEqual([row])
    const [partner] = (await signups('root', '?type=partner')).list
    expect(partner).toMatchObject({ type: 'PARTNER', link: { href: 'https://backup.example.net/v1/partners/north' } })
  })

  test('have what each takes up', async () => {
    const { server, signups } = await aTree()
    await recordReport(server, await aComputer(server, { username: 'cellar' }), aReport({ bytes: 1_000 }))
    const { list } = await signups('root')
    expect(list.map(({ usage }) => usage)).toEqual([0, 0, 1_000, 1_000, 0, 1_000])
  })

  test('are selected by type, status and date', async () => {
    const { server, namesOf } = await aTree()
    await server.store.changeAccount((await server.store.findAccount('acme'))?.id ?? 0, { status: 'canceled' })
    await server.store.addPartner({ parentId: server.root.id, username: 'zenith', name: 'Z' }, testNow + days(2))
    expect(await namesOf('root', '?type=PARTNER,ACCOUNT&status=CANCELED')).toEqual(['acme'])
    expect(await namesOf('root', '?status=active&type=ACCOUNT')).toEqual(['bakery', 'cellar'])
    expect(await namesOf('north', '?status=ACTIVE|TEST')).toEqual(['cellar', 'west'])
    expect(await namesOf('root', '?since=2026-03-06')).toEqual(['zenith'])
    expect(await namesOf('root', '?since=2026-03-07T15:00:00Z')).toEqual(['zenith'])
    expect(await namesOf('root', '?since=2026-03-07T15:00:01Z')).toEqual([])
  })

  test('are ordered in full, descending the other way round, code unit by code unit', async () => {
    const { server, north, namesOf } = await aTree()
    await server.store.changePartner(north.id, { name: 'bakery' })
    for (const username of ['Zoo', '0', 'a_b']) await anAccount(server, { username })
    for (const order of ['TYPE', 'USERNAME', 'NAME']) {
      const up = await namesOf('root', `?order_by=${order}`)
      expect(await namesOf('root', `?order_by=${order}&order_dir=DESC`)).toEqual(up.toReversed())
    }
    expect((await namesOf('root', '?order_by=USERNAME')).slice(0, 4)).toEqual(['0', 'Zoo', 'a_b', 'acme'])
    expect((await namesOf('root', '?order_by=NAME')).slice(4, 6)).toEqual(['bakery', 'north'])
  })

  test('come in pages of up to a hundred, each once', async () => {
    const { signups, namesOf } = await aTree()
    const pages = await Promise.all([1, 2, 3].map(page => namesOf('root', `?page_size=4&page=${page}`)))
    expect(pages).toEqual([['acme', 'bakery', 'cellar', 'north'], ['south', 'west'], []])
    expect(await signups('root', '?page=9007199254740991&page_size=100')).toMatchObject({ count: 6, list: [] })
  })

  test.each([
    ['?page_size=101', 'page_size must be a whole number from 1 to 100'],
    ['?type=PERSON', 'type must be one of ACCOUNT, PARTNER, not "PERSON".'],
    ['?status=DELETED', 'status must be one of ACTIVE, TEST, FROZEN, CANCELED'],
    ['?since=yesterday', 'since must be a date'],
    ['?order_by=COMPANY', 'order_by must be one of TYPE, USERNAME, NAME'],
    ['?name=x', '"name" is not a parameter of this path'],
  ])('400: %s', async (query, description) => {
    const { server, token } = await aTree()
    const answer = await server.get(`/v1/partners/root/signups${query}`, { token })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
  })
})
