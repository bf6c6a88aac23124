import { describe, expect, test } from 'vitest'
import { toCode } from '../../app/one-time-codes.ts'
import { makeFirstLink, makeLinkOf } from '../../app/sign-in-links.ts'
import { addUser } from '../../app/users.ts'
import { days, hours, minutes, seconds } from '../../domain/instant.ts'
import type { UserRole } from '../../domain/tree.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'

const password = 'correct horse battery'
const ours = { 'sec-fetch-site': 'same-origin' }

/** Adds a person with the password, and answers the cookie of a first session. */
async function aPerson(server: TestServer, username = 'office', role: UserRole = 'ADMIN'): Promise<string> {
  const user = await addUser(server.store, server.root, { username, role }, server.now)
  const secret = await makeLinkOf(server.store, user, server.now)
  const taken = await server.post('/session/link', { secret, password }, { headers: ours })
  expect(taken.statusCode).toBe(204)
  return cookieOf(taken)
}

function cookieOf({ headers }: { headers: Record<string, unknown> }): string {
  const text = [headers['set-cookie']].flat().map(String).join()
  return text.split(';')[0] ?? ''
}

async function signIn(server: TestServer, given: object, headers: Record<string, string> = ours) {
  return server.post('/session', { username: 'office', password, ...given }, { headers })
}

describe('signing in', () => {
  test('a person with a password gets a cookie that no script reads and no other site sends', async () => {
    const server = await aServer()
    await aPerson(server)
    const answer = await signIn(server, {})
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-lastgood=lgs_[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const who = await server.get('/session', { headers: { cookie: cookieOf(answer) } })
    expect(who.json()).toMatchObject({ username: 'office', role: 'ADMIN', partner: 'root', has_codes: false })
    expect(who.headers['cache-control']).toBe('no-store')
  })

  test('without HTTPS the cookie has another name, which may travel in plain', async () => {
    const server = await aServer({ publicUrl: null })
    await aPerson(server)
    expect((await signIn(server, {})).headers['set-cookie']).toMatch(
      /^lastgood=lgs_[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    )
  })

  test('the username is the same in any letter case', async () => {
    const server = await aServer()
    await aPerson(server)
    expect((await signIn(server, { username: 'OFFICE' })).statusCode).toBe(204)
  })

  test('a wrong password and a username that there is not are refused in the same words', async () => {
    const server = await aServer()
    await aPerson(server)
    await addUser(server.store, server.root, { username: 'new', role: 'TECH' }, server.now)
    const answers = await Promise.all([
      signIn(server, { password: 'wrong horse battery' }),
      signIn(server, { username: 'nobody' }),
      signIn(server, { username: 'new' }),
      signIn(server, { username: 'nul\0', password: '' }),
    ])
    for (const answer of answers) {
      expect([answer.statusCode, answer.json<object>()]).toMatchObject([
        401,
        { error_description: 'The username or the password is wrong.' },
      ])
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })

  test.each([
    ['nothing', undefined],
    ['no password', { username: 'office' }],
    ['a number', { username: 'office', password: 7 }],
    ['a member that is not known', { username: 'office', password, remember: true }],
    ['a password without end', { username: 'office', password: 'x'.repeat(1_001) }],
    ['a list', [1]],
  ])('%s is refused as wrong', async (_, body) => {
    const server = await aServer()
    const answer = await server.send({
      method: 'POST',
      url: '/session',
      headers: { ...ours, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
    expect(answer.statusCode).toBe(400)
  })

  test('a username is tried ten times a minute, whatever the address', async () => {
    const server = await aServer()
    await aPerson(server)
    for (let count = 0; count < 10; count += 1) {
      expect((await signIn(server, { password: 'no' })).statusCode).toBe(401)
    }
    const refused = await signIn(server, { username: 'Office' })
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
    server.now += minutes(1) + 1
    expect((await signIn(server, {})).statusCode).toBe(204)
  })
})

describe('pages of others', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of the host', { 'sec-fetch-site': 'same-site' }],
    ['another origin, told by an old browser', { origin: 'https://evil.example' }],
    ['nobody says', {}],
  ])('sign nobody in, and change nothing: %s', async (_, headers: Record<string, string>) => {
    const server = await aServer()
    const cookie = await aPerson(server)
    expect((await signIn(server, {}, headers)).statusCode).toBe(403)
    for (const [method, url] of [
      ['DELETE', '/session'],
      ['DELETE', '/session/others'],
      ['PUT', '/v1/partners/root/info'],
    ] as const) {
      const answer = await server.send({ method, url, headers: { ...headers, cookie } })
      expect([url, answer.statusCode]).toEqual([url, 403])
    }
    expect((await server.get('/session', { headers: { ...headers, cookie } })).statusCode).toBe(200)
  })

  test('an old browser that tells the origin of our own page signs in', async () => {
    const server = await aServer()
    await aPerson(server)
    expect((await signIn(server, {}, { origin: 'https://backup.example.net' })).statusCode).toBe(204)
  })
})

describe('the API by a session', () => {
  test.each([
    ['ADMIN', 200, 204],
    ['TECH', 200, 403],
    ['FINANCE', 200, 403],
  ] as const)('%s reads the partner and may change it or not', async (role, reading, changing) => {
    const server = await aServer()
    const cookie = await aPerson(server, 'office', role)
    const url = '/v1/partners/root/info'
    expect((await server.get(url, { headers: { cookie } })).statusCode).toBe(reading)
    const changed = await server.send({
      method: 'PUT',
      url,
      headers: { cookie, ...ours },
      payload: { company: 'Acme' },
    })
    expect(changed.statusCode).toBe(changing)
  })

  test('who pays reads no computer', async () => {
    const server = await aServer()
    const cookie = await aPerson(server, 'office', 'FINANCE')
    expect((await server.get('/v1/accounts/acme/computers', { headers: { cookie } })).statusCode).toBe(403)
  })

  test('another role is another scope at once', async () => {
    const server = await aServer()
    const cookie = await aPerson(server, 'office', 'TECH')
    await server.store.changeUser('office', { role: 'FINANCE' })
    expect((await server.get('/v1/accounts/acme/computers', { headers: { cookie } })).statusCode).toBe(403)
  })

  test('a token goes before the cookie', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    const answer = await server.get('/v1/partners/root', { headers: { cookie, authorization: 'OAuth wrong' } })
    expect(answer.statusCode).toBe(401)
  })

  test('changes are written down as the person’s', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    const headers = { cookie, ...ours }
    await server.send({ method: 'PUT', url: '/v1/partners/root/info', headers, payload: { company: 'Acme' } })
    const { entries } = await server.store.listAuditLog('/1/', { skip: 0, most: 9 })
    expect(entries.map(({ actor, action }) => [actor, action])).toEqual([
      ['user office', 'change partner'],
      ['user office', 'renew password'],
    ])
    expect(JSON.stringify(entries)).not.toContain('argon2')
  })
})

describe('the end of a session', () => {
  test('signing out ends it, also for who has copied the cookie', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    const answer = await server.send({ method: 'DELETE', url: '/session', headers: { cookie, ...ours } })
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')])
    expect((await server.get('/session', { headers: { cookie } })).statusCode).toBe(401)
    expect((await server.get('/v1/partners/root', { headers: { cookie } })).statusCode).toBe(401)
  })

  test('after thirty days it has ended', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    server.now += days(30) - seconds(1)
    expect((await server.get('/session', { headers: { cookie } })).statusCode).toBe(200)
    server.now += seconds(1)
    expect((await server.get('/session', { headers: { cookie } })).statusCode).toBe(401)
    expect(await server.store.removeExpiredSecrets(server.now + 1)).toBe(1)
  })

  test('somebody who is removed is signed out', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    await server.store.removeUser('office')
    expect((await server.get('/session', { headers: { cookie } })).statusCode).toBe(401)
  })

  test('another password ends every other session', async () => {
    const server = await aServer()
    const [one, other] = [await aPerson(server), cookieOf(await signIn(server, {}))]
    const change = { password, new_password: 'entirely different words' }
    const headers = { cookie: one, ...ours }
    const wrong = { ...change, password: 'wrong horse battery' }
    expect((await server.send({ method: 'PUT', url: '/session/password', headers, payload: wrong })).statusCode).toBe(
      403,
    )
    const weak = { ...change, new_password: 'short' }
    expect((await server.send({ method: 'PUT', url: '/session/password', headers, payload: weak })).statusCode).toBe(
      400,
    )
    expect((await server.get('/session', { headers: { cookie: other } })).statusCode).toBe(200)

    expect((await server.send({ method: 'PUT', url: '/session/password', headers, payload: change })).statusCode).toBe(
      204,
    )
    expect((await server.get('/session', { headers: { cookie: one } })).statusCode).toBe(200)
    expect((await server.get('/session', { headers: { cookie: other } })).statusCode).toBe(401)
    expect((await signIn(server, {})).statusCode).toBe(401)
    expect((await signIn(server, { password: 'entirely different words' })).statusCode).toBe(204)
  })

  test('one sees where one has signed in, and ends the others', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    await signIn(server, {}, { ...ours, 'user-agent': 'Firefox' })
    const listed = await server.get('/session/list', { headers: { cookie } })
    expect(listed.json<object[]>()).toMatchObject([{ is_this: expect.any(Boolean) }, { is_this: expect.any(Boolean) }])
    expect(listed.body).not.toContain('lgs_')
    await server.send({ method: 'DELETE', url: '/session/others', headers: { cookie, ...ours } })
    expect((await server.get('/session/list', { headers: { cookie } })).json()).toMatchObject([{ is_this: true }])
  })
})

describe('one-time codes', () => {
  async function withCodes(server: TestServer) {
    const cookie = await aPerson(server)
    const headers = { cookie, ...ours }
    const made = await server.post('/session/codes/secret', undefined, { headers })
    const { secret } = made.json<{ secret: string }>()
    const start = (payload: object) => server.send({ method: 'PUT', url: '/session/codes', headers, payload })
    return { headers, secret, start }
  }

  test('are asked for once an authenticator has shown that it has the secret', async () => {
    const server = await aServer()
    const { headers, secret, start } = await withCodes(server)
    expect((await start({ password, secret, code: '000000' })).statusCode).toBe(400)
    expect((await signIn(server, {})).statusCode).toBe(204)
    expect((await start({ password, secret, code: toCode(secret, server.now) })).statusCode).toBe(204)

    const needed = await signIn(server, {})
    expect([needed.statusCode, needed.json<object>()]).toMatchObject([403, { error: 'code_needed' }])
    // The one that has proved the secret was used with that.
    expect((await signIn(server, { code: toCode(secret, server.now) })).statusCode).toBe(401)
    server.now += seconds(30)
    const code = toCode(secret, server.now)
    expect((await signIn(server, { code, password: 'wrong horse battery' })).statusCode).toBe(401)
    expect((await signIn(server, { code })).statusCode).toBe(204)
    expect((await signIn(server, { code })).statusCode).toBe(401)
    expect((await server.get('/session', { headers })).json()).toMatchObject({ has_codes: true })
  })

  test('end with the password', async () => {
    const server = await aServer()
    const { headers, secret, start } = await withCodes(server)
    await start({ password, secret, code: toCode(secret, server.now) })
    const end = (given: string) =>
      server.send({ method: 'DELETE', url: '/session/codes', headers, payload: { password: given } })
    expect((await end('wrong horse battery')).statusCode).toBe(403)
    expect((await end(password)).statusCode).toBe(204)
    expect((await signIn(server, {})).statusCode).toBe(204)
  })

  test('are asked for after a link, too, until whoever runs the server ends them', async () => {
    const server = await aServer()
    const { secret, start } = await withCodes(server)
    await start({ password, secret, code: toCode(secret, server.now) })
    const { user } = (await server.store.findPerson('office')) ?? {}
    if (!user) throw new Error('There is no office.')
    const link = await makeLinkOf(server.store, user, server.now)
    const taken = await server.post('/session/link', { secret: link, password }, { headers: ours })
    expect([taken.statusCode, taken.headers['set-cookie']]).toEqual([204, undefined])
    expect((await signIn(server, {})).json()).toMatchObject({ error: 'code_needed' })
    await server.store.setCodeSecret({ username: 'office', codeSecret: null, keeping: null }, server.now)
    expect((await signIn(server, {})).statusCode).toBe(204)
  })

  test('have a secret of ours and no other', async () => {
    const server = await aServer()
    const { start } = await withCodes(server)
    for (const secret of ['', 'A', 'a'.repeat(32), '='.repeat(32)]) {
      expect([secret, (await start({ password, secret, code: '123456' })).statusCode]).toEqual([secret, 400])
    }
  })
})

describe('links', () => {
  test('the first makes an administrator, and there is none any more once somebody can sign in', async () => {
    const server = await aServer()
    const secret = (await makeFirstLink(server.store, server.root, server.now)) ?? ''
    const person = await server.post('/session/link/person', { secret })
    expect(person.json()).toEqual({ username: null, role: 'ADMIN' })
    const chosen = { secret, username: 'office', name: 'The office', password }
    for (const wrong of [{ username: '' }, { username: 'a b' }, { password: 'short' }]) {
      const answer = await server.post('/session/link', { ...chosen, ...wrong }, { headers: ours })
      expect(answer.statusCode).toBe(400)
    }
    const taken = await server.post('/session/link', chosen, { headers: ours })
    expect(taken.statusCode).toBe(204)
    const who = await server.get('/session', { headers: { cookie: cookieOf(taken) } })
    expect(who.json()).toMatchObject({ username: 'office', name: 'The office', role: 'ADMIN' })
    expect(await makeFirstLink(server.store, server.root, server.now)).toBeUndefined()
    const { entries } = await server.store.listAuditLog('/1/', { skip: 0, most: 9 })
    expect(entries).toMatchObject([{ actor: 'user office', action: 'add user', subject: 'user office' }])
  })

  test('a username that is taken leaves the link good', async () => {
    const server = await aServer()
    const secret = (await makeFirstLink(server.store, server.root, server.now)) ?? ''
    await addUser(server.store, server.root, { username: 'office', role: 'TECH' }, server.now)
    const take = (username: string) => server.post('/session/link', { secret, username, password }, { headers: ours })
    expect((await take('Office')).statusCode).toBe(409)
    expect((await take('other')).statusCode).toBe(204)
  })

  test('of two who take one at once, one comes to be', async () => {
    const server = await aServer()
    const secret = (await makeFirstLink(server.store, server.root, server.now)) ?? ''
    const answers = await Promise.all(
      ['one', 'two', 'three'].map(username =>
        server.post('/session/link', { secret, username, password }, { headers: ours }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).toSorted((one, other) => one - other)).toEqual([204, 404, 404])
    const order = { column: 'username', isDescending: false } as const
    expect((await server.store.listUsers(server.root.id, order, { skip: 0, most: 9 })).count).toBe(1)
  })

  test('one is good once, for a day, and until there is another', async () => {
    const server = await aServer()
    const cookie = await aPerson(server)
    const { user } = (await server.store.findPerson('office')) ?? {}
    if (!user) throw new Error('There is no office.')
    const ask = async (secret: string) => (await server.post('/session/link/person', { secret })).statusCode
    const old = await makeLinkOf(server.store, user, server.now)
    const secret = await makeLinkOf(server.store, user, server.now)
    expect([await ask(old), await ask(secret), await ask('')]).toEqual([404, 200, 404])
    server.now += hours(24) - 1
    expect(await ask(secret)).toBe(200)
    server.now += 1
    expect(await ask(secret)).toBe(404)
    const late = await server.post('/session/link', { secret, password }, { headers: ours })
    expect(late.statusCode).toBe(404)

    const next = await makeLinkOf(server.store, user, server.now)
    const taken = await server.post(
      '/session/link',
      { secret: next, password: 'entirely different words' },
      { headers: ours },
    )
    expect([taken.statusCode, await ask(next)]).toEqual([204, 404])
    // Whoever had signed in before may be the one because of whom the password was chosen anew.
    expect((await server.get('/session', { headers: { cookie } })).statusCode).toBe(401)
  })

  test('the person cannot be chosen where the link has one', async () => {
    const server = await aServer()
    await aPerson(server)
    const user = await addUser(server.store, server.root, { username: 'tech', role: 'TECH' }, server.now)
    const secret = await makeLinkOf(server.store, user, server.now)
    const taken = await server.post('/session/link', { secret, username: 'office', password }, { headers: ours })
    const who = await server.get('/session', { headers: { cookie: cookieOf(taken) } })
    expect(who.json()).toMatchObject({ username: 'tech' })
  })
})
