import { conditionsBelow } from '../app/conditions-below.ts'
import { type CurrentCondition, currentConditions } from '../app/current-conditions.ts'
import { type ConditionStatus, conditionStatuses } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import { BackupStatus, type RowComputer, toBackupStatus } from '../wire/backup-status.ts'
import { constants, partOfText } from '../wire/parameters.ts'
import { compare, defineReport } from './report.ts'

const ofMany = {
  description:
    'Ordered by `CONDITION_STATUS`, what is worst comes first: FAILURE, WARNING, RUNNING, COMPLETED. Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed.',
  orders: ['USERNAME', 'COMPUTER_NAME', 'BACKUPSET_NAME', 'CONDITION_STATUS', 'LOCAL_START'],
  mostOnPage: 1_000,
} as const

/** The condition of every backup set, now: one row for each that ran or was missed. */
export const backupStatus = defineReport({
  name: 'backup_status',
  offers: {
    computer: {
      id: 'getBackupStatus',
      summary: 'The condition of every backup set of a computer, by its newest run or missed due time.',
      orders: ['USERNAME'],
      mostOnPage: null,
    },
    account: {
      id: 'getBackupStatusOfAccount',
      summary: 'The condition of every backup set of an account, by its newest run or missed due time.',
      ...ofMany,
    },
    partner: {
      id: 'getBackupStatusOfPartner',
      summary: 'The condition of every backup set of all accounts below a partner.',
      ...ofMany,
    },
  },
  select: {
    condition_status: constants('Only sets with one of these statuses; all when left out.', conditionStatuses),
    find: partOfText(
      'Only sets with this in their name, in that of their computer, or in the username of their account, in any letter case.',
      'file server',
    ),
  },
  orders: {
    USERNAME: (row: BackupStatus) => row.username,
    COMPUTER_NAME: row => row.computer_name,
    BACKUPSET_NAME: row => row.backupset_name,
    CONDITION_STATUS: row => conditionStatuses.indexOf(row.condition_status),
    LOCAL_START: row => Date.parse(row.local_start),
  },
  breakTie: (one, other) =>
    compare(one.username, other.username) ||
    compare(one.computer_name, other.computer_name) ||
    compare(one.computer_id, other.computer_id) ||
    compare(one.backupset_name, other.backupset_name),
  row: BackupStatus,
  async rows({ facts, subject, now, select, isWanted = () => true }) {
    if (subject.kind === 'computer') {
      return toRows(subject.computer, await currentConditions(facts, subject.computer, now), now, select)
    }
    const rows: BackupStatus[] = []
    for await (const computers of conditionsBelow(facts, subject.node, now, { isWanted })) {
      for (const { computer, conditions } of computers) rows.push(...toRows(computer, conditions, now, select))
    }
    return rows
  },
})

/** Which sets are wanted, of those that have a condition. */
type Selection = { condition_status: ReadonlySet<ConditionStatus> | undefined; find: (text: string) => boolean }

function toRows(
  computer: RowComputer,
  conditions: readonly CurrentCondition[],
  now: Instant,
  { condition_status: wanted, find }: Selection,
): BackupStatus[] {
  const isWholeFound = find(computer.name) || find(computer.username)
  const reportDate = formatLocalTime(toLocalTime(now, computer.timeZone))
  return conditions.flatMap(({ set, occurrence, condition }) => {
    if (!occurrence || !condition) return []
    if (wanted && !wanted.has(condition.status)) return []
    if (!isWholeFound && !find(set.name)) return []
    return toBackupStatus(computer, { backupsetName: set.name, occurrence }, condition, reportDate)
  })
}
