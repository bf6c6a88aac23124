import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { generic } from './generic.ts'
import { restic } from './restic.ts'

/** Every backup tool whose output we read. `generic`, which reads any command, comes last. */
export const backupTools: readonly BackupTool[] = [restic, generic]

/** The backup tool of that name. */
export function findBackupTool(name: string): BackupTool | undefined {
  return backupTools.find(tool => tool.name === name)
}

/** The backup tool that surely wrote `output`; `generic` when no single one did. */
export function detectBackupTool(output: ToolOutput): BackupTool {
  const [tool, other] = backupTools.filter(tool => tool.recognizes(output))
  return tool && !other ? tool : generic
}
