import { currentConditions } from '../app/current-conditions.ts'
import { conditionStatuses } from '../domain/condition.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import { BackupStatus, toBackupStatus } from '../wire/backup-status.ts'
import { constants } from '../wire/parameters.ts'
import { compareText, defineReport } from './report.ts'

/** The condition of every backup set of one computer, now: one row for each that ran or was missed. Always one page. */
export const backupStatus = defineReport({
  id: 'getBackupStatus',
  path: '/v1/accounts/:username/computers/:computer_id/reports/backup_status',
  scope: 'computers_read',
  summary: 'The condition of every backup set of a computer, by its newest run or missed due time.',
  select: {
    condition_status: constants('Only sets with one of these statuses; all when left out.', conditionStatuses),
  },
  orders: {
    USERNAME: (one: BackupStatus, other: BackupStatus) =>
      compareText(one.username, other.username) || compareText(one.backupset_name, other.backupset_name),
  },
  row: BackupStatus,
  async rows({ facts, computer, now, select }) {
    const reportDate = formatLocalTime(toLocalTime(now, computer.timeZone))
    const current = await currentConditions(facts, computer, now)
    return current.flatMap(({ set, occurrence, condition }) => {
      if (!occurrence || !condition) return []
      if (select.condition_status && !select.condition_status.has(condition.status)) return []
      return toBackupStatus(computer, { backupsetName: set.name, occurrence }, condition, reportDate)
    })
  },
})
