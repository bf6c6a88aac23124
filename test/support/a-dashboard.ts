import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { addAccount } from '../../src/app/accounts.ts'
import { addComputer } from '../../src/app/computers.ts'
import { rootUsername } from '../../src/app/partners.ts'
import { makeLinkOf } from '../../src/app/sign-in-links.ts'
import { addUser } from '../../src/app/users.ts'
import { startWatch } from '../../src/app/watch.ts'
import { feedFleet } from '../../src/cli/demo/feed-fleet.ts'
import { buildFleet } from '../../src/cli/demo/fleet.ts'
import { type Client, createClient } from '../../src/client/client.ts'
import { findDashboard } from '../../src/http/routes/dashboard.ts'
import { openPage } from './a-browser.ts'
import { buildTestServer, listen, type TestServer } from './a-server.ts'
import { openBrowser } from './chromium.ts'
import { openTestStore } from './test-store.ts'

/** What everybody signs in with. */
export const password = 'correct horse battery'

let browser: Browser | undefined

/** Starts one browser for all tests of a file, and ends it after them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
}

/** A page of the browser of this file, in a window of its own. */
export function aPage(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  if (!browser) throw new Error('Call useBrowser() at the top of the file.')
  return openPage(browser, options)
}

/** A server that listens and judges, with its dashboard. */
export async function aDashboard(): Promise<{ server: TestServer; url: string }> {
  const server = await buildTestServer(await openTestStore(), {
    settings: { publicUrl: null },
    dashboard: findDashboard(),
  })
  server.now = Date.now()
  const { url } = await listen(server)
  const watch = startWatch(server.store, Date.now, 0, {})
  onTestFinished(async () => {
    await watch.stop()
    await server.app.close()
  })
  return { server, url }
}

/** The same with the fleet of the demo, and an administrator who has signed in. */
export async function aMorning(options = {}): Promise<{ server: TestServer; url: string; page: Page }> {
  const { server, url } = await aDashboard()
  await feedFleet(server.store, url, buildFleet(server.now), server.now)
  const page = await aPage(options)
  await addPerson(server, 'office', 'ADMIN')
  await signIn(page, url)
  await page.getByRole('heading', { name: 'Needs a person' }).waitFor()
  return { server, url, page }
}

/** Somebody who can sign in. */
export async function addPerson(
  server: TestServer,
  username: string,
  role: 'ADMIN' | 'TECH' | 'FINANCE',
): Promise<void> {
  const user = await addUser(server.store, server.root, { username, role }, server.now)
  const secret = await makeLinkOf(server.store, user, server.now)
  const headers = { 'sec-fetch-site': 'same-origin' }
  expect((await server.post('/session/link', { secret, password }, { headers })).statusCode).toBe(204)
}

/** Opens a page that asks for somebody, and signs in on it. */
export async function signIn(
  page: Page,
  url: string,
  given: { username?: string; password?: string } = {},
): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Username').fill(given.username ?? 'office')
  await page.locator('input[autocomplete=current-password]').fill(given.password ?? password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** An account with one computer, and the client of that computer. */
export async function aReportingComputer(
  { server, url }: { server: TestServer; url: string },
  { username, name, computer }: { username: string; name: string; computer: string },
): Promise<Client> {
  const account = { username, name, timeZone: 'UTC', partner: rootUsername, acceptsNewSets: true }
  await addAccount(server.store, account, server.now)
  const { agentKey } = await addComputer(server.store, { username, name: computer }, server.now)
  return createClient({ url, credentials: { agentKey } })
}
