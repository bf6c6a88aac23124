import { isAppError } from '../../src/domain/app-error.ts'
import type { BackupTool, ToolOutput, ToolReading } from '../../src/backup-tools/backup-tool.ts'
import { backupTools } from '../../src/backup-tools/index.ts'
import { mostMessages, toShownMessages } from '../../src/backup-tools/run-messages.ts'
import { longestMessage } from '../../src/domain/text.ts'
import { conditionOf } from './recorded-cases.ts'

/** The exit statuses with which a tool says that all is well. */
export const successesOf = ({ usage }: BackupTool): readonly number[] => usage.successes ?? [0]
/** The exit statuses with which a tool says that it is done, with something amiss. */
export const warningsOf = ({ usage }: BackupTool): readonly number[] => usage.warnings ?? []

/** The exit statuses with which a run of some tool may be green. */
export const greenStatuses: ReadonlySet<number> = new Set(backupTools.flatMap(successesOf))

/** The reading, or null where the tool says that the output is not its own. Anything else thrown is a fault. */
export function readOrNull(tool: BackupTool, output: ToolOutput): ToolReading | null {
  try {
    return tool.read(output)
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

/** What is wrong about what a tool made of an output; an empty list when it keeps every promise. */
export function brokenPromises(tool: BackupTool, output: ToolOutput): string[] {
  tool.recognizes(output)
  const reading = readOrNull(tool, output)
  return reading ? [...brokenByEnd(tool, output, reading), ...brokenByFacts(reading)] : []
}

function brokenByEnd(tool: BackupTool, { exitStatus, signal }: ToolOutput, reading: ToolReading): string[] {
  const isSuccess = exitStatus === null || successesOf(tool).includes(exitStatus)
  const isGreen = conditionOf(reading).status === 'COMPLETED'
  return [
    ...(isGreen && !isSuccess ? [`green with exit status ${exitStatus}`] : []),
    ...(isGreen && signal?.trim() ? [`green with the signal ${signal}`] : []),
    ...(reading.state === 'finished' && !isSuccess && !warningsOf(tool).includes(exitStatus)
      ? [`finished with exit status ${exitStatus}`]
      : []),
  ]
}

function brokenByFacts(reading: ToolReading): string[] {
  const { totalFiles, processedFiles, newFiles, bytes, errors, warnings, messages, state } = reading
  const counts = [totalFiles ?? 0, processedFiles ?? 0, newFiles ?? 0, bytes ?? 0, errors, warnings]
  const shown = toShownMessages(messages, text => text)
  return [
    ...(counts.every(count => Number.isSafeInteger(count) && count >= 0) ? [] : [`odd counts: ${counts.join(' ')}`]),
    ...(state === 'failed' && errors === 0 ? ['failed without an error'] : []),
    ...(shown.length <= mostMessages && shown.length === messages.length ? [] : [`${shown.length} messages`]),
    ...(shown.every(({ text }) => text.length <= longestMessage) ? [] : ['a message that is too long']),
    ...(shown.some(({ text }) => /[\p{Cc}\p{Cs}]/u.test(text)) ? ['a message that is no line of text'] : []),
  ]
}

/** What readers of text choke on when it comes over and over. */
export const hostilePieces: readonly string[] = [
  'x',
  ' ',
  '9',
  'a: ',
  '"/a/b" ',
  '{"a":[',
  '\u001B[1;',
  '\n',
  '\r',
  'a\n',
  '{\n',
  '[\n]\n{\n}\n',
  'a/\na/b\n',
  '\\',
  '<td>',
]

/** An output that repeats a piece until it is that long. */
export function aHostileOutput(piece: string, length: number): ToolOutput {
  return { stdout: piece.repeat(Math.ceil(length / piece.length)), stderr: '', exitStatus: 0, signal: null }
}
