import { describe, expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addAccount } from './accounts.ts'
import { addPartner, changePartner, ensureRootPartner, parsePolicyEntry, removePartner } from './partners.ts'

describe('the root partner', () => {
  test('is made once, and only who made it is told so', async () => {
    const { store } = await openTestStore()
    const made = await Promise.all([ensureRootPartner(store, 1), ensureRootPartner(store, 2)])
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect((await ensureRootPartner(store, 3)).isNew).toBe(false)
    expect(await store.listPartners()).toMatchObject([{ username: 'root', parentId: null, path: '/1/' }])
  })

  test('cannot be removed', async () => {
    const { store } = await openTestStore()
    await ensureRootPartner(store, 0)
    await expect(removePartner(store, 'root')).rejects.toMatchObject({ kind: 'conflict' })
  })
})

describe('a partner', () => {
  test('is added below another and called by its username without a name', async () => {
    const { store } = await openTestStore()
    const { partner: root } = await ensureRootPartner(store, 0)
    const north = await addPartner(store, { username: 'north', above: 'root' }, 0)
    expect(north).toMatchObject({ username: 'north', name: 'north', parentId: root.id })
  })

  test.each([
    ['a username that cannot be in a URL', { username: 'a/b', above: 'root' }, 'invalid'],
    ['an empty name', { username: 'north', name: ' ', above: 'root' }, 'invalid'],
    ['a partner above it that there is not', { username: 'north', above: 'south' }, 'not-found'],
    ['a username that is taken', { username: 'ROOT', above: 'root' }, 'conflict'],
  ])('is not added with %s', async (_, partner, kind) => {
    const { store } = await openTestStore()
    await ensureRootPartner(store, 0)
    await expect(addPartner(store, partner, 0)).rejects.toMatchObject({ kind })
    expect(await store.listPartners()).toHaveLength(1)
  })

  test('changes name and policy, each by itself', async () => {
    const { store } = await openTestStore()
    await ensureRootPartner(store, 0)
    const contact = { company: 'Acme Ltd', email: 'it@example.net', phone: '' }
    await changePartner(store, 'root', { name: 'Acme Backup', ...contact })
    const changed = await changePartner(store, 'root', { policy: { WARNINGS: 'FAILURE' } })
    expect(changed).toMatchObject({ name: 'Acme Backup', ...contact, policy: { WARNINGS: 'FAILURE' } })
  })

  test('stays while a partner or an account is below it', async () => {
    const { store } = await openTestStore()
    await ensureRootPartner(store, 0)
    await addPartner(store, { username: 'north', above: 'root' }, 0)
    await addPartner(store, { username: 'coast', above: 'north' }, 0)
    await expect(removePartner(store, 'north')).rejects.toThrow('still has the partner coast below it')
    await addAccount(store, { username: 'acme', timeZone: 'UTC', partner: 'coast', acceptsNewSets: true }, 0)
    await expect(removePartner(store, 'coast')).rejects.toThrow('still has the account acme below it')
    await store.removeAccount((await store.findAccount('acme'))?.id ?? 0)
    await removePartner(store, 'coast')
    await removePartner(store, 'north')
    expect(await store.listPartners()).toHaveLength(1)
  })
})

describe('an entry of a policy', () => {
  test('is read in any letter case', () => {
    expect(parsePolicyEntry('no_new_file_data=Warning')).toEqual({ NO_NEW_FILE_DATA: 'WARNING' })
  })

  test.each([
    ['COMPLETED=FAILURE', 'there are EXCEPTION, ERRORS'],
    ['=FAILURE', 'there are EXCEPTION, ERRORS'],
    ['WARNINGS', 'one of FAILURE, WARNING, RUNNING, COMPLETED'],
    ['WARNINGS=RED', 'one of FAILURE, WARNING, RUNNING, COMPLETED'],
    ['WARNINGS=FAILURE=RED', 'one of FAILURE, WARNING, RUNNING, COMPLETED'],
  ])('%s is refused with what is allowed', (text, allowed) => {
    expect(() => parsePolicyEntry(text)).toThrow(allowed)
  })
})
