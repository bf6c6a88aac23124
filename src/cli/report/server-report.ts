import type { Environment } from '../../config.ts'
import { AppError } from '../../domain/app-error.ts'
import { explainFailure } from '../client/explain-failure.ts'
import { openClient } from '../client/open-client.ts'
import type { AccountReport } from './account-report.ts'

/**
 * The backup status of one computer, as the server at `url` answers it. Throws `invalid` without a computer or without
 * credentials, and `unavailable`, saying what to do, where the server does not answer it.
 */
export async function readServerReport(
  url: string,
  { username, computerId }: { username: string; computerId?: string | undefined },
  environment: Environment,
): Promise<AccountReport> {
  if (computerId === undefined) {
    throw new AppError('invalid', 'A server is asked for one computer: name its computer_id, too, such as 0000.')
  }
  const client = openClient(url, environment)
  const asked = { username, computer_id: computerId }
  const rows = await explainFailure(url, () => Array.fromAsync(client.getBackupStatus.all(asked)))
  return { username, computers: [{ computerId }], rows }
}
