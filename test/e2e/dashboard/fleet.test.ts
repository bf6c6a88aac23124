import { describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/a-browser.ts'
import { aMorning, aReportingComputer, useBrowser } from '../../support/a-dashboard.ts'

useBrowser()

describe('all sets', () => {
  test('are filtered, ordered and paged by the server, and the address says how', async () => {
    const { page, url, server } = await aMorning()
    const client = await aReportingComputer({ server, url }, { username: 'many', name: 'Many', computer: 'Full' })
    const sets = Array.from({ length: 60 }, (_, index) => `Set ${String(index).padStart(2, '0')}`)
    await client.recordOwnRun({
      body: { list: sets.map(name => ({ backupset_name: name, status: 'SUCCESS' as const })) },
    })

    await page.getByRole('link', { name: 'All sets' }).click()
    await page.getByText('Page 1 of 2').waitFor()
    expect(await page.getByRole('row').nth(1).innerText()).toContain('Failure')
    await page.getByRole('img', { name: /^The last 30 days: .*Good: 2\d/ }).waitFor()
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
    await page.keyboard.press('/')
    await page.keyboard.type('SET 5')
    await page.getByText('Page 1 of 1, 10 backup sets').waitFor()
    expect(new URL(page.url()).searchParams.get('find')).toBe('SET 5')
    await page.reload()
    await page.getByText('Page 1 of 1, 10 backup sets').waitFor()
    expect(await page.getByLabel('Search').inputValue()).toBe('SET 5')
    await page.goto(`${url}/fleet?status=RUNNING&page=-3&order=%22x`)
    await page.getByText('Page 1 of 1').waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })
})
