import { AppError, isAppError } from '../domain/app-error.ts'
import type { Redact } from '../domain/redaction.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { generic } from './generic.ts'
import { backupTools, detectBackupTool, findBackupTool } from './index.ts'
import { findProgram } from './programs.ts'
import { toRunMessages, toShownMessages } from './run-messages.ts'
import { readLeftOut, type UnmarkedOutput } from './left-out.ts'

/** What the reporter says of the command whose output it is; null where it says nothing. */
export type NamedCommand = {
  /** The name of the tool. */
  tool: string | null
  /** The base name of the program, and the word behind it where that is one, such as `bup save`. */
  command: string | null
}

/**
 * Reads an output with the tool that is named, else with the one that it surely comes from, else with that of the
 * program, and says which tool's reading it is. An output that is not the named tool's is judged by its exit status
 * alone, and then is never without a warning. Its messages hold no secret. Throws `invalid` for an unknown name, and when
 * nothing tells how the command ended.
 */
export function readOutput(named: NamedCommand, given: ToolOutput, redact: Redact): NamedReading {
  const unmarked = readLeftOut(given)
  const program = named.command === null ? undefined : findProgram(named.command)
  const sure = named.tool === null ? detectBackupTool(unmarked.output) : getBackupTool(named.tool)
  const hinted = named.tool === null && sure === generic && program ? readByProgram(program.tool, unmarked) : null
  const { tool, reading } = hinted ?? readOrJudge(sure, unmarked)
  const isSaidToBeBackup = reading.type === 'backup' && reading.state === 'finished'
  const type = (isSaidToBeBackup ? program?.type : null) ?? reading.type
  return { tool, reading: { ...reading, type, messages: toShownMessages(reading.messages, redact) } }
}

/**
 * What the adapter of a program reads in an output that may be any program's of that name. Null when it is not its own,
 * and when this would make a success of a command that failed.
 */
function readByProgram(tool: BackupTool, unmarked: UnmarkedOutput): NamedReading | null {
  const read = readOrJudge(tool, unmarked)
  if (read.tool !== tool.name) return null
  const { state, errors, warnings } = read.reading
  const isGood = state === 'finished' && errors + warnings === 0
  return isGood && unmarked.output.exitStatus ? null : read
}

/** A reading and the name of the tool whose it is. */
export type NamedReading = { tool: string; reading: ToolReading }

/** Reads an output with `tool`, or by its exit status when `tool` says that it is not its own; without secrets. */
export function readWith(tool: BackupTool, output: ToolOutput, redact: Redact): NamedReading {
  const read = readOrJudge(tool, readLeftOut(output))
  return { ...read, reading: { ...read.reading, messages: toShownMessages(read.reading.messages, redact) } }
}

function readOrJudge(tool: BackupTool, unmarked: UnmarkedOutput): NamedReading {
  const read = readWhole(tool, unmarked.output)
  return unmarked.isCut ? { ...read, reading: withDoubt(read.reading, tool, unmarked) } : read
}

function readWhole(tool: BackupTool, output: ToolOutput): NamedReading {
  try {
    return { tool: tool.name, reading: tool.read(output) }
  } catch (error) {
    if (tool === generic || !isAppError(error, 'invalid')) throw error
    return { tool: generic.name, reading: readByExitStatus(tool, output) }
  }
}

/**
 * What a reading is worth when its tool needed what was left out: it finished with a warning at best, and what it counted
 * is not known. Of a tool that does not say what it needs, anything may have been.
 */
function withDoubt(reading: ToolReading, tool: BackupTool, { neededLines }: UnmarkedOutput): ToolReading {
  const isUnsure = tool.needs === undefined && tool !== generic
  if (neededLines === 0 && !isUnsure) return reading
  const text = 'The output was too long: some of the lines that tell how the run went were left out.'
  return {
    ...reading,
    totalFiles: null,
    processedFiles: null,
    newFiles: null,
    bytes: null,
    warnings: reading.state === 'finished' ? Math.max(1, reading.warnings) : reading.warnings,
    messages: toRunMessages([...reading.messages, { level: 'warning', text }]),
  }
}

/** The backup tool of that name. Throws `invalid`, naming those that there are: the name is part of the request. */
function getBackupTool(name: string): BackupTool {
  const tool = findBackupTool(name)
  if (tool) return tool
  const known = backupTools.map(tool => tool.name).join(', ')
  throw new AppError('invalid', `tool must be one of ${known}, not ${JSON.stringify(name.slice(0, 40))}.`)
}

function readByExitStatus(tool: BackupTool, output: ToolOutput): ToolReading {
  const reading = generic.read(output)
  const text = `This is not the output of ${tool.name}; judged by its exit status alone.`
  return {
    ...reading,
    warnings: reading.state === 'finished' ? Math.max(1, reading.warnings) : reading.warnings,
    messages: toRunMessages([...reading.messages, { level: 'warning', text }]),
  }
}
