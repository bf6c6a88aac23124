import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aClient, aComputer, anAccount, aReport, aToken, reportUrl, runsUrl } from '../../../test/support/builders.ts'
import { everythingStored } from '../../../test/support/stored.ts'
import { hashSecret } from '../../app/secrets.ts'
import { hours } from '../../domain/instant.ts'
import { scopes as allScopes } from '../../domain/principal.ts'

type Headers = Record<string, string>
type Fields = Record<string, string>

const asForm = { 'content-type': 'application/x-www-form-urlencoded' }
const aTokenText = /^[A-Za-z0-9_-]{43}$/

function askWith(server: TestServer, body: string, headers: Headers = {}) {
  return server.post('/oauth2/token', body, { headers: { ...asForm, ...headers } })
}

/** A server with one client, and what asks for a token of it: the right fields, but for those that a test changes. */
async function anAsker(options: Parameters<typeof aClient>[1] = {}) {
  const server = await aServer()
  const client = await aClient(server, options)
  const right = { grant_type: 'none', client_id: client.clientId, client_secret: client.clientSecret }
  return {
    server,
    client,
    ask: (fields: Fields = {}, headers?: Headers) =>
      askWith(server, new URLSearchParams({ ...right, ...fields }).toString(), headers),
  }
}

function toBasic(id: string, secret: string): Headers {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
}

/** The scopes of a token, as the answers to it show. */
async function scopesOf(server: TestServer, token: string): Promise<string[]> {
  const bearer = await server.store.findBearer(hashSecret(token))
  return [...(bearer?.scopes ?? [])].sort()
}

describe('200', () => {
  test('grant none is answered with exactly two members, the lifetime as a string', async () => {
    const { ask } = await anAsker()
    const answer = await ask()
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toMatch(/^\{"access_token":"[A-Za-z0-9_-]{43}","expires_in":"3600"\}$/)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
  })

  test('client_credentials is answered as RFC 6749 says', async () => {
    const { ask } = await anAsker({ scopes: ['computers_read', 'accounts_read'] })
    const answer = await ask({ grant_type: 'client_credentials' })
    expect(answer.json()).toEqual({
      access_token: expect.stringMatching(aTokenText),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: expect.stringMatching(/^(computers_read accounts_read|accounts_read computers_read)$/),
    })
  })

  test('the answer is JSON, whatever the request accepts', async () => {
    const { ask } = await anAsker()
    const answer = await ask({}, { accept: 'application/xml' })
    expect(answer.json()).toMatchObject({ expires_in: '3600' })
  })

  test('the client may identify itself by Basic', async () => {
    const { server, client } = await anAsker()
    const answer = await askWith(server, 'grant_type=none', toBasic(client.clientId, client.clientSecret))
    expect(answer.json()).toEqual({ access_token: expect.stringMatching(aTokenText), expires_in: '3600' })
  })

  test('the body may be JSON', async () => {
    const { server, client } = await anAsker()
    const fields = { grant_type: 'none', client_id: client.clientId, client_secret: client.clientSecret }
    const answer = await server.post('/oauth2/token', { ...fields, scope: 'computers_read' })
    expect(await scopesOf(server, answer.json<Fields>()['access_token'] ?? '')).toEqual(['computers_read'])
  })

  test.each([
    ['one', 'computers_read', ['computers_read']],
    ['spaces', 'computers_read accounts_read', ['accounts_read', 'computers_read']],
    ['literal plus signs', 'computers_read+accounts_read', ['accounts_read', 'computers_read']],
    ['several of each', ' computers_read  +accounts_read+', ['accounts_read', 'computers_read']],
    ['the same twice', 'computers_read computers_read', ['computers_read']],
    ['an empty scope: all that the client may', '', [...allScopes].sort()],
  ])('scope: %s', async (_, scope, granted) => {
    const { server, ask } = await anAsker()
    const answer = await ask({ scope })
    expect(await scopesOf(server, answer.json<Fields>()['access_token'] ?? '')).toEqual(granted)
  })

  test.each([
    ['+', 'computers_read+accounts_read'],
    ['%2B', 'computers_read%2Baccounts_read'],
    ['%20', 'computers_read%20accounts_read'],
  ])('scopes in a form may be separated by %s', async (_, scope) => {
    const { server, client } = await anAsker()
    const fields = `grant_type=none&client_id=${client.clientId}&client_secret=${client.clientSecret}&scope=${scope}`
    const answer = await askWith(server, fields)
    const token = answer.json<Fields>()['access_token'] ?? ''
    expect(await scopesOf(server, token)).toEqual(['accounts_read', 'computers_read'])
  })

  test('no scope is all that the client may, and no more', async () => {
    const { server, ask } = await anAsker({ scopes: ['computers_read'] })
    const answer = await ask()
    expect(await scopesOf(server, answer.json<Fields>()['access_token'] ?? '')).toEqual(['computers_read'])
  })

  test('fields that are not known are ignored, as RFC 6749 says', async () => {
    const { ask } = await anAsker()
    expect((await ask({ audience: 'x' })).statusCode).toBe(200)
  })

  test('every token is another one, and the earlier ones last', async () => {
    const { server, client, ask } = await anAsker()
    const tokens = []
    for (let count = 0; count < 3; count += 1) tokens.push((await ask()).json<Fields>()['access_token'] ?? '')
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect(await scopesOf(server, token)).toHaveLength(6)
    expect(client.clientSecret).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('a token', () => {
  test('sees what its client is bound to, and nothing beside it', async () => {
    const server = await aServer()
    const own = await anAccount(server, { username: 'own' })
    const [inside, outside] = [await aComputer(server, { username: 'own' }), await aComputer(server)]
    const { clientId, clientSecret } = await aClient(server, { place: own })
    const answer = await askWith(server, 'grant_type=none', toBasic(clientId, clientSecret))
    const token = answer.json<Fields>()['access_token'] ?? ''
    expect((await server.get(reportUrl(inside), { token })).statusCode).toBe(200)
    expect((await server.get(reportUrl(outside), { token })).statusCode).toBe(404)
  })

  test('ends after its hour, and says so', async () => {
    const { server, ask } = await anAsker()
    const computer = await aComputer(server)
    const token = (await ask()).json<Fields>()['access_token'] ?? ''
    server.now += hours(1) - 1
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(200)
    server.now += 1
    const answer = await server.get(reportUrl(computer), { token })
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      401,
      'OAuth realm="Lastgood", error="expired_token"',
    ])
  })

  test.each<[string, (server: TestServer, client: { id: number }, token: string) => Promise<void>]>([
    ['it is revoked', ({ store }, _, token) => store.revokeToken(hashSecret(token))],
    ['its client is removed', ({ store }, { id }) => store.removeClient(id)],
    ['its client gets a new secret', ({ store }, { id }) => store.changeClient(id, { secretHash: hashSecret('new') })],
  ])('ends when %s', async (_, end) => {
    const { server, client, ask } = await anAsker()
    const computer = await aComputer(server)
    const token = (await ask()).json<Fields>()['access_token'] ?? ''
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(200)
    await end(server, client, token)
    const answer = await server.get(reportUrl(computer), { token })
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      401,
      'OAuth realm="Lastgood", error="invalid_token"',
    ])
  })

  test.each(['OAuth', 'Bearer', 'oauth', 'BEARER', 'oAuTh', 'Bearer  '])('is sent as %s', async scheme => {
    const server = await aServer()
    const [computer, token] = [await aComputer(server), await aToken(server)]
    const headers = { authorization: `${scheme} ${token}` }
    expect((await server.get(reportUrl(computer), { headers })).statusCode).toBe(200)
  })

  test.each<[string, (token: string) => string]>([
    ['without a scheme', token => token],
    ['as Basic', token => `Basic ${token}`],
    ['as Token', token => `Token ${token}`],
    ['with nothing behind the scheme', () => 'OAuth '],
    ['without a space', token => `OAuth${token}`],
    ['in quotes', token => `OAuth "${token}"`],
    ['as a parameter', token => `OAuth token=${token}`],
    ['with something behind it', token => `OAuth ${token} x`],
    ['twice', token => `OAuth ${token}, OAuth ${token}`],
    ['in another letter case', token => `OAuth ${token.toUpperCase()}a`],
    ['cut', token => `OAuth ${token.slice(0, -1)}`],
    ['by its hash', token => `OAuth ${hashSecret(token)}`],
    ['with half a megabyte', () => `OAuth ${'a'.repeat(500_000)}`],
  ])('is not accepted %s', async (_, write) => {
    const server = await aServer()
    const [computer, token] = [await aComputer(server), await aToken(server)]
    const answer = await server.get(reportUrl(computer), { headers: { authorization: write(token) } })
    expect([answer.statusCode, answer.json()]).toMatchObject([401, { error: 'invalid_token' }])
    expect(answer.body).not.toContain(token)
  })

  test('is never in the URL', async () => {
    const server = await aServer()
    const [computer, token] = [await aComputer(server), await aToken(server)]
    const answer = await server.get(reportUrl(computer, `?access_token=${token}`))
    expect(answer.statusCode).toBe(401)
  })

  test('is nowhere in the database, and neither is a client’s secret: both are kept as hashes', async () => {
    const { server, client, ask } = await anAsker()
    const computer = await aComputer(server)
    const token = (await ask()).json<Fields>()['access_token'] ?? ''
    await server.post(runsUrl(computer), aReport(), { token })
    const stored = await everythingStored(server.database)
    const holds = (text: string) => stored.includes(text)
    expect([holds(hashSecret(token)), holds(hashSecret(client.clientSecret))]).toEqual([true, true])
    expect([holds(token), holds(client.clientSecret)]).toEqual([false, false])
  })
})

describe('400', () => {
  test.each<[string, Fields, string, string]>([
    ['a wrong secret', { client_secret: '0'.repeat(32) }, 'invalid_client', 'The client is unknown, or its secret'],
    ['an unknown client', { client_id: '0'.repeat(32) }, 'invalid_client', 'The client is unknown, or its secret'],
    ['no client', { client_id: '' }, 'invalid_request', 'client_id is missing.'],
    ['no secret', { client_secret: '' }, 'invalid_request', 'client_secret is missing.'],
    ['no grant', { grant_type: '' }, 'invalid_request', 'grant_type is missing; send none or client_credentials.'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type', 'grant_type must be none or'],
    ['a grant in upper case', { grant_type: 'NONE' }, 'unsupported_grant_type', 'grant_type must be none or'],
    [
      'a scope that there is not',
      { scope: 'computers_read everything' },
      'invalid_scope',
      '"everything" is not a scope',
    ],
    ['a scope in upper case', { scope: 'COMPUTERS_READ' }, 'invalid_scope', '"COMPUTERS_READ" is not a scope'],
    [
      'a scope that the client may not have',
      { scope: 'computers_read partners_write' },
      'invalid_scope',
      'The client may not have the scope partners_write; it may have computers_read.',
    ],
  ])('%s', async (_, fields, error, description) => {
    const { ask } = await anAsker({ scopes: ['computers_read'] })
    const answer = await ask(fields)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(answer.json()).toEqual({ error, error_description: expect.stringContaining(description) })
  })

  test('an unknown client and a wrong secret are answered alike', async () => {
    const { ask } = await anAsker()
    const [unknown, wrong] = [await ask({ client_id: '0'.repeat(32) }), await ask({ client_secret: '0'.repeat(32) })]
    expect(unknown.body).toBe(wrong.body)
  })

  test.each(['grant_type=none', 'client_id=x', 'client_secret=x', 'scope=computers_read'])(
    'a field given twice: %s',
    async field => {
      const { server, client } = await anAsker()
      const fields = `grant_type=none&client_id=${client.clientId}&client_secret=${client.clientSecret}&scope=`
      const answer = await askWith(server, `${fields}&${field}`)
      const error_description = `${field.split('=')[0]} must be given once.`
      expect([answer.statusCode, answer.json()]).toEqual([400, { error: 'invalid_request', error_description }])
    },
  )

  test('a secret both in the header and in the body', async () => {
    const { client, ask } = await anAsker()
    const answer = await ask({}, toBasic(client.clientId, client.clientSecret))
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })

  test.each<[string, string, string]>([
    ['of another type', 'text/plain', 'grant_type=none'],
    ['of XML', 'application/xml', '<grant_type>none</grant_type>'],
    ['of JSON with a number', 'application/json', '{"grant_type":1}'],
    ['of JSON that is a list', 'application/json', '["none"]'],
    ['of JSON that ends early', 'application/json', '{"grant_type":'],
    ['that is empty', 'application/x-www-form-urlencoded', ''],
    ['that is empty JSON', 'application/json', ''],
  ])('a body %s', async (_, contentType, body) => {
    const server = await aServer()
    const headers = { 'content-type': contentType, accept: 'application/xml' }
    const answer = await server.post('/oauth2/token', body, { headers })
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([400, 'no-store'])
    expect(answer.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) })
  })

  test('what a client is not is never repeated', async () => {
    const { ask } = await anAsker()
    const answer = await ask({ client_secret: 'my-secret-by-mistake', grant_type: 'none' })
    expect(answer.body).not.toContain('my-secret-by-mistake')
  })
})

describe('401', () => {
  test.each<[string, Headers]>([
    ['a wrong secret', toBasic('0'.repeat(32), '1'.repeat(32))],
    ['no colon', { authorization: `Basic ${Buffer.from('nothing').toString('base64')}` }],
    ['no base64', { authorization: 'Basic ???' }],
    ['nothing', { authorization: 'Basic' }],
    ['another scheme', { authorization: 'Bearer abc' }],
  ])('a Basic header with %s', async (_, headers) => {
    const { server } = await anAsker()
    const answer = await askWith(server, 'grant_type=none', headers)
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Basic realm="Lastgood"'])
    expect(answer.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) })
  })
})

describe('405', () => {
  test('a token is not got by GET: its secret would be in the URL', async () => {
    const { server } = await anAsker()
    const answer = await server.get('/oauth2/token?grant_type=none')
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'POST'])
  })
})

describe('413', () => {
  test('a request of more than 16 KiB', async () => {
    const { ask } = await anAsker()
    expect((await ask({ scope: 'x'.repeat(17_000) })).statusCode).toBe(413)
  })
})
