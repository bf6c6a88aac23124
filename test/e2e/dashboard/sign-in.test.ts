import { describe, expect, test } from 'vitest'
import { toCode } from '../../../src/app/one-time-codes.ts'
import { makeFirstLink } from '../../../src/app/sign-in-links.ts'
import { seconds } from '../../../src/domain/instant.ts'
import { findBarriers } from '../../support/a-browser.ts'
import { addPerson, aDashboard, aPage, password, signIn, useBrowser } from '../../support/a-dashboard.ts'

useBrowser()

describe('signing in', () => {
  test('the first person chooses a password by the link that the server prints', async () => {
    const { server, url } = await aDashboard()
    const secret = await makeFirstLink(server.store, server.root, server.now)
    const page = await aPage()
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
    const page = await aPage()
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
    const page = await aPage()
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
