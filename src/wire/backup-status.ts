import { type Static, Type } from 'typebox'
import { type Condition, conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import type { RunFacts } from '../domain/run.ts'
import { conditionTypeNames } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

/** One row of a backup status report (vendor's page "Computer Backup Status Report"). */
export const BackupStatus = Type.Object(
  {
    report_date: DateText({ description: 'When the report was drawn up, to the second.' }),
    username: Type.String(),
    computer_id: Type.String(),
    computer_name: Type.String(),
    backupset_name: Type.String(),
    local_start: DateText({ description: 'When the run started.' }),
    local_end: DateText({ description: 'When the run ended; of a running one, its last update.' }),
    condition_status: Constant(conditionStatuses),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
    errors: Count(),
    warnings: Count(),
  },
  { xml: { name: 'backup_status' } },
)

export type BackupStatus = Static<typeof BackupStatus>

/** The computer that a row is about, as far as a row shows it. */
export type RowComputer = { username: string; computerId: string; name: string; timeZone: string }

/** The row of one backup set: its newest run, judged. */
export function toBackupStatus(
  computer: RowComputer,
  { backupsetName, run }: { backupsetName: string; run: RunFacts },
  condition: Condition,
  reportDate: string,
): BackupStatus {
  return {
    report_date: reportDate,
    username: computer.username,
    computer_id: computer.computerId,
    computer_name: computer.name,
    backupset_name: backupsetName,
    local_start: toDateText(run.startedAt, run.startedOffset, computer.timeZone),
    local_end: toDateText(run.updatedAt, run.updatedOffset, computer.timeZone),
    condition_status: condition.status,
    condition_types: condition.types,
    errors: run.errors,
    warnings: run.warnings,
  }
}

/** An instant with the offset that its reporter sent, else with that of the computer's zone at the time. */
export function toDateText(at: Instant, offset: number | null, zone: string): string {
  return formatLocalTime(offset === null ? toLocalTime(at, zone) : { at, offsetMinutes: offset })
}
