import { spawnSync } from 'node:child_process'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { addAccount } from '../../src/app/accounts.ts'
import { addComputer } from '../../src/app/computers.ts'
import { toCode } from '../../src/app/one-time-codes.ts'
import { rootUsername } from '../../src/app/partners.ts'
import { makeFirstLink, makeLinkOf } from '../../src/app/sign-in-links.ts'
import { addUser } from '../../src/app/users.ts'
import { startWatch } from '../../src/app/watch.ts'
import { feedFleet } from '../../src/cli/demo/feed-fleet.ts'
import { buildFleet } from '../../src/cli/demo/fleet.ts'
import { createClient } from '../../src/client/client.ts'
import { seconds } from '../../src/domain/instant.ts'
import { findDashboard } from '../../src/http/routes/dashboard.ts'
import { findBarriers, isTooWide, openBrowser, openPage } from '../support/a-browser.ts'
import { buildTestServer, listen, type TestServer } from '../support/a-server.ts'
import { openTestStore } from '../support/test-store.ts'

const root = path.resolve(import.meta.dirname, '../..')
const password = 'correct horse battery'

let browser: Browser
beforeAll(async () => {
  const built = spawnSync(process.execPath, [path.join(root, 'scripts/build-web.ts')], { encoding: 'utf8' })
  expect([built.status, built.stderr]).toEqual([0, ''])
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** A server that listens and judges, with its dashboard. */
async function aDashboard(): Promise<{ server: TestServer; url: string }> {
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

/** The same with the fleet of the demo, and somebody who has signed in. */
async function aMorning(options = {}): Promise<{ server: TestServer; url: string; page: Page }> {
  const { server, url } = await aDashboard()
  await feedFleet(server.store, url, buildFleet(server.now), server.now)
  const page = await openPage(browser, options)
  await addPerson(server, 'office', 'ADMIN')
  await signIn(page, url)
  await page.getByRole('heading', { name: 'Needs a person' }).waitFor()
  return { server, url, page }
}

async function addPerson(server: TestServer, username: string, role: 'ADMIN' | 'TECH' | 'FINANCE'): Promise<void> {
  const user = await addUser(server.store, server.root, { username, role }, server.now)
  const secret = await makeLinkOf(server.store, user, server.now)
  const headers = { 'sec-fetch-site': 'same-origin' }
  expect((await server.post('/session/link', { secret, password }, { headers })).statusCode).toBe(204)
}

async function signIn(page: Page, url: string, given: { username?: string; password?: string } = {}): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Username').fill(given.username ?? 'office')
  await page.locator('input[autocomplete=current-password]').fill(given.password ?? password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

describe('signing in', () => {
  test('the first person chooses a password by the link that the server prints', async () => {
    const { server, url } = await aDashboard()
    const secret = await makeFirstLink(server.store, server.root, server.now)
    const page = await openPage(browser)
    await page.goto(`${url}/welcome#${secret}`)
    await page.getByLabel('Username').fill('office')
    await page.getByLabel('Your name').fill('The office')
    await page.locator('input[autocomplete=new-password]').first().fill('short')
    await page.getByLabel('The same again').fill('short')
    await page.getByRole('button', { name: 'Begin' }).click()
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('from 12 to 200 characters')
    expect(await findBarriers(page)).toEqual([])
    await page.locator('input[autocomplete=new-password]').first().fill(password)
    await page.getByLabel('The same again').fill(password)
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.getByRole('heading', { name: 'No backup set yet' }).waitFor()
    expect(await page.getByText('lastgood account add acme').count()).toBe(1)
    expect(page.url()).toBe(`${url}/`)
    expect(await findBarriers(page)).toEqual([])
  })

  test('a wrong password is told, a right one shows the page that was asked for, and signing out ends it', async () => {
    const { server, url } = await aDashboard()
    await addPerson(server, 'office', 'TECH')
    const page = await openPage(browser)
    await signIn(page, `${url}/me`, { password: 'wrong horse battery' })
    await expect.poll(() => page.getByRole('alert').innerText()).toBe('The username or the password is wrong.')
    expect(await findBarriers(page)).toEqual([])
    await signIn(page, `${url}/me`)
    await page.getByRole('heading', { name: 'My sign-in' }).waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('one-time codes are set up with an authenticator, and asked for from then on', async () => {
    const { server, url } = await aDashboard()
    await addPerson(server, 'office', 'ADMIN')
    const page = await openPage(browser)
    await signIn(page, `${url}/me`)
    await page.getByRole('button', { name: 'Ask for codes from now on' }).click()
    await page.getByRole('img', { name: 'One-time codes' }).waitFor()
    const secret = (await page.locator('form code').innerText()).replaceAll(' ', '')
    await page.getByLabel('The code that it shows').fill(toCode(secret, server.now))
    await page.locator('form', { hasText: 'The code that it shows' }).getByLabel('Present password').fill(password)
    await page.getByRole('button', { name: 'Ask for codes from now on' }).click()
    await page.getByText('A code of your authenticator is asked for').waitFor()
    expect(await findBarriers(page)).toEqual([])

    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    server.now += seconds(30)
    await signIn(page, url)
    await page.getByLabel('Code of your authenticator').fill(toCode(secret, server.now))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'No backup set yet' }).waitFor()
  })
})

describe('the morning page', () => {
  test('shows what needs a person, by cause, and how all sets stand', async () => {
    const { page } = await aMorning()
    const counts = await page.getByRole('list', { name: 'How all backup sets stand' }).innerText()
    expect(counts.replaceAll(/\s+/g, ' ').trim()).toMatch(
      /^\d+ Failure \d+ Warning \d+ Running \d+ Completed \d+ Not due yet$/,
    )
    const offsite = page.getByRole('listitem').filter({ hasText: 'Offsite copy' })
    await expect.poll(() => offsite.innerText()).toContain('had errors')
    expect(await offsite.innerText()).toContain('unable to open config file')
    expect(await offsite.innerText()).toContain('Read what its log says')
    expect(await page.getByRole('link', { name: 'Documents' }).count()).toBe(0)
    expect(await page.title()).toMatch(/^\(\d+\) Lastgood$/)
    expect(await findBarriers(page)).toEqual([])
  })

  test('is used by the keyboard alone', async () => {
    const { page } = await aMorning()
    const focused = () => page.evaluate<string>('document.activeElement.textContent')
    await page.keyboard.press('j')
    const first = await focused()
    await page.keyboard.press('j')
    expect(await focused()).not.toBe(first)
    await page.keyboard.press('k')
    expect(await focused()).toBe(first)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.type('offsite')
    await expect.poll(() => page.locator('[data-trouble]').count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('find')).toBe('offsite')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('Offsite copy')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Offsite copy' }).waitFor()
  })

  test('changes by itself when a run is reported', async () => {
    const { page, url, server } = await aMorning()
    const { username } = await addAccount(
      server.store,
      { username: 'late', name: 'Late', timeZone: 'UTC', partner: rootUsername, acceptsNewSets: true },
      server.now,
    )
    const { agentKey } = await addComputer(server.store, { username, name: 'Just added' }, server.now)
    const client = createClient({ url, credentials: { agentKey } })
    await client.recordOwnRun({
      body: { backupset_name: 'Arrived', status: 'ERROR', messages: [{ level: 'ERROR', text: 'the disk is full' }] },
    })
    await page.getByRole('link', { name: 'Arrived' }).waitFor()
    expect(await page.getByText('the disk is full').count()).toBe(1)
  })

  test('says loudly that the server is away', async () => {
    const { page, server } = await aMorning()
    await server.app.close()
    await page.getByText('The connection to the server is lost').waitFor()
  })

  test('tells what somebody may not see', async () => {
    const { server, url } = await aDashboard()
    await addPerson(server, 'office', 'FINANCE')
    const page = await openPage(browser)
    await signIn(page, `${url}/accounts/acme/computers/0000/sets/Documents`)
    await expect
      .poll(() => page.getByRole('heading', { name: 'Your role may not see this' }).count())
      .toBeGreaterThan(0)
  })
})

describe('all sets', () => {
  test('are filtered, ordered and paged by the server, and the address says how', async () => {
    const { page, url, server } = await aMorning()
    await addAccount(
      server.store,
      { username: 'many', name: 'Many', timeZone: 'UTC', partner: rootUsername, acceptsNewSets: true },
      server.now,
    )
    const { agentKey } = await addComputer(server.store, { username: 'many', name: 'Full' }, server.now)
    const client = createClient({ url, credentials: { agentKey } })
    const sets = Array.from({ length: 60 }, (_, index) => `Set ${String(index).padStart(2, '0')}`)
    await client.recordOwnRun({
      body: { list: sets.map(name => ({ backupset_name: name, status: 'SUCCESS' as const })) },
    })

    await page.getByRole('link', { name: 'All sets' }).click()
    await page.getByText('Page 1 of 2').waitFor()
    expect(await page.getByRole('row').nth(1).innerText()).toContain('Failure')
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Completed' }).click()
    await page.getByRole('button', { name: 'Backup set' }).click()
    await page.getByRole('button', { name: 'Backup set' }).click()
    await expect.poll(() => page.getByRole('row').nth(2).innerText()).toContain('Set 59')
    expect(await page.getByRole('columnheader', { name: 'Backup set' }).getAttribute('aria-sort')).toBe('descending')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Page 2 of 2').waitFor()
    const address = page.url()
    await page.reload()
    await page.getByText('Page 2 of 2').waitFor()
    expect(page.url()).toBe(address)
    await page.goto(`${url}/fleet?status=RUNNING&page=-3&order=%22x`)
    await page.getByText('Page 1 of 1').waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })
})

describe('a backup set', () => {
  test('explains itself, its changes and its runs', async () => {
    const { page } = await aMorning()
    await page.getByRole('link', { name: 'Offsite copy' }).click()
    await page.getByRole('heading', { name: 'What would turn it green' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'Failure' }).first().waitFor()
    await page.getByText('Every rule, worst first').click()
    await page.getByText('EXCEPTION').waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  test('that is not there is told', async () => {
    const { page, url } = await aMorning()
    await page.goto(`${url}/accounts/bakery/computers/0000/sets/Nothing`)
    await page.getByRole('heading', { name: 'There is nothing here' }).first().waitFor()
  })
})

describe('everyone', () => {
  test.each([
    ['dark', { colorScheme: 'dark' as const }],
    ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ])('%s, nothing is hard to read, and nothing has to be moved sideways', async (_, options) => {
    const { page, url } = await aMorning(options)
    expect([await findBarriers(page), await isTooWide(page)]).toEqual([[], false])
    await page.getByRole('link', { name: 'Offsite copy' }).click()
    await page.getByRole('heading', { name: 'What would turn it green' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'Failure' }).first().waitFor()
    expect([await findBarriers(page), await isTooWide(page)]).toEqual([[], false])
    for (const [path, text] of [
      ['/me', 'this browser'],
      ['/fleet', 'Page 1 of 1'],
    ] as const) {
      await page.goto(url + path)
      await page.getByText(text).waitFor()
      expect([path, await findBarriers(page), await isTooWide(page)]).toEqual([path, [], false])
    }
  })

  test('the page speaks German to who reads German, and to who asks for it', async () => {
    const { page } = await aMorning()
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('heading', { name: 'Braucht jemanden' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('de')
    await page.reload()
    await page.getByRole('heading', { name: 'Braucht jemanden' }).waitFor()
  })

  test('hostile names and logs break nothing', async () => {
    const { page, url, server } = await aMorning({ viewport: { width: 360, height: 740 } })
    const hostile = ['<script>alert(1)</script>', '\u202Egnp.exe', '👩‍👩‍👧‍👦\u200B', 'Ω'.repeat(100)]
    const name = '"><img src=x onerror=alert(1)>'
    await addAccount(
      server.store,
      { username: 'odd', name, timeZone: 'UTC', partner: rootUsername, acceptsNewSets: true },
      server.now,
    )
    const { agentKey } = await addComputer(
      server.store,
      { username: 'odd', name: hostile.join(' ').slice(0, 90) },
      server.now,
    )
    const client = createClient({ url, credentials: { agentKey } })
    for (const [index, backupset_name] of hostile.entries()) {
      const text = index === 0 ? 'W'.repeat(10_000) : `${backupset_name} <b>failed</b> ${index}`
      await client.recordOwnRun({ body: { backupset_name, status: 'ERROR', messages: [{ level: 'ERROR', text }] } })
    }
    await page.getByRole('link', { name: '<script>alert(1)</script>' }).waitFor()
    expect([await findBarriers(page), await isTooWide(page)]).toEqual([[], false])
    await page.getByRole('link', { name: '<script>alert(1)</script>' }).click()
    await page.getByRole('heading', { name: '<script>alert(1)</script>' }).waitFor()
    expect(await isTooWide(page)).toBe(false)
  })
})

test('the pages run no script but their own, and nothing is loaded from elsewhere', async () => {
  const { url } = await aDashboard()
  const answer = await fetch(url)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).not.toMatch(/unsafe|\*|http/)
  const html = await answer.text()
  expect(html).toContain(`content="${/nonce-([^']+)'/.exec(policy)?.[1]}"`)
  const page = await openPage(browser)
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await page.goto(url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(asked.filter(one => !one.startsWith(url))).toEqual([])
})

test('what the pages load first is small', async () => {
  const { server, url } = await aDashboard()
  await addPerson(server, 'office', 'ADMIN')
  const page = await openPage(browser)
  await signIn(page, url)
  await page.getByRole('heading', { name: 'No backup set yet' }).waitFor()
  const bytes = await page.evaluate<number>(
    "performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js')).reduce((sum, one) => sum + one.encodedBodySize, 0)",
  )
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(250_000)
})
