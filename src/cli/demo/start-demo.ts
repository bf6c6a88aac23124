import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { addAccount } from '../../app/accounts.ts'
import { addComputer } from '../../app/computers.ts'
import { grantToken } from '../../app/grant-token.ts'
import { getPartner, rootUsername } from '../../app/partners.ts'
import { makeFirstLink, toLinkPath } from '../../app/sign-in-links.ts'
import { getPlace } from '../../app/places.ts'
import { type Client, createClient } from '../../client/client.ts'
import { type Composed, compose } from '../../compose.ts'
import { readConfig } from '../../config.ts'
import type { BackupStatus } from '../../wire/backup-status.ts'
import { conditionTypeNames } from '../../wire/constants.ts'
import { layOut } from '../admin/tables.ts'
import { looks } from '../report/report-table.ts'
import { backUp, prepareBackup } from './back-up-checkout.ts'
import { feedFleet } from './feed-fleet.ts'
import { buildFleet, type FleetAccount } from './fleet.ts'

type DemoOptions = { port: string | undefined; print: (text: string) => void }

/**
 * Starts a server on a database that goes when the demo ends, feeds a fleet to it, backs the checkout up for real, and
 * shows what the report API says of all that. Resolves when somebody stops it.
 */
export async function startDemo({ port, print }: DemoOptions): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-demo-'))
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  try {
    const { composed, url } = await listen(path.join(folder, 'demo.sqlite'), port)
    composed.watch()
    try {
      await show({ composed, url, folder, print })
      await stopped
      print('\nStopped. The demo database is gone.')
    } finally {
      await composed.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Listens on the port that was asked for, else on the usual one, else on any that is free. */
async function listen(database: string, port: string | undefined): Promise<{ composed: Composed; url: string }> {
  const config = readConfig({}, { database, port, logLevel: 'error' })
  const composed = await compose(config)
  const listenOn = (wanted: number) => composed.app.listen({ host: config.host, port: wanted })
  try {
    const url = await listenOn(config.port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || port !== undefined) throw error
      return listenOn(0)
    })
    return { composed, url }
  } catch (error) {
    await composed.close()
    throw error
  }
}

type Showing = { composed: Composed; url: string; folder: string; print: (text: string) => void }

async function show({ composed, url, folder, print }: Showing): Promise<void> {
  const { store, hasDashboard } = composed
  print(`Lastgood listens on ${url}, on a database that goes when the demo ends.`)
  const fleet = buildFleet(Date.now())
  const fed = await feedFleet(store, url, fleet, Date.now())
  const place = await getPlace(store, { partner: rootUsername })
  const { token } = await grantToken(store, { scopes: ['computers_read'], place, lifetimeMinutes: 1_440 }, Date.now())
  const client = createClient({ url, credentials: { token } })
  const rows = await readFleet(client, fleet)
  const found = new Set([...fed.conditionTypes, ...rows.flatMap(row => row.condition_types)])
  const occurring = conditionTypeNames.filter(type => found.has(type))
  print(`A fleet of ${fed.computers} computers has reported its night, each with its own key, over the API.`)
  print(`In it occur ${occurring.join(', ')}.`)

  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const account = { username: 'demo', name: 'Demo', timeZone, partner: rootUsername, acceptsNewSets: true }
  await addAccount(store, account, Date.now())
  const { computer, agentKey } = await addComputer(store, { username: 'demo', name: hostname() }, Date.now())
  const backup = await prepareBackup(path.join(folder, 'backup'))
  print(`Backing up this checkout with ${backup.tool}, through lastgood run …`)
  const exitStatus = await backUp(backup, { url, key: agentKey })
  print(`${backup.tool} ended with exit status ${exitStatus}.\n`)

  print(drawFleet(rows))
  const computerOfDemo = { username: 'demo', computer_id: computer.computerId }
  const report = `${url}/v1/accounts/demo/computers/${computer.computerId}/reports/backup_status`
  print(
    `\nThe backup status report of this computer:\n\n${JSON.stringify(await client.getBackupStatus(computerOfDemo), undefined, 2)}`,
  )
  const partner = await getPartner(store, rootUsername)
  const link = hasDashboard ? await makeFirstLink(store, partner, Date.now()) : undefined
  if (link !== undefined) {
    print(`\nThe dashboard, for whoever opens this first and chooses a password:\n\n  ${url}${toLinkPath(link)}`)
  }
  print(`\nTry it yourself:\n
  curl -H 'Authorization: OAuth ${token}' ${report}
  curl -H 'Authorization: OAuth ${token}' -H 'Accept: application/xml' '${url}/v1/accounts/clinic/computers/0000/reports/backup_status?condition_status=FAILURE'
  curl -H 'Authorization: OAuth ${token}' ${url}/v1/accounts/clinic/computers/0000/backupsets/Appointments/explain

  export LASTGOOD_URL=${url} LASTGOOD_KEY=${agentKey}
  bin/lastgood run --set Mine -- tar -czf /tmp/mine.tar.gz docs

The token is valid for a day. Ctrl-C stops the demo.`)
}

/** How every set of the fleet stands, as the report API tells it. */
async function readFleet(client: Client, fleet: FleetAccount[]): Promise<BackupStatus[]> {
  const rows: BackupStatus[] = []
  for (const { username, computers } of fleet) {
    for (const index of computers.keys()) {
      const { list } = await client.getBackupStatus({ username, computer_id: String(index).padStart(4, '0') })
      rows.push(...list)
    }
  }
  return rows
}

function drawFleet(rows: readonly BackupStatus[]): string {
  const head = ['', 'status', 'account', 'computer', 'backup set', 'condition', 'started or due']
  const lines = rows.map(row => {
    const { condition_status: status, condition_types: types } = row
    const place = [row.username, row.computer_name, row.backupset_name]
    return [looks[status].shape, status, ...place, types.join(' '), row.local_start]
  })
  return layOut([head, ...lines])
}
