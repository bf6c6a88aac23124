import { addBackupSet, renewPingId } from '../../src/app/backup-sets.ts'
import { renewPingKey } from '../../src/app/computers.ts'
import type { StoredRun } from '../../src/app/ports.ts'
import type { ServerSettings } from '../../src/http/context.ts'
import { aServer } from './a-server.ts'
import { aComputer, aToken } from './builders.ts'
import { testNow } from './tree.ts'

/** A server with a computer that has the set Documents, and what it is named by in addresses. */
export async function aHookedSet({
  acceptsNewSets = true,
  tool = null,
  ...settings
}: { acceptsNewSets?: boolean; tool?: string | null } & Partial<ServerSettings> = {}) {
  const server = await aServer(settings)
  const computer = await aComputer(server, { acceptsNewSets })
  const set = await addBackupSet(server.store, computer, { name: 'Documents', tool }, testNow)
  const [pingId, pingKey] = [
    await renewPingId(server.store, set, 0, testNow),
    await renewPingKey(server.store, computer, testNow),
  ]
  const { accountId, key } = computer
  const runs = (setId = set.id): Promise<StoredRun[]> => server.store.listBackupRuns(accountId, setId, 0, 100)
  return {
    server,
    computer,
    set,
    pingId,
    pingKey,
    runs,
    sets: () => server.store.listBackupSets(accountId, key),
    pings: () => server.store.listPings(accountId, set.id, 100),
    logOf: async (runId: number) => server.store.findRunLog(accountId, key, runId),
    /** The condition of the set as the report has it: status, then types. */
    condition: async () => {
      const token = await aToken(server)
      const answer = await server.get('/v1/accounts/acme/computers/0000/reports/backup_status', { token })
      const [row] = answer.json<{ list: { condition_status: string; condition_types: string[] }[] }>().list
      return row && [row.condition_status, ...row.condition_types]
    },
  }
}
