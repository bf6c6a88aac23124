import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { bacula } from './bacula.ts'
import { bup } from './bup.ts'
import { dar } from './dar.ts'
import { duplicati } from './duplicati.ts'
import { duplicity } from './duplicity.ts'
import { borg } from './borg.ts'
import { borgmatic } from './borgmatic.ts'
import { generic } from './generic.ts'
import { kopia } from './kopia.ts'
import { rdiffBackup } from './rdiff-backup.ts'
import { rclone } from './rclone.ts'
import { restic } from './restic.ts'
import { robocopy } from './robocopy.ts'
import { tar } from './tar.ts'
import { rsnapshot } from './rsnapshot.ts'
import { rsync } from './rsync.ts'
import { readLeftOut } from './left-out.ts'
import { pgDump } from './pg-dump.ts'
import { pgbackrest } from './pgbackrest.ts'
import { pgBasebackup } from './pg-basebackup.ts'
import { mysqldump } from './mysqldump.ts'
import { mariabackup } from './mariabackup.ts'
import { mydumper } from './mydumper.ts'
import { synology } from './synology.ts'
import { veeam } from './veeam.ts'
import { vzdump } from './vzdump.ts'
import { barman } from './barman.ts'
import { walg } from './walg.ts'
import { sqlite3 } from './sqlite3.ts'
import { windowsServerBackup } from './windows-server-backup.ts'

/** Every backup tool whose output we read. `generic`, which reads any command, comes last. */
export const backupTools: readonly BackupTool[] = [
  restic,
  duplicity,
  pgDump,
  rsync,
  borg,
  rclone,
  tar,
  borgmatic,
  rsnapshot,
  rdiffBackup,
  pgbackrest,
  bacula,
  pgBasebackup,
  mysqldump,
  kopia,
  mariabackup,
  mydumper,
  duplicati,
  vzdump,
  barman,
  robocopy,
  walg,
  sqlite3,
  windowsServerBackup,
  veeam,
  synology,
  dar,
  bup,
  generic,
]

/** The backup tool of that name. */
export function findBackupTool(name: string): BackupTool | undefined {
  return backupTools.find(tool => tool.name === name)
}

/** The backup tool that surely wrote `output`; `generic` when no single one did. */
export function detectBackupTool(given: ToolOutput): BackupTool {
  const { output } = readLeftOut(given)
  const [tool, other] = backupTools.filter(tool => tool.recognizes(output))
  return tool && !other ? tool : generic
}
