import { AppError } from '../domain/app-error.ts'
import { parseCommandName } from '../domain/command-name.ts'
import { parseLocalTime } from '../domain/local-time.ts'
import type { ReportedRun } from '../domain/run-report.ts'
import { parseName } from '../domain/text.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import { exitStatusBounds, uuidPattern } from './schema.ts'

/** The query parameters that go with the raw output of a backup tool. */
export const toolReportParameters = [
  'tool',
  'command',
  'backupset',
  'exit_status',
  'signal',
  'run_key',
  'local_start',
  'local_end',
] as const

export type ToolReportParameter = (typeof toolReportParameters)[number]

/** What the parameters say; everything else is for the tool's adapter to read. */
export type ToolReport = Pick<
  ReportedRun,
  'runKey' | 'backupsetName' | 'startedAt' | 'endedAt' | 'exitStatus' | 'tool'
> & { signal: string | null; command: string | null }

const uuid = new RegExp(uuidPattern)

/** Reads the parameters that go with raw output. An empty one counts as absent. Throws `invalid`, naming the parameter. */
export function readToolReport(parameters: Partial<Record<ToolReportParameter, string>>, zone: TimeZone): ToolReport {
  const { tool, command, backupset, exit_status, signal, run_key, local_start, local_end } = parameters
  if (run_key && !uuid.test(run_key)) throw new AppError('invalid', 'run_key must be a UUID.')
  if (signal && !/^[A-Za-z0-9+]{1,20}$/.test(signal)) {
    throw new AppError('invalid', 'signal must be the name of a signal, such as SIGINT.')
  }
  return {
    runKey: run_key || null,
    backupsetName: backupset ? parseName(backupset, 'backupset') : null,
    startedAt: local_start ? parseLocalTime(local_start, zone, 'local_start') : null,
    endedAt: local_end ? parseLocalTime(local_end, zone, 'local_end') : null,
    exitStatus: exit_status ? readExitStatus(exit_status) : null,
    signal: signal || null,
    tool: tool || null,
    command: command ? parseCommandName(command) : null,
  }
}

function readExitStatus(text: string): number {
  const status = Number(text)
  if (/^-?\d{1,10}$/.test(text) && status >= exitStatusBounds.minimum && status <= exitStatusBounds.maximum)
    return status
  throw new AppError(
    'invalid',
    `exit_status must be a whole number such as 0 or 3, not ${JSON.stringify(text.slice(0, 40))}.`,
  )
}
