import type { Store } from '../../src/app/ports.ts'
import { recordRun } from '../../src/app/record-run.ts'
import { hashSecret, mintAgentKey, mintToken } from '../../src/app/secrets.ts'
import { days } from '../../src/domain/instant.ts'
import { buildRedaction } from '../../src/domain/redaction.ts'
import type { Computer } from '../../src/domain/tree.ts'
import { readRunReport } from '../../src/wire/run-report.ts'

/** A computer of the fleet, as its reporter and its reader know it. */
export type FleetComputer = { path: string; agentKey: string }

/** Customers with computers; `token` may read and write all of them. */
export type Fleet = { token: string; computers: FleetComputer[] }

const setNames = ['Documents', 'Mailboxes', 'Databases', 'System state', 'Photographs']

/** The backup set that a computer's run number `count` is of. */
export const setNameOf = (count: number): string => setNames[count % setNames.length] ?? ''

/** Adds accounts with computers, and one good run of each of the five backup sets of each computer. */
export async function addFleet(
  store: Store,
  { accounts, computersEach, withAgentKeys }: { accounts: number; computersEach: number; withAgentKeys: boolean },
): Promise<Fleet> {
  const now = Date.now()
  const partner = await store.addPartner({ parentId: null, username: 'benchmark', name: 'Benchmark' }, now)
  const place = { partnerId: partner.id, accountId: null, computerKey: null }
  const scopes = ['accounts_read', 'computers_read', 'computers_write'] as const
  const token = mintToken()
  await store.addToken({ hash: hashSecret(token), scopes, clientId: null, place, expiresAt: now + days(1) }, now)

  const computers: FleetComputer[] = []
  for (let count = 0; count < accounts; count += 1) {
    const username = `customer-${String(count).padStart(4, '0')}`
    const account = await store.addAccount(
      { partnerId: partner.id, username, name: username, timeZone: 'America/New_York', acceptsNewSets: true },
      now,
    )
    for (let number = 0; number < computersEach; number += 1) {
      const name = `computer-${String(number).padStart(4, '0')}`
      const computer = await store.addComputer({ accountId: account.id, name, timeZone: null }, now)
      const agentKey = mintAgentKey()
      if (withAgentKeys) await store.setAgentKey(computer.key, hashSecret(agentKey), now)
      await recordFirstRuns(store, computer, now)
      computers.push({ path: `/v1/accounts/${username}/computers/${computer.computerId}`, agentKey })
    }
  }
  return { token, computers }
}

async function recordFirstRuns(store: Store, computer: Computer, now: number): Promise<void> {
  const recorder = { store, redact: buildRedaction([]) }
  const local_start = new Date(now - days(1)).toISOString()
  await Promise.all(
    setNames.map(backupset_name => {
      const reported = readRunReport({ ...goodRun, backupset_name, local_start, local_end: local_start }, 'UTC')
      return recordRun(recorder, computer, reported, now)
    }),
  )
}

/** The members of a report that say that a run went well. */
export const goodRun = {
  status: 'SUCCESS',
  total_files: 48_211,
  processed_files: 48_211,
  new_files: 117,
  bytes: 734_003_200,
  errors: 0,
  warnings: 0,
}
