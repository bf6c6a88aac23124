import type { BackupTool, ToolOutput } from '../backup-tools/backup-tool.ts'
import { generic } from '../backup-tools/generic.ts'
import { detectBackupTool, findBackupTool } from '../backup-tools/index.ts'
import { type NamedReading, readWith } from '../backup-tools/read-output.ts'
import { isAppError } from '../domain/app-error.ts'
import type { BodyReading } from '../domain/ping-end.ts'
import type { Redact } from '../domain/redaction.ts'
import type { PingSignal } from './ping-path.ts'

/**
 * Reads the body of a ping that ends a run with the adapter that its set names, else with that of the tool which surely
 * wrote it; its messages hold no secret. Null where nothing was read. An output that is not of the tool which the set
 * names is doubtful: a success with it gets a warning.
 */
export function readPingEnd(
  toolName: string | null,
  { kind, exitStatus }: PingSignal,
  body: string,
  redact: Redact,
): BodyReading | null {
  if (kind === 'start' || kind === 'log' || body.trim() === '') return null
  const output: ToolOutput = {
    stdout: body,
    stderr: '',
    exitStatus: kind === 'success' ? 0 : exitStatus,
    signal: null,
  }
  const tool = (toolName === null ? undefined : findBackupTool(toolName)) ?? detectBackupTool(output)
  if (tool === generic) return null
  const read = readIfItsOwn(tool, output, redact)
  // By its end alone nothing is turned: that is what the ping says itself.
  if (!read || (read.tool === generic.name && kind === 'fail')) return null
  return toBodyReading(read)
}

function readIfItsOwn(tool: BackupTool, output: ToolOutput, redact: Redact): NamedReading | null {
  try {
    return readWith(tool, output, redact)
  } catch (error) {
    // Not its output, and no exit status either.
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

/** What counts of a reading; when the run started and ended, the pings themselves say. */
function toBodyReading({ tool, reading }: NamedReading): BodyReading {
  const { type, plugin, state, errors, warnings, messages, version } = reading
  const { totalFiles, processedFiles, newFiles, bytes } = reading
  const counts = { totalFiles, processedFiles, newFiles, bytes }
  const name = version === null ? tool : `${tool} ${version}`
  return { type, plugin, state, errors, warnings, messages, tool: name, ...counts }
}
