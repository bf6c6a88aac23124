import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, anAgentKey, aPartner, at, aToken } from '../../../test/support/builders.ts'

const base = 'https://backup.example.net'

describe('the time of the server', () => {
  test('is in UTC, for every token', async () => {
    const server = await aServer()
    server.now = at('2026-07-01T23:59:59.999-05:00')
    const token = await aToken(server, { scopes: [] })
    expect((await server.get('/v1/general/time', { token })).json()).toEqual({ time: '2026-07-02T04:59:59+00:00' })
  })
})

describe('a username', () => {
  async function aTree() {
    const server = await aServer()
    const north = await aPartner(server)
    const south = await aPartner(server, { username: 'south' })
    const acme = await anAccount(server, { username: 'Acme.Ltd', partner: north })
    const computer = await aComputer(server, { username: 'Acme.Ltd' })
    await anAccount(server, { username: 'bakery', partner: south })
    const ask = async (token: string, name: string) => {
      const answer = await server.get(`/v1/general/username/${name}`, { token })
      return answer.statusCode === 303 ? answer.headers['location'] : answer.statusCode
    }
    return { server, north, acme, computer, ask }
  }

  test('leads to the account or partner that has it, in whatever letter case', async () => {
    const { server, ask } = await aTree()
    const token = await aToken(server, { scopes: [] })
    expect(await ask(token, 'Acme.Ltd')).toBe(`${base}/v1/accounts/Acme.Ltd`)
    expect(await ask(token, 'ACME.ltd')).toBe(`${base}/v1/accounts/Acme.Ltd`)
    expect(await ask(token, 'South')).toBe(`${base}/v1/partners/south`)
    expect(await ask(token, 'root')).toBe(`${base}/v1/partners/root`)
  })

  test('0 is the own one of the caller', async () => {
    const { server, north, acme, computer, ask } = await aTree()
    expect(await ask(await aToken(server, { scopes: [] }), '0')).toBe(`${base}/v1/partners/root`)
    expect(await ask(await aToken(server, { place: north }), '0')).toBe(`${base}/v1/partners/north`)
    expect(await ask(await aToken(server, { place: acme }), '0')).toBe(`${base}/v1/accounts/Acme.Ltd`)
    expect(await ask(await anAgentKey(server, computer), '0')).toBe(`${base}/v1/accounts/Acme.Ltd`)
  })

  test('that is foreign is as one that nobody has', async () => {
    const { server, north, acme, computer, ask } = await aTree()
    for (const place of [north, acme, computer]) {
      const token = await aToken(server, { place })
      expect(await ask(token, 'acme.ltd')).toBe(`${base}/v1/accounts/Acme.Ltd`)
      for (const name of ['bakery', 'south', 'root', 'nobody', '00', 'a%00', '%27', 'a%2Fb', 'K%E2%84%AA']) {
        expect([name, await ask(token, name)]).toEqual([name, 404])
      }
      const answer = await server.get('/v1/general/username/bakery', { token })
      expect(answer.json()).toMatchObject({ error_description: 'There is no account or partner bakery.' })
    }
  })
})
