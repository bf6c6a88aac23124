import type { Environment } from '../../config.ts'
import { explainFailure } from '../client/explain-failure.ts'
import { openClient } from '../client/open-client.ts'
import type { AccountReport } from './account-report.ts'

/**
 * The backup status of one computer, or of all computers of an account, as the server at `url` answers it. Throws `invalid`
 * without credentials, and `unavailable`, saying what to do, where the server does not answer it.
 */
export async function readServerReport(
  url: string,
  { username, computerId }: { username: string; computerId?: string | undefined },
  environment: Environment,
): Promise<AccountReport> {
  const client = openClient(url, environment)
  // Either is one page: rows of several pages would be those of several moments.
  const { list } = await explainFailure(url, () =>
    computerId === undefined
      ? client.getBackupStatusOfAccount({ username })
      : client.getBackupStatus({ username, computer_id: computerId }),
  )
  return { username, hasNoComputer: false, rows: list }
}
