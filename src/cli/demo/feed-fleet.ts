import { addAccount } from '../../app/accounts.ts'
import { addBackupSet } from '../../app/backup-sets.ts'
import { addComputer } from '../../app/computers.ts'
import { ensureRootPartner, rootUsername } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import { type Client, createClient } from '../../client/client.ts'
import type { Instant } from '../../domain/instant.ts'
import type { FleetAccount, FleetRun } from './fleet.ts'
import { recordPastNights } from './past-nights.ts'

/** What the fleet was told it amounts to: the condition types of every run, as the API answered them. */
export type FedFleet = { computers: number; conditionTypes: Set<string> }

/**
 * Adds the accounts and computers of a fleet, and lets each computer report its runs to the server at `url` with its own
 * agent key: the way that real ones report. Only a past of many nights is recorded without a report.
 */
export async function feedFleet(store: Store, url: string, fleet: FleetAccount[], now: Instant): Promise<FedFleet> {
  await ensureRootPartner(store, now)
  const fed: FedFleet = { computers: 0, conditionTypes: new Set() }
  for (const { username, name, timeZone, computers } of fleet) {
    await addAccount(store, { username, name, timeZone, partner: rootUsername, acceptsNewSets: true }, now)
    for (const computer of computers) {
      const { agentKey, computer: added } = await addComputer(store, { username, name: computer.name }, now)
      for (const { since, ...set } of computer.sets ?? []) await addBackupSet(store, added, set, since)
      if (computer.past !== undefined) await recordPastNights(store, { computer: added, set: computer.past, now })
      fed.computers += 1
      const client = createClient({ url, credentials: { agentKey } })
      for (const run of computer.runs) {
        for (const type of await reportRun(client, run)) fed.conditionTypes.add(type)
      }
    }
  }
  return fed
}

async function reportRun(client: Client, run: FleetRun): Promise<string[]> {
  const reported =
    'json' in run ? { body: run.json } : { ...run.query, raw: { type: 'text/plain', content: run.output } as const }
  const recorded = await client.recordOwnRun(reported)
  return 'condition_types' in recorded ? recorded.condition_types : []
}
