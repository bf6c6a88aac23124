import type { RunType } from '../domain/run.ts'
import type { BackupTool } from './backup-tool.ts'
import { backupTools } from './index.ts'

/** The backup tools by the names of their programs. */
const toolsOfPrograms = new Map(backupTools.flatMap(tool => tool.usage.programs.map(name => [name, tool] as const)))

/**
 * What is known of a command by the name of its program and the word behind it, as in `bup index`. `type` is null unless
 * either says that this is no backup. Undefined for a program that is no backup tool's.
 */
export function findProgram(command: string): { tool: BackupTool; type: RunType | null } | undefined {
  const [file = '', word = ''] = command.split(' ')
  const program = file.replace(/\.exe$/i, '').toLowerCase()
  const tool = toolsOfPrograms.get(program)
  if (!tool) return undefined
  const types = new Map(Object.entries(tool.usage.notBackups ?? {}))
  return { tool, type: types.get(word) ?? types.get(program) ?? null }
}
