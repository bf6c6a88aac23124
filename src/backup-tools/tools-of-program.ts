import type { BackupTool } from './backup-tool.ts'
import { backupTools, findBackupTool } from './index.ts'

/** A tool that says which lines it needs. */
export type NeedingTool = Pick<BackupTool, 'name'> & Required<Pick<BackupTool, 'needs'>>

/** The programs that are not called like the tool that reads them. */
const otherNames: Readonly<Record<string, string>> = {
  gtar: 'tar',
  bsdtar: 'tar',
  pg_dumpall: 'pg_dump',
  pg_restore: 'pg_dump',
  pg_verifybackup: 'pg_basebackup',
  'mariadb-dump': 'mysqldump',
  'mariadb-backup': 'mariabackup',
  xtrabackup: 'mariabackup',
  innobackupex: 'mariabackup',
  myloader: 'mydumper',
  'wal-g': 'walg',
}

/**
 * The tools whose lines a command may write: the one `named` by who runs it, else the one that the `program` is, by the
 * name of its file. Of any other program, such as a script, all of them.
 */
export function toolsOfProgram(program: string, named?: string): readonly NeedingTool[] {
  const name = named ?? program.replace(/\.exe$/i, '')
  const tool = findBackupTool(
    named === undefined && Object.hasOwn(otherNames, name) ? (otherNames[name] ?? name) : name,
  )
  return tool && isNeeding(tool) ? [tool] : backupTools.filter(isNeeding)
}

function isNeeding(tool: BackupTool): tool is BackupTool & NeedingTool {
  return tool.needs !== undefined
}
