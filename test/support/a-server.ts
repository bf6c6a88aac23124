import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { onTestFinished } from 'vitest'
import { buildDirectory } from '../../src/app/directory.ts'
import type { Store } from '../../src/app/ports.ts'
import type { Instant } from '../../src/domain/instant.ts'
import { buildRedaction, type Redact } from '../../src/domain/redaction.ts'
import type { Partner } from '../../src/domain/tree.ts'
import type { DashboardFolder, ServerSettings } from '../../src/http/context.ts'
import { buildServer, type DeclaredRoute } from '../../src/http/server.ts'
import { openSharedStore, openTestStore } from './test-store.ts'
import { testNow } from './tree.ts'

/** The whole server in memory, on a real database of its own. */
export type TestServer = {
  app: FastifyInstance
  store: Store
  /** Where the database is, as the setting names it. */
  database: string
  routes: readonly DeclaredRoute[]
  /** The partner at the top of the tree. */
  root: Partner
  /** What the clock of the server shows; it stands still until a test moves it. */
  now: Instant
  send(request: InjectOptions): Promise<LightMyRequestResponse>
  get(url: string, options?: GetOptions): Promise<LightMyRequestResponse>
  post(url: string, payload: InjectOptions['payload'], options?: GetOptions): Promise<LightMyRequestResponse>
}

export type GetOptions = {
  /** Sent as `Authorization: OAuth …`. */
  token?: string
  headers?: Record<string, string>
  /** Where the request comes from. */
  remoteAddress?: string
}

/** The settings of a test's server, unless the test says otherwise. */
export const testSettings: ServerSettings = {
  publicUrl: 'https://backup.example.net',
  trustedProxies: [],
  xmlConditionTypes: 'repeat',
  pingHost: null,
  rateLimit: 0,
  addressRateLimit: 0,
}

/** Redacts as a server does that has no patterns of its own. */
export const testRedact: Redact = buildRedaction([])

/** Builds a server for the running test; it goes when the test has finished. */
export async function aServer(
  settings: Partial<ServerSettings> = {},
  redact = testRedact,
  logger: FastifyBaseLogger | false = false,
): Promise<TestServer> {
  const server = await buildTestServer(await openTestStore(), { settings, redact, logger })
  onTestFinished(() => server.app.close())
  return server
}

/** A server for all tests of a file, which must close it. What changes something there needs a tree of its own. */
export async function openSharedServer(): Promise<{ server: TestServer; close: () => Promise<void> }> {
  const { store, database, remove } = await openSharedStore()
  const server = await buildTestServer({ store, database })
  const close = async () => {
    await server.app.close()
    await remove()
  }
  return { server, close }
}

/** Builds a server on a store; it goes when its `app` is closed, and the store stays. */
export async function buildTestServer(
  { store, database }: Pick<TestServer, 'store' | 'database'>,
  {
    settings = {},
    redact = testRedact,
    logger = false,
    dashboard = null,
  }: {
    settings?: Partial<ServerSettings>
    redact?: Redact
    logger?: FastifyBaseLogger | false
    dashboard?: DashboardFolder
  } = {},
): Promise<TestServer> {
  const routes: DeclaredRoute[] = []
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, testNow)
  const context = {
    store,
    directory: buildDirectory(store),
    clock: () => server.now,
    settings: { ...testSettings, ...settings },
    redact,
    dashboard,
  }
  const app = await buildServer(context, logger, routes)
  const server: TestServer = {
    app,
    store,
    database,
    routes,
    root,
    now: testNow,
    send: request => app.inject(request),
    get: (url, options = {}) => app.inject({ method: 'GET', url, ...toInjected(options) }),
    post: (url, payload, options = {}) =>
      app.inject({ method: 'POST', url, ...(payload !== undefined && { payload }), ...toInjected(options) }),
  }
  return server
}

/** Lets a server listen on a free port of the loopback, for what only a real connection can show. */
export async function listen({ app }: TestServer): Promise<{ url: string; port: number }> {
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  // A server that listens on a host and not on a path of the file system has an address with a port.
  return { url, port: (app.server.address() as AddressInfo).port }
}

function toInjected({ token, headers, remoteAddress }: GetOptions): InjectOptions {
  return {
    headers: { ...(token !== undefined && { authorization: `OAuth ${token}` }), ...headers },
    ...(remoteAddress !== undefined && { remoteAddress }),
  }
}
