import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { ensureRootPartner } from '../src/app/partners.ts'
import { makeFirstLink, toLinkPath } from '../src/app/sign-in-links.ts'
import { feedFleet } from '../src/cli/demo/feed-fleet.ts'
import { buildFleet } from '../src/cli/demo/fleet.ts'
import { compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { openBrowser } from '../test/support/chromium.ts'

/**
 * Takes a picture of every page, light, dark and as on a phone, into `docs/screenshots`: of a server on a database of its own with
 * the fleet of the demo. Needs Debian's package `chromium`.
 */
const folder = path.resolve(import.meta.dirname, '../docs/screenshots')
const looks: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1200, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1200, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 375, height: 720 }, colorScheme: 'light' },
}
/** Every page that takes somebody who has signed in, and words that it shows once all of it is there; `link` is followed first. */
const pages: { name: string; address: string; link?: string; shows: string }[] = [
  { name: 'morning', address: '/', shows: 'Offsite copy' },
  { name: 'fleet', address: '/fleet', shows: 'Page 1 of 1' },
  { name: 'accounts', address: '/accounts', shows: 'Page 1 of 1' },
  { name: 'account', address: '/accounts/clinic', shows: 'Page 1 of 1' },
  { name: 'computer', address: '/accounts/clinic/computers/0000', shows: 'Newest runs' },
  { name: 'backup-set', address: '/accounts/clinic/computers/0001/sets/Offsite%20copy', shows: 'Newest runs' },
  { name: 'days', address: '/accounts/bakery/computers/0000/sets/Documents', shows: 'Day by day' },
  {
    name: 'run',
    address: '/accounts/clinic/computers/0001/sets/Offsite%20copy',
    link: 'Log',
    shows: 'Search in the log',
  },
  { name: 'gallery', address: '/gallery', shows: 'Every part in every state' },
  { name: 'me', address: '/me', shows: 'this browser' },
]
const password = 'correct horse battery'

mkdirSync(folder, { recursive: true })
const database = mkdtempSync(path.join(tmpdir(), 'lastgood-screenshots-'))
const composed = await compose(
  readConfig({}, { database: path.join(database, 'lastgood.sqlite'), port: '0', logLevel: 'error' }),
)
const browser = await openBrowser()
try {
  const url = await composed.app.listen({ host: '127.0.0.1', port: 0 })
  composed.watch()
  const now = Date.now()
  await feedFleet(composed.store, url, buildFleet(now), now)
  const { partner } = await ensureRootPartner(composed.store, now)
  const link = await makeFirstLink(composed.store, partner, now)
  await takeOne('welcome', `${url}${toLinkPath(link ?? '')}`, looks['light'] ?? {})
  await beFirst(`${url}${toLinkPath(link ?? '')}`)
  for (const [look, options] of Object.entries(looks)) await takeAll(url, look, options)
} finally {
  await browser.close()
  await composed.close()
  rmSync(database, { recursive: true, force: true })
}

async function takeOne(name: string, url: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Begin' }).waitFor()
  await take(page, name)
  await context.close()
}

/** Chooses the password of the first person. */
async function beFirst(url: string): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel('Username').fill('office')
  await page.getByLabel('Your name').fill('Office')
  for (const field of await page.locator('input[autocomplete=new-password]').all()) await field.fill(password)
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByRole('heading', { name: 'Needs a person' }).waitFor()
  await context.close()
}

async function takeAll(url: string, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await take(page, `sign-in-${look}`)
  await page.getByLabel('Username').fill('office')
  await page.locator('input[type=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Needs a person' }).waitFor()
  for (const { name, address, link, shows } of pages) {
    await page.goto(url + address)
    if (link !== undefined) await page.getByRole('link', { name: link, exact: true }).first().click()
    await page.getByText(shows).first().waitFor()
    // What is drawn once its numbers have come.
    await page.waitForTimeout(500)
    // What is drawn once its numbers have come.
    await page.waitForTimeout(500)
    await take(page, `${name}-${look}`)
  }
  await context.close()
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.activeElement.blur()')
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' })
}
