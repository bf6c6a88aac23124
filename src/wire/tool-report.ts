import { AppError } from '../domain/app-error.ts'
import { parseCommandName } from '../domain/command-name.ts'
import { parseLocalTime } from '../domain/local-time.ts'
import type { ReportedRun } from '../domain/run-report.ts'
import { parseName } from '../domain/text.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import { type Given, text } from './parameters.ts'
import { exitStatusBounds, uuidPattern } from './schema.ts'

/** The query parameters that go with the raw output of a backup tool. */
export const toolReportParameters = {
  tool: text('The backup tool whose output it is; left out: recognized, else told by the command.', 'restic'),
  command: text('The program and its subcommand, such as `bup save`, never another argument.', 'restic backup'),
  backupset: text('The backup set that was backed up.', 'Documents'),
  exit_status: text('With what the command ended.', '3'),
  signal: text('What ended the command, or was passed on to it, such as SIGINT.', 'SIGINT'),
  run_key: text('The caller’s own UUID of the run: what bears the same is the same run.'),
  local_start: text('When it started; left out: what the tool says, else the arrival.'),
  local_end: text('When it ended; left out: what the tool says, else the arrival.'),
  time_limit: text('The limit in seconds after which the reporter ended the command.', '7200'),
  output: text('`dropped` where the reporter has the output no more; else `sent`.', 'sent'),
}

export type ToolReportParameter = keyof typeof toolReportParameters

/** What the parameters say; everything else is for the tool's adapter to read. */
export type ToolReport = Pick<
  ReportedRun,
  'runKey' | 'backupsetName' | 'startedAt' | 'endedAt' | 'exitStatus' | 'tool'
> & {
  signal: string | null
  /** The base name of the program, and its subcommand where it has one. */
  command: string | null
  /** The limit in seconds that the command ran into, so that it was ended before it was done. */
  timeLimit: number | null
  /** Whether the reporter had the output and has it no more. */
  isOutputDropped: boolean
}

const uuid = new RegExp(uuidPattern)

/** Reads the parameters that go with raw output. An empty one counts as absent. Throws `invalid`, naming the parameter. */
export function readToolReport(parameters: Partial<Given<typeof toolReportParameters>>, zone: TimeZone): ToolReport {
  const { tool, command, backupset, exit_status, signal, run_key, local_start, local_end } = parameters
  const { time_limit, output } = parameters
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
    timeLimit: time_limit ? readTimeLimit(time_limit) : null,
    isOutputDropped: isDropped(output),
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

function readTimeLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('invalid', 'time_limit must be a whole number of seconds.')
}

function isDropped(output = 'sent'): boolean {
  if (output === '' || output === 'sent' || output === 'dropped') return output === 'dropped'
  throw new AppError('invalid', 'output must be sent or dropped.')
}
