import type { Operation } from '../operation.ts'
import { backtestBackupSet } from './backtest.ts'
import { listConditionChanges } from './condition-changes.ts'
import { explainBackupSet } from './explain.ts'
import { previewScheduleText } from './schedule-preview.ts'

/** Every operation of the API, in the order of its documentation. */
export const operations: readonly Operation[] = [
  explainBackupSet,
  listConditionChanges,
  backtestBackupSet,
  previewScheduleText,
]
