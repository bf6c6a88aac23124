import { describe, expect, test } from 'vitest'
import { findBarriers, isTooWide } from '../../support/a-browser.ts'
import {
  aDashboard,
  addPerson,
  aMorning,
  aPage,
  aReportingComputer,
  signIn,
  useBrowser,
} from '../../support/a-dashboard.ts'

useBrowser()

describe('accounts and computers', () => {
  test('lead from one to the other, each with how its sets stand', async () => {
    const { page } = await aMorning()
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByText('Page 1 of 1, 3 accounts').waitFor()
    expect(await page.getByRole('row').nth(1).innerText()).toContain('Corner Bakery')
    await page.getByRole('button', { name: 'Username' }).click()
    await page.getByRole('button', { name: 'Username' }).click()
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('school')
    expect(await findBarriers(page)).toEqual([])

    await page.getByRole('link', { name: 'Harbour Clinic' }).click()
    await page.getByRole('heading', { name: 'Harbour Clinic' }).waitFor()
    const counts = page.getByRole('list', { name: 'How all backup sets stand' })
    await expect.poll(() => counts.innerText()).toMatch(/^\s*4\s+Failure/)
    expect(await page.getByText('Europe/Berlin').count()).toBe(1)
    expect(await findBarriers(page)).toEqual([])

    await page.getByRole('link', { name: 'nas01' }).click()
    await page.getByRole('link', { name: 'Offsite copy' }).waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'Offsite copy' }).count()).toBe(2)
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('link', { name: 'Offsite copy' }).click()
    await page.getByRole('heading', { name: 'Offsite copy' }).waitFor()
    await page.getByRole('link', { name: 'nas01' }).click()
    await page.getByRole('heading', { name: 'nas01' }).waitFor()
  })

  test('are not wider than a phone, whatever they are called', async () => {
    const dashboard = await aDashboard()
    await addPerson(dashboard.server, 'office', 'ADMIN')
    const name = '"><img src=x onerror=alert(1)>\u202E 👩‍👩‍👧‍👦'
    const client = await aReportingComputer(dashboard, { username: 'odd', name, computer: 'W'.repeat(90) })
    await client.recordOwnRun({ body: { backupset_name: '<b>bold</b>', status: 'ERROR' } })
    const page = await aPage({ viewport: { width: 360, height: 740 } })
    await signIn(page, `${dashboard.url}/accounts`)
    // To leave before the server has answered would be to sign in as nobody.
    await page.getByText('Page 1 of 1').waitFor()
    for (const [path, text] of [
      ['/accounts', 'Page 1 of 1'],
      ['/accounts/odd', 'Page 1 of 1'],
      ['/accounts/odd/computers/0000', '<b>bold</b>'],
    ] as const) {
      await page.goto(dashboard.url + path)
      await page.getByText(text).first().waitFor()
      expect([path, await findBarriers(page), await isTooWide(page)]).toEqual([path, [], false])
    }
  })

  test('show the days of every set of a computer, however many it has', async () => {
    const dashboard = await aDashboard()
    await addPerson(dashboard.server, 'office', 'TECH')
    const client = await aReportingComputer(dashboard, { username: 'acme', name: 'Acme', computer: 'Full' })
    const names = Array.from({ length: 130 }, (_, index) => `Set ${String(index).padStart(3, '0')}`)
    await client.recordOwnRun({ body: { list: names.map(name => ({ backupset_name: name, status: 'SUCCESS' })) } })
    const page = await aPage()
    await signIn(page, `${dashboard.url}/accounts/acme/computers/0000`)
    const strips = page.getByRole('img', { name: 'The last 30 days: Good: 1, Nothing known: 29' })
    await expect.poll(() => strips.count(), { timeout: 15_000 }).toBe(130)
  })

  test('that are not there are told, and so is what somebody may not see', async () => {
    const dashboard = await aDashboard()
    await addPerson(dashboard.server, 'office', 'FINANCE')
    const client = await aReportingComputer(dashboard, { username: 'acme', name: 'Acme', computer: 'File server' })
    await client.recordOwnRun({ body: { backupset_name: 'Documents', status: 'SUCCESS' } })
    const page = await aPage()
    await signIn(page, `${dashboard.url}/accounts/nobody`)
    await page.getByRole('heading', { name: 'There is nothing here' }).first().waitFor()
    await page.goto(`${dashboard.url}/accounts/acme`)
    await page.getByRole('heading', { name: 'Acme' }).waitFor()
    await page.getByRole('heading', { name: 'Your role may not see this' }).waitFor()
  })

  test('say what comes next where there are none', async () => {
    const dashboard = await aDashboard()
    await addPerson(dashboard.server, 'office', 'ADMIN')
    const page = await aPage()
    await signIn(page, `${dashboard.url}/accounts`)
    await page.getByRole('heading', { name: 'No account yet' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
  })
})
