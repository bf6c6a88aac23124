import { ensureRootPartner } from '../../src/app/partners.ts'
import { hashSecret, mintAgentKey } from '../../src/app/secrets.ts'
import { openStore } from '../../src/storage/store.ts'

/** A computer that reports to the servers, as it knows itself. */
export type Reporter = { computerId: string; agentKey: string }

/** The account that all reporters belong to. */
export const account = 'acme'

/** Adds an account with computers to the database. */
export async function addReporters(databaseUrl: string, count: number): Promise<Reporter[]> {
  const store = await openStore(databaseUrl)
  try {
    const now = Date.now()
    const { partner: root } = await ensureRootPartner(store, now)
    const place = { partnerId: root.id, username: account, name: 'Acme', timeZone: 'UTC', acceptsNewSets: true }
    const { id: accountId } = await store.addAccount(place, now)
    const reporters: Reporter[] = []
    for (let index = 0; index < count; index += 1) {
      const computer = await store.addComputer({ accountId, name: `Machine ${index}`, timeZone: null }, now)
      const agentKey = mintAgentKey()
      await store.setAgentKey(computer.key, hashSecret(agentKey), now)
      reporters.push({ computerId: computer.computerId, agentKey })
    }
    return reporters
  } finally {
    await store.close()
  }
}
