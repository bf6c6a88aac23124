import type { BackupTool } from './backup-tool.ts'
import { backupTools, findBackupTool } from './index.ts'
import { findProgram } from './programs.ts'

/** A tool that says which lines it needs. */
export type NeedingTool = Pick<BackupTool, 'name'> & Required<Pick<BackupTool, 'needs'>>

/**
 * The tools whose lines a command may write: the one `named` by who runs it, else the one that the `program` is, by the
 * name of its file. Of any other program, such as a script, all of them.
 */
export function toolsOfProgram(program: string, named?: string): readonly NeedingTool[] {
  const tool = named === undefined ? findProgram(program)?.tool : findBackupTool(named)
  return tool && isNeeding(tool) ? [tool] : backupTools.filter(isNeeding)
}

function isNeeding(tool: BackupTool): tool is BackupTool & NeedingTool {
  return tool.needs !== undefined
}
