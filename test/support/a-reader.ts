import { expect } from 'vitest'
import type { Computer } from '../../src/domain/tree.ts'
import type { ServerSettings } from '../../src/http/context.ts'
import { aServer, type TestServer } from './a-server.ts'
import { aComputer, aReport, aToken, recordReport, reportUrl } from './builders.ts'

/** A row of a report as its JSON has it. */
export type Row = Record<string, unknown>

/** A computer that nothing was reported of yet, and a token that may read its report. */
export async function aReader(
  settings: Partial<ServerSettings> = {},
): Promise<{ server: TestServer; computer: Computer; token: string }> {
  const server = await aServer(settings)
  const computer = await aComputer(server)
  const token = await aToken(server, { scopes: ['computers_read'], place: computer })
  return { server, computer, token }
}

/** A reader of one set for each status, named for it. */
export async function aReaderOfEveryStatus(): Promise<Awaited<ReturnType<typeof aReader>>> {
  const reader = await aReader()
  const { server, computer } = reader
  await recordReport(server, computer, aReport({ backupset_name: 'Completed' }))
  await recordReport(server, computer, aReport({ backupset_name: 'Failure', errors: 1 }))
  await recordReport(server, computer, aReport({ backupset_name: 'Running', status: 'RUNNING' }))
  await recordReport(server, computer, aReport({ backupset_name: 'Warning', warnings: 1 }))
  return reader
}

/** The rows of a computer's report. */
export async function rowsOf(server: TestServer, computer: Computer, token: string, query = ''): Promise<Row[]> {
  const answer = await server.get(reportUrl(computer, query), { token })
  expect(answer.statusCode).toBe(200)
  return answer.json<{ list: Row[] }>().list
}
