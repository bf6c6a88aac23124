import { describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/a-browser.ts'
import { aMorning, useBrowser } from '../../support/a-dashboard.ts'

useBrowser()

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

  test('shows what it was on each day, and says which days were not good', async () => {
    const { page, url } = await aMorning()
    await page.goto(`${url}/accounts/bakery/computers/0000/sets/Documents`)
    const year = page.getByRole('img', { name: /^Day by day\. Failure: \d+, Warning: \d+, Good: \d+, Nothing known: / })
    await year.waitFor()
    expect(await year.locator('.day').count()).toBe(371)
    await page.getByText(/^\d+ days were not good$/).click()
    await page.getByText('(had warnings)').first().waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  test('that is not there is told', async () => {
    const { page, url } = await aMorning()
    await page.goto(`${url}/accounts/bakery/computers/0000/sets/Nothing`)
    await page.getByRole('heading', { name: 'There is nothing here' }).first().waitFor()
  })
})
