import { describe, expect, test } from 'vitest'
import { scopes as allScopes } from '../src/domain/principal.ts'
import { addNotificationEmail } from '../src/app/notification-emails.ts'
import { buildDirectory } from '../src/app/directory.ts'
import { buildServer, type DeclaredRoute } from '../src/http/server.ts'
import { aServer, testRedact, testSettings } from './support/a-server.ts'
import { testNow } from './support/tree.ts'
import { makeSqliteDatabase, openNewStore } from './support/stores.ts'
import { aComputer, aReport, aToken, recordReport } from './support/builders.ts'

// The tests of a table must know its rows before they run.
const declared = await readRoutes()
const guarded = declared.filter(({ scope }) => scope !== undefined).map(route => [nameOf(route), route] as const)
const scoped = guarded.filter(([, { scope }]) => scope !== 'any')
const ofAComputer = guarded.filter(([, { path }]) => path.includes(':computer_id'))

async function readRoutes(): Promise<readonly DeclaredRoute[]> {
  const { store, remove } = await openNewStore(makeSqliteDatabase)
  const routes: DeclaredRoute[] = []
  const app = await buildServer(
    { store, directory: buildDirectory(store), clock: () => testNow, settings: testSettings, redact: testRedact },
    false,
    routes,
  )
  await app.close()
  await remove()
  return routes
}

function nameOf({ method, path }: DeclaredRoute): string {
  return `${method} ${path}`
}

/** A route with real names in its path: those of a computer that has one run. */
async function aRequest({ method, path }: DeclaredRoute) {
  const server = await aServer()
  const own = await aComputer(server)
  const foreign = await aComputer(server, { username: 'foreign' })
  const { action_id } = await recordReport(server, foreign)
  const email = await addNotificationEmail(server.store, foreign, { email: 'backup@foreign.example' })
  const office = { username: 'office', partnerId: server.root.id, name: 'Office', role: 'ADMIN' } as const
  await server.store.addUser(office, testNow)
  const names = {
    username: path.startsWith('/v1/partners/') ? server.root.username : foreign.username,
    computer_id: foreign.computerId,
    action_id: String(action_id),
    email_id: String(email.id),
    name: 'Documents',
    user: 'office',
    known_name: foreign.username,
  }
  const url = path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(toName(names, name)))
  const body = method === 'POST' || method === 'PUT' ? { payload: bodyOf(path) } : {}
  return {
    server,
    own,
    send: (token?: string) =>
      server.send({
        method,
        url,
        ...body,
        headers: token === undefined ? {} : { authorization: `OAuth ${token}` },
      }),
  }
}

/** What paths take that end so. */
const bodies: Record<string, object> = {
  accounts: { username: 'new' },
  users: { username: 'new', role: 'TECH' },
  ':user': {},
  cancellation: {},
  backupsets: { name: 'Mail' },
  computers: { name: 'Mail server' },
  info: {},
  password: {},
  emails: { email: 'it@foreign.example' },
  ':email_id': {},
  options: {},
}

/** A body that a path takes: a report of a run, unless it says otherwise. */
function bodyOf(path: string): object {
  const ending = path.split('/').at(-1) ?? ''
  if (bodies[ending]) return bodies[ending]
  return path.includes('/backupsets/') ? {} : aReport()
}

function toName(names: Record<string, string>, name: string): string {
  const found = names[name]
  if (found === undefined) throw new Error(`Say here what :${name} stands for.`)
  return found
}

test('every route under /v1 needs a scope, and nothing else does', () => {
  expect(declared.length).toBeGreaterThan(8)
  for (const route of declared)
    expect([nameOf(route), route.scope !== undefined]).toEqual([nameOf(route), isOfTheApi(route)])
})

function isOfTheApi({ path }: DeclaredRoute): boolean {
  return path.startsWith('/v1/')
}

describe('401', () => {
  test.each(guarded)('%s without a token', async (_, route) => {
    const answer = await (await aRequest(route)).send()
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      401,
      'OAuth realm="Lastgood", error="invalid_token"',
    ])
  })
})

describe('403', () => {
  test.each(scoped)('%s with every scope but its own', async (_, route) => {
    const { server, send } = await aRequest(route)
    const answer = await send(await aToken(server, { scopes: allScopes.filter(scope => scope !== route.scope) }))
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      403,
      'OAuth realm="Lastgood", error="insufficient_scope"',
    ])
  })

  test.each(scoped)('%s with its own scope alone is not refused', async (_, route) => {
    const { server, send } = await aRequest(route)
    const scopes = allScopes.filter(scope => scope === route.scope)
    expect((await send(await aToken(server, { scopes }))).statusCode).not.toBe(403)
  })
})

describe('404', () => {
  test.each(ofAComputer)('%s of a computer in a foreign tree', async (_, route) => {
    const { server, own, send } = await aRequest(route)
    const [all, ownOnly] = [await send(await aToken(server)), await send(await aToken(server, { place: own }))]
    expect(all.statusCode).toBeLessThan(300)
    expect(ownOnly.statusCode).toBe(404)
    if (route.method === 'HEAD') return
    expect(ownOnly.json()).toMatchObject({
      error: 'not_found',
      error_description: 'There is no computer 0000 of an account foreign.',
    })
  })

  test('a path that there is not', async () => {
    const server = await aServer()
    for (const path of ['/', '/v1', '/v1/account', '/v2/runs', '/V1/runs', '//v1/runs', '/v1/runs/1/2', '/oauth2']) {
      const answer = await server.get(path)
      expect([path, answer.statusCode, answer.json()]).toMatchObject([path, 404, { error: 'not_found' }])
    }
  })
})

describe('405', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const
  const paths = [...new Set(declared.map(({ path }) => path))]

  test.each(paths)('%s says which methods there are', async path => {
    const server = await aServer()
    const allowed = declared.filter(route => route.path === path).map(({ method }) => method)
    for (const method of methods.filter(method => !allowed.includes(method))) {
      const answer = await server.send({ method: method, url: path.replaceAll(':', '') })
      expect([method, answer.statusCode, answer.headers['allow']]).toEqual([method, 405, allowed.join(', ')])
    }
  })
})

describe('406', () => {
  test.each(guarded.filter(([, { path }]) => !path.endsWith('/log')))(
    '%s in a format that there is not',
    async (_, route) => {
      const { server } = await aRequest(route)
      const headers = { authorization: `OAuth ${await aToken(server)}`, accept: 'text/html' }
      const answer = await server.send({ method: route.method, url: route.path.replaceAll(':', ''), headers })
      expect(answer.statusCode).toBe(406)
    },
  )
})
