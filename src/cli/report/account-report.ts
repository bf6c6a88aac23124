import { getAccount } from '../../app/accounts.ts'
import { getComputer } from '../../app/computers.ts'
import type { Facts } from '../../app/current-conditions.ts'
import { toAccountNode } from '../../app/directory.ts'
import type { Instant } from '../../domain/instant.ts'
import { backupStatus } from '../../reports/backup-status.ts'
import { sortRows, type Subject } from '../../reports/report.ts'
import type { BackupStatus } from '../../wire/backup-status.ts'

/** The rows of a report in the order of the API, and whether the account is known to have no computer that it could be about. */
export type AccountReport = {
  username: string
  hasNoComputer: boolean
  rows: BackupStatus[]
}

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
  const computer = computerId === undefined ? undefined : await getComputer(store, username, computerId)
  const hasNoComputer = !computer && (await store.listComputers(account.id)).every(({ status }) => status === 'deleted')
  const subject: Subject = computer ? { kind: 'computer', computer } : { kind: 'below', node: toAccountNode(account) }
  const rows = await backupStatus.rows({
    facts,
    subject,
    now,
    select: { condition_status: undefined, find: () => true },
  })
  return { username, hasNoComputer, rows: sortRows(backupStatus, rows, { orderBy: 'USERNAME', descending: false }) }
}
