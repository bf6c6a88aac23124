import { describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/a-browser.ts'
import {
  addPerson,
  aDashboard,
  aMorning,
  aPage,
  aReportingComputer,
  signIn,
  useBrowser,
} from '../../support/a-dashboard.ts'

useBrowser()

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
    const client = await aReportingComputer({ server, url }, { username: 'late', name: 'Late', computer: 'Just added' })
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
    const page = await aPage()
    await signIn(page, `${url}/accounts/acme/computers/0000/sets/Documents`)
    await expect
      .poll(() => page.getByRole('heading', { name: 'Your role may not see this' }).count())
      .toBeGreaterThan(0)
  })
})
