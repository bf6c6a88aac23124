import { getAccount } from '../../app/accounts.ts'
import { getComputer } from '../../app/computers.ts'
import type { Facts } from '../../app/current-conditions.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Computer } from '../../domain/tree.ts'
import { backupStatus } from '../../reports/backup-status.ts'
import type { BackupStatus } from '../../wire/backup-status.ts'

/** The rows of a report in the order of computers and then of sets, with the computers that they are about. */
export type AccountReport = { username: string; computers: Computer[]; rows: BackupStatus[] }

/**
 * The backup status of one computer, or of all computers of an account that were not deleted: the rows that the API
 * answers. Throws `not-found`.
 */
export async function readAccountReport(
  facts: Facts,
  { username, computerId }: { username: string; computerId?: string | undefined },
  now: Instant,
): Promise<AccountReport> {
  const { store } = facts
  const account = await getAccount(store, username)
  const computers =
    computerId === undefined
      ? (await store.listComputers(account.id)).filter(({ status }) => status !== 'deleted')
      : [await getComputer(store, username, computerId)]
  const rows: BackupStatus[] = []
  for (const computer of computers) {
    const ofComputer = await backupStatus.rows({ facts, computer, now, select: { condition_status: undefined } })
    rows.push(...ofComputer.sort(backupStatus.orders['USERNAME']))
  }
  return { username, computers, rows }
}
