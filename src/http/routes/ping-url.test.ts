import type { LightMyRequestResponse } from 'fastify'
import { describe, expect, test } from 'vitest'
import { aToken } from '../../../test/support/builders.ts'
import { aHookedSet } from '../../../test/support/pinged.ts'
import { days, hours } from '../../domain/instant.ts'

const url = '/v1/accounts/acme/computers/0000/backupsets/Documents/ping_url'

/** The set Documents, which has a ping URL, and a token for it. */
async function aCaller(settings: Parameters<typeof aHookedSet>[0] = {}) {
  const hooked = await aHookedSet(settings)
  const token = await aToken(hooked.server, { scopes: ['computers_write'], lifetimeMs: days(9) })
  const renew = async (query = '') => hooked.server.post(`${url}${query}`, undefined, { token })
  const ping = async (id: string) => (await hooked.server.get(`/ping/${id}`)).statusCode
  return { ...hooked, token, renew, ping }
}

const pingUrlOf = (answer: LightMyRequestResponse) => answer.json<{ ping_url: string }>().ping_url
const idOf = (pingUrl: string) => pingUrl.split('/').at(-1) ?? ''

describe('201', () => {
  test('a new ping URL pings the set, beside the old one for a day', async () => {
    const { server, pingId, renew, ping, runs } = await aCaller()
    const answer = await renew()
    expect([answer.statusCode, answer.headers['cache-control'], Object.keys(answer.json())]).toEqual([
      201,
      'no-store',
      ['ping_url'],
    ])
    const pingUrl = pingUrlOf(answer)
    expect(pingUrl).toMatch(/^https:\/\/backup\.example\.net\/ping\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect([await ping(idOf(pingUrl)), await ping(pingId)]).toEqual([200, 200])
    expect(await runs()).toHaveLength(2)
    server.now += hours(24)
    expect([await ping(idOf(pingUrl)), await ping(pingId)]).toEqual([200, 404])
  })

  test.each([
    ['at once', '?old_valid_hours=0', 0],
    ['after three hours', '?old_valid_hours=3', 3],
  ])('the old one may end %s', async (_, query, validHours) => {
    const { server, pingId, renew, ping } = await aCaller()
    await renew(query)
    server.now += hours(validHours) - 1
    expect(await ping(pingId)).toBe(validHours === 0 ? 404 : 200)
    server.now += 1
    expect(await ping(pingId)).toBe(404)
  })

  test('it is on the host of pings where there is one', async () => {
    const { renew } = await aCaller({ pingHost: 'hc.example.net' })
    expect(pingUrlOf(await renew())).toMatch(/^https:\/\/hc\.example\.net\/[0-9a-f-]{36}$/)
  })

  test('the secret is nowhere else: not in the audit log, which says that it was renewed', async () => {
    const { server, renew } = await aCaller()
    const id = idOf(pingUrlOf(await renew()))
    const { entries } = await server.store.listAuditLog(server.root.path, { skip: 0, most: 9 })
    expect(entries[0]).toMatchObject({ action: 'renew ping URL', before: {}, after: {} })
    expect(JSON.stringify(entries)).not.toContain(id)
  })
})

test.each(['-1', '8761', '1.5', ''])('400: old_valid_hours=%s', async count => {
  const { renew, ping, pingId } = await aCaller()
  const answer = await renew(`?old_valid_hours=${count}`)
  expect([answer.statusCode, answer.json()]).toMatchObject([
    400,
    { error_description: `old_valid_hours must be a whole number from 0 to 8760, not "${count}".` },
  ])
  expect(await ping(pingId)).toBe(200)
})
