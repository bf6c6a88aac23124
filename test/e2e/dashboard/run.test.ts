import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { findBarriers, isTooWide } from '../../support/a-browser.ts'
import { aDashboard, addPerson, aPage, aReportingComputer, signIn, useBrowser } from '../../support/a-dashboard.ts'

useBrowser()

/** The page of a run that printed `log` and ended with `exit_status`, of somebody who has signed in. */
async function aRunPage(log: string, options = {}): Promise<{ page: Page; address: string }> {
  const dashboard = await aDashboard()
  await addPerson(dashboard.server, 'office', 'TECH')
  const client = await aReportingComputer(dashboard, { username: 'acme', name: 'Acme', computer: 'File server' })
  const run = await client.recordOwnRun({
    backupset: 'Documents',
    tool: 'generic',
    exit_status: '1',
    raw: { type: 'text/plain', content: log },
  })
  const id = 'action_id' in run ? run.action_id : 0
  const page = await aPage(options)
  const address = `${dashboard.url}/accounts/acme/computers/0000/runs/${id}`
  await signIn(page, address)
  await page.getByRole('heading', { name: 'A run of Documents' }).waitFor()
  return { page, address }
}

const log = [...Array.from({ length: 2_000 }, (_, index) => `line ${index + 1}`), 'fatal: the disk is full', ''].join(
  '\n',
)

test('tells what is known of a run, and leads back to its set', async () => {
  const { page } = await aRunPage(log)
  await page.getByText('2001 lines').waitFor()
  expect(await page.getByText('had errors').count()).toBe(1)
  await page.getByText('As the API tells it').click()
  await page.getByText('"backupset_name": "Documents"').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Back to the backup set' }).click()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('heading', { name: 'A run of Documents' }).waitFor()
})

test('a log is searched, and the address says for what', async () => {
  const { page } = await aRunPage(log)
  await page.getByLabel('Search in the log').fill('LINE 199')
  await page.getByText('1 of 11').waitFor()
  await expect.poll(() => page.locator('mark.is-present').innerText()).toBe('line 199')
  await page.keyboard.press('Enter')
  await page.getByText('2 of 11').waitFor()
  await expect.poll(() => page.locator('mark.is-present').innerText()).toBe('line 199')
  expect(await page.locator('.log li').count()).toBeLessThan(100)
  expect(await findBarriers(page)).toEqual([])
  expect(new URL(page.url()).searchParams.get('find')).toBe('LINE 199')
  await page.reload()
  await page.getByText('1 of 11').waitFor()
  await page.getByLabel('Search in the log').fill('not in it')
  await page.getByText('not found').waitFor()
})

test('an address names a line', async () => {
  const { page, address } = await aRunPage(log)
  await page.goto(`${address}#L1500`)
  await page.reload()
  await expect.poll(() => page.locator('.log li.is-named').innerText()).toContain('line 1500')
  await page.getByRole('link', { name: 'Link to line 1501' }).click()
  await expect.poll(() => page.locator('.log li.is-named').innerText()).toContain('line 1501')
  expect(page.url()).toBe(`${address}#L1501`)
})

test('hostile lines of any length break nothing', async () => {
  const hostile = ['<script>alert(1)</script>', 'W'.repeat(300_000), '\u202Egnp.exe', '👩‍👩‍👧‍👦\u200B', ' '.repeat(500)]
  const { page } = await aRunPage(hostile.join('\n'), { viewport: { width: 360, height: 740 } })
  await page.getByText('<script>alert(1)</script>').waitFor()
  expect([await findBarriers(page), await isTooWide(page)]).toEqual([[], false])
  await page.getByLabel('Wrap long lines').check()
  await page.getByText('<script>alert(1)</script>').waitFor()
  expect(await isTooWide(page)).toBe(false)
})

test('what is not there is told', async () => {
  const { page, address } = await aRunPage('')
  await page.getByText('It logged nothing.').waitFor()
  await page.goto(address.replace(/\d+$/, '999'))
  await page.getByRole('heading', { name: 'There is nothing here' }).first().waitFor()
})
