import { expect, test } from 'vitest'
import { getBackupSet } from '../../src/app/backup-sets.ts'
import { aNewSet, addTree, factsOf, testNow } from '../support/tree.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'

test.each(databaseKinds)('a name that nothing can have is not found on %s, whatever is in it', async (_, make) => {
  const { store, remove } = await openNewStore(make)
  try {
    const { computer } = await addTree(store)
    await store.addBackupSet(aNewSet(computer), testNow)
    const { directory, version } = await factsOf(store)
    const everything = { scopes: [], node: { partnerPath: computer.partnerPath, accountId: null, computerKey: null } }
    for (const name of [
      '',
      ' ',
      '\0',
      'Documents\0',
      '\uFFFF',
      "' or 1=1 --",
      '%',
      '_'.repeat(100_000),
      '💾'.repeat(500),
    ]) {
      await expect(getBackupSet(store, computer, name)).rejects.toMatchObject({ kind: 'not-found' })
      await expect(directory.getComputer(version, everything, name, '0000')).rejects.toMatchObject({
        kind: 'not-found',
      })
      await expect(directory.getComputer(version, everything, 'acme', name)).rejects.toMatchObject({
        kind: 'not-found',
      })
    }
    expect((await getBackupSet(store, computer, ' Documents ')).name).toBe('Documents')
  } finally {
    await remove()
  }
})
