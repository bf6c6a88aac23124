import { type Static, Type } from 'typebox'
import { type Condition, conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import type { Occurrence } from '../domain/occurrence.ts'
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
    local_start: DateText({ description: 'When the run started; of a missed one, when it was due.' }),
    local_end: DateText({
      description: 'When the run ended; of a running one, its last update; of a missed one, empty.',
    }),
    condition_status: Constant(conditionStatuses),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
    errors: Count(),
    warnings: Count(),
  },
  { title: 'BackupStatus', xml: { name: 'backup_status' } },
)

export type BackupStatus = Static<typeof BackupStatus>

/** The computer that a row is about, as far as a row shows it. */
export type RowComputer = { username: string; computerId: string; name: string; timeZone: string }

/** The row of one backup set: its newest occurrence, judged. */
export function toBackupStatus(
  computer: RowComputer,
  { backupsetName, occurrence }: { backupsetName: string; occurrence: Occurrence },
  condition: Condition,
  reportDate: string,
): BackupStatus {
  return {
    report_date: reportDate,
    username: computer.username,
    computer_id: computer.computerId,
    computer_name: computer.name,
    backupset_name: backupsetName,
    ...toTimes(occurrence, computer.timeZone),
    condition_status: condition.status,
    condition_types: condition.types,
    errors: occurrence.kind === 'run' ? occurrence.run.errors : 0,
    warnings: occurrence.kind === 'run' ? occurrence.run.warnings : 0,
  }
}

function toTimes(occurrence: Occurrence, zone: string): Pick<BackupStatus, 'local_start' | 'local_end'> {
  if (occurrence.kind === 'run') {
    const { startedAt, startedOffset, updatedAt, updatedOffset } = occurrence.run
    return {
      local_start: toDateText(startedAt, startedOffset, zone),
      local_end: toDateText(updatedAt, updatedOffset, zone),
    }
  }
  const { openRun, dueAt } = occurrence
  if (!openRun) return { local_start: toDateText(dueAt, null, zone), local_end: '' }
  return {
    local_start: toDateText(openRun.startedAt, null, zone),
    local_end: toDateText(openRun.updatedAt, null, zone),
  }
}

/** An instant with the offset that its reporter sent, else with that of the computer's zone at the time. */
export function toDateText(at: Instant, offset: number | null, zone: string): string {
  return formatLocalTime(offset === null ? toLocalTime(at, zone) : { at, offsetMinutes: offset })
}
