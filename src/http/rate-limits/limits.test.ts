import { describe, expect, test } from 'vitest'
import { addToken } from '../../app/issue-token.ts'
import { minutes, seconds } from '../../domain/instant.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import {
  aClient,
  aComputer,
  anAgentKey,
  anApiKey,
  aReport,
  aToken,
  reportUrl,
  runsUrl,
} from '../../../test/support/builders.ts'
import { aHookedSet } from '../../../test/support/pinged.ts'

const elsewhere = { remoteAddress: '192.0.2.7' }

async function aCaller(settings: Parameters<typeof aServer>[0]) {
  const server = await aServer(settings)
  const computer = await aComputer(server)
  return { server, computer, url: reportUrl(computer), token: await aToken(server) }
}

/** A token of a client. */
async function aTokenOf(server: TestServer, clientId: number): Promise<string> {
  const place = { partnerId: server.root.id, accountId: null, computerKey: null }
  return (await addToken(server.store, { scopes: ['computers_read'], place, clientId }, minutes(60), server.now)).token
}

const limitFields = (headers: Record<string, unknown>) =>
  ['limit', 'remaining', 'reset'].map(name => headers[`ratelimit-${name}`])

describe('a principal', () => {
  test('is told how many requests are left, and when there are new ones', async () => {
    const { server, url, token } = await aCaller({ rateLimit: 3 })
    expect(limitFields((await server.get(url, { token })).headers)).toEqual(['3', '2', '60'])
    server.now += seconds(17.5)
    expect(limitFields((await server.get(url, { token })).headers)).toEqual(['3', '1', '43'])
  })

  test('is refused above the limit until the minute is over', async () => {
    const { server, url, token } = await aCaller({ rateLimit: 1 })
    expect((await server.get(url, { token })).statusCode).toBe(200)
    server.now += seconds(20)
    const refused = await server.get(url, { token })
    expect([refused.statusCode, refused.headers['retry-after'], limitFields(refused.headers)]).toEqual([
      429,
      '40',
      ['1', '0', '40'],
    ])
    expect(refused.json()).toMatchObject({
      error: 'too_many_requests',
      error_description: 'A client may make 1 requests a minute; ask again in 40 seconds.',
    })
    server.now += seconds(40)
    expect((await server.get(url, { token })).statusCode).toBe(200)
  })

  test('is refused in XML, too', async () => {
    const { server, url, token } = await aCaller({ rateLimit: 1 })
    await server.get(url, { token })
    const refused = await server.get(url, { token, headers: { accept: 'application/xml' } })
    expect(refused.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(refused.body).toContain('<error><error>too_many_requests</error>')
  })

  test('that is a client shares the limit among its tokens', async () => {
    const { server, url } = await aCaller({ rateLimit: 2 })
    const [one, other] = [await aClient(server), await aClient(server)]
    const statuses = []
    for (const { id } of [one, one, one, other]) {
      statuses.push((await server.get(url, { token: await aTokenOf(server, id) })).statusCode)
    }
    expect(statuses).toEqual([200, 200, 429, 200])
  })

  test('that is an agent key or a token without a client has a limit of its own', async () => {
    const { server, computer, url, token } = await aCaller({ rateLimit: 1 })
    const key = await anAgentKey(server, computer)
    const statuses = []
    for (const one of [token, key, token, key]) statuses.push((await server.get(url, { token: one })).statusCode)
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  test('counts a batch as one request, and a refused request as one, too', async () => {
    const { server, computer, token } = await aCaller({ rateLimit: 3 })
    const batch = { list: Array.from({ length: 100 }, (_, index) => aReport({ backupset_name: `Set ${index}` })) }
    const answers = [
      await server.post(runsUrl(computer), batch, { token }),
      await server.get(reportUrl(computer, '?page=x&y=z'), { token }),
      await server.get('/v1/accounts/nobody/computers/0000/reports/backup_status', { token }),
    ]
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-remaining']])).toEqual([
      [200, '2'],
      [400, '1'],
      [404, '0'],
    ])
  })

  test('is limited by nothing where the setting is 0', async () => {
    const { server, url, token } = await aCaller({ rateLimit: 0 })
    expect(limitFields((await server.get(url, { token })).headers)).toEqual([undefined, undefined, undefined])
  })
})

describe('an address', () => {
  const tokenUrl = '/oauth2/token'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const wrongClient = 'grant_type=none&client_id=a&client_secret=b'

  test('may have a wrong secret so often, and then nothing new is looked up for it', async () => {
    const { server, url, token } = await aCaller({ addressRateLimit: 250 })
    const statuses = []
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await server.get(url, { token: 'wrong', ...elsewhere })).statusCode)
    }
    expect(statuses).toEqual([401, 401, 401, 429])
    const refused = await server.get(url, { token, ...elsewhere })
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
  })

  test('of which a token is known to be right is answered, whatever others behind it send', async () => {
    const { server, url, token } = await aCaller({ addressRateLimit: 100 })
    expect((await server.get(url, { token, ...elsewhere })).statusCode).toBe(200)
    for (let count = 0; count < 5; count += 1) await server.get(url, { token: 'wrong', ...elsewhere })
    expect((await server.get(url, { token, ...elsewhere })).statusCode).toBe(200)
    expect((await server.get(url, { ...elsewhere })).statusCode).toBe(429)
  })

  test('does not count requests with a right token', async () => {
    const { server, url, token } = await aCaller({ addressRateLimit: 1 })
    for (let count = 0; count < 5; count += 1) {
      expect((await server.get(url, { token, ...elsewhere })).statusCode).toBe(200)
    }
    expect((await server.get('/openapi.json', elsewhere)).statusCode).toBe(200)
  })

  test('may guess the secret of a client so often', async () => {
    const { server } = await aCaller({ addressRateLimit: 150 })
    const ask = () => server.post(tokenUrl, wrongClient, { headers: form, ...elsewhere })
    expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([400, 400])
    const refused = await ask()
    expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toMatchObject([
      429,
      '60',
      { error: 'too_many_requests' },
    ])
  })

  test('may ping as often as the setting says, and is told in plain text when to ping again', async () => {
    const { server, pingId } = await aHookedSet({ addressRateLimit: 3 })
    const ping = () => server.get(`/ping/${pingId}`, elsewhere)
    for (let count = 0; count < 3; count += 1) expect((await ping()).statusCode).toBe(200)
    const refused = await ping()
    expect([refused.statusCode, refused.headers['retry-after'], refused.body]).toEqual([429, '60', 'too many requests'])
    server.now += minutes(1)
    expect((await ping()).statusCode).toBe(200)
  })

  test.each([
    '/ping/5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f',
    '/hooks/uptime-kuma/x',
    '/b/2/x.svg',
    '/api/v3/checks/',
    '/x',
  ])('that tries many addresses is refused: %s', async path => {
    const server = await aServer({ addressRateLimit: 50 })
    expect((await server.get(path, elsewhere)).statusCode).toBeGreaterThan(400)
    expect((await server.get(path, elsewhere)).statusCode).toBe(429)
  })

  test('is told in the words of Healthchecks, also a page of another site', async () => {
    const server = await aServer({ addressRateLimit: 1 })
    const headers = { 'x-api-key': await anApiKey(server) }
    await server.get('/api/v3/checks/', { headers, ...elsewhere })
    const refused = await server.get('/api/v3/checks/', { headers, ...elsewhere })
    expect([refused.statusCode, refused.json()]).toEqual([
      429,
      { error: 'An address may make 1 requests a minute; ask again in 60 seconds.' },
    ])
  })

  test('does not count for another one, and one network of IPv6 is one', async () => {
    const server = await aServer({ addressRateLimit: 1 })
    const ask = async (remoteAddress: string) => (await server.get('/openapi.json', { remoteAddress })).statusCode
    expect([await ask('192.0.2.1'), await ask('192.0.2.2'), await ask('192.0.2.1')]).toEqual([200, 200, 429])
    expect([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8:0:1::1')]).toEqual([200, 429, 200])
  })

  test('is that which a trusted proxy names, and of no other caller', async () => {
    const server = await aServer({ addressRateLimit: 1, trustedProxies: ['127.0.0.1'] })
    const ask = async (forwardedFor: string, remoteAddress = '127.0.0.1') =>
      (await server.get('/openapi.json', { headers: { 'x-forwarded-for': forwardedFor }, remoteAddress })).statusCode
    expect([await ask('192.0.2.1'), await ask('192.0.2.2'), await ask('192.0.2.1')]).toEqual([200, 200, 429])
    expect([await ask('192.0.2.8', '192.0.2.3'), await ask('192.0.2.9', '192.0.2.3')]).toEqual([200, 429])
  })

  test('of this machine itself is not limited, and health is told to everybody', async () => {
    const server = await aServer({ addressRateLimit: 1 })
    for (let count = 0; count < 3; count += 1) {
      expect((await server.get('/openapi.json')).statusCode).toBe(200)
      expect((await server.get('/readyz', elsewhere)).statusCode).toBe(200)
    }
  })
})
