import { describe, expect, test } from 'vitest'
import { findBarriers, isTooWide } from '../../support/a-browser.ts'
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
    const client = await aReportingComputer(
      { server, url },
      { username: 'odd', name, computer: hostile.join(' ').slice(0, 90) },
    )
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
  const page = await aPage()
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await page.goto(url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(asked.filter(one => !one.startsWith(url))).toEqual([])
})

test('what the pages load first is small', async () => {
  const { server, url } = await aDashboard()
  await addPerson(server, 'office', 'ADMIN')
  const page = await aPage()
  await signIn(page, url)
  await page.getByRole('heading', { name: 'No backup set yet' }).waitFor()
  const bytes = await page.evaluate<number>(
    "performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js')).reduce((sum, one) => sum + one.encodedBodySize, 0)",
  )
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(250_000)
})
