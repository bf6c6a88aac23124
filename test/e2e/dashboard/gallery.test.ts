import { expect, test } from 'vitest'
import { findBarriers, isTooWide } from '../../support/a-browser.ts'
import { aMorning, useBrowser } from '../../support/a-dashboard.ts'

useBrowser()

test.each([
  ['light', {}],
  ['dark', { colorScheme: 'dark' as const }],
  ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
])('every part can be read by everybody in every state: %s', async (_, options) => {
  const { page, url } = await aMorning(options)
  await page.goto(`${url}/gallery`)
  await page.getByRole('heading', { name: 'Every part in every state' }).waitFor()
  expect(await page.getByRole('heading', { name: 'Your role may not see this' }).count()).toBe(1)
  expect([await findBarriers(page), await isTooWide(page)]).toEqual([[], false])
})
