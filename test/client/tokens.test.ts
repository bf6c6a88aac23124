import { expect, test } from 'vitest'
import { type Client, createClient, type Fetch } from '../../src/client/client.ts'
import { hours, minutes, seconds } from '../../src/domain/instant.ts'
import { aClientOf, rejection } from '../support/a-client.ts'
import { aServer, listen, type TestServer } from '../support/a-server.ts'
import { aClient, aToken } from '../support/builders.ts'

/** A client with an id and a secret, and the paths that it asks for. */
async function aRenewingClient(server: TestServer, clock = () => server.now) {
  const { clientId, clientSecret } = await aClient(server, { scopes: ['computers_read'] })
  const paths: string[] = []
  const counting: Fetch = (url, request) => {
    paths.push(new URL(url).pathname)
    return fetch(url, request)
  }
  const credentials = { clientId, clientSecret, scopes: ['computers_read'] as const }
  return { client: await aClientOf(server, { credentials, fetch: counting, clock }), paths }
}

function ask(client: Client): Promise<unknown> {
  return client.previewSchedule({ schedule: 'every 6h', count: 1 })
}

const asking = '/v1/general/schedule_preview'
const token = '/oauth2/token'

test('calls at the same time share one request for a token', async () => {
  const { client, paths } = await aRenewingClient(await aServer())
  await Promise.all([ask(client), ask(client), ask(client)])
  expect(paths).toEqual([token, asking, asking, asking])
})

test('a token is renewed before it expires, by the clock of the client', async () => {
  const server = await aServer()
  const { client, paths } = await aRenewingClient(server)
  await ask(client)
  server.now += minutes(58)
  await ask(client)
  server.now += minutes(1)
  await ask(client)
  expect(paths).toEqual([token, asking, asking, token, asking])
})

test('a token that the server does not take any more is renewed once, and the call goes on', async () => {
  const server = await aServer()
  const standing = server.now
  const { client, paths } = await aRenewingClient(server, () => standing)
  await ask(client)
  server.now += hours(2)
  await ask(client)
  expect(paths).toEqual([token, asking, asking, token, asking])
})

test('a fixed token that has expired is told, and nothing is tried again', async () => {
  const server = await aServer()
  const expired = await aToken(server, { lifetimeMs: seconds(1) })
  const client = await aClientOf(server, { credentials: { token: expired } })
  server.now += seconds(2)
  expect(await rejection(ask(client))).toMatchObject({ status: 401, error: 'expired_token' })
})

test('a wrong secret, and a scope that the client has not, are told as the server says it', async () => {
  const server = await aServer()
  const { clientId, clientSecret } = await aClient(server, { scopes: ['computers_read'] })
  const { url } = await listen(server)
  const wrong = createClient({ url, credentials: { clientId, clientSecret: 'wrong' } })
  expect(await rejection(ask(wrong))).toMatchObject({ status: 400, error: 'invalid_client' })
  const greedy = createClient({ url, credentials: { clientId, clientSecret, scopes: ['partners_write'] } })
  expect(await rejection(ask(greedy))).toMatchObject({ status: 400, error: 'invalid_scope' })
  const right = createClient({ url, credentials: { clientId, clientSecret }, clock: () => server.now })
  expect(await ask(right)).toMatchObject({ due: [expect.any(String)] })
})

test('who stops waiting for a token ends nobody else’s wait', async () => {
  const { client, paths } = await aRenewingClient(await aServer())
  const impatient = new AbortController()
  const stopped = client.previewSchedule({ schedule: 'every 6h' }, { signal: impatient.signal })
  const waiting = ask(client)
  impatient.abort(new Error('No time.'))
  expect(await rejection(stopped)).toMatchObject({ message: 'No time.' })
  await waiting
  expect(paths).toEqual([token, asking])
})
