import { addChannel } from '../../src/app/channels.ts'
import { hashSecret, mintAgentKey } from '../../src/app/secrets.ts'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'

/** A computer that reports, and its key. */
export type ReportingComputer = { username: string; computerId: string; key: string }

const computersOfAccount = 2

/** The path of the webhook that is told of the whole installation, and of the one that is told of the first account. */
export const channelPaths = { all: '/all', first: '/first' } as const

/** Adds accounts with computers to an empty database, and channels to a receiver where there is one. */
export async function addFleet(
  database: string,
  { computers, receiverUrl }: { computers: number; receiverUrl?: string },
): Promise<ReportingComputer[]> {
  const store = await openStore(database)
  try {
    const now = Date.now()
    const { id: partnerId } = await store.addPartner({ parentId: null, username: 'chaos', name: 'Chaos' }, now)
    const added: ReportingComputer[] = []
    let account = { id: 0, username: '' }
    for (let index = 0; index < computers; index += 1) {
      if (index % computersOfAccount === 0) {
        const username = `customer-${index / computersOfAccount}`
        const values = { partnerId, username, name: username, timeZone: 'UTC', acceptsNewSets: true }
        account = await store.addAccount(values, now)
      }
      if (index === 0 && receiverUrl !== undefined) await addChannels(store, receiverUrl, account.id)
      const values = { accountId: account.id, name: `Computer ${index}`, timeZone: null }
      const { key: computerKey, computerId } = await store.addComputer(values, now)
      const key = mintAgentKey()
      await store.setAgentKey(computerKey, hashSecret(key), now)
      added.push({ username: account.username, computerId, key })
    }
    return added
  } finally {
    await store.close()
  }
}

async function addChannels(store: Store, url: string, accountId: number): Promise<void> {
  const partnerId = (await store.findPartner('chaos'))?.id ?? 0
  for (const [path, account] of [
    [channelPaths.all, null],
    [channelPaths.first, accountId],
  ] as const) {
    const place = { partnerId, accountId: account, computerKey: null }
    await addChannel(store, { name: path, kind: 'webhook', url: url + path, place }, Date.now())
  }
}
