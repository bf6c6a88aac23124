import { type Static, Type } from 'typebox'
import { type Condition, conditionStatuses } from '../domain/condition.ts'
import { hasEnded, type RunFacts } from '../domain/run.ts'
import { type RowComputer, toDateText } from './backup-status.ts'
import { conditionTypeNames, wirePlugins, wireStates, wireStatusNames, wireTypes } from './constants.ts'
import { Constant, Count, DateText } from './schema.ts'

/** One run (vendor's page "Action History"). */
export const ActionHistory = Type.Object(
  {
    action_id: Count(),
    username: Type.String(),
    computer_id: Type.String(),
    type: Constant(Object.values(wireTypes)),
    backupset_name: Type.String({ description: 'Empty unless the type is BACKUP.' }),
    plugin: Constant(Object.values(wirePlugins)),
    status: Constant(wireStatusNames),
    local_start: DateText(),
    local_end: DateText({ description: 'Empty while the run has not ended.' }),
    total_files: Count(),
    processed_files: Count(),
    bytes: Count(),
    condition_status: Constant(conditionStatuses),
    condition_types: Type.Array(Constant(conditionTypeNames, { xml: { name: 'condition_type' } })),
    errors: Count(),
    warnings: Count(),
  },
  { title: 'ActionHistory', xml: { name: 'action' } },
)

export type ActionHistory = Static<typeof ActionHistory>

/** The row of one run, judged. What a reporter did not say is 0 here. */
export function toActionHistory(
  computer: RowComputer,
  run: RunFacts & { id: number; backupsetName: string | null },
  condition: Condition,
): ActionHistory {
  return {
    action_id: run.id,
    username: computer.username,
    computer_id: computer.computerId,
    type: wireTypes[run.type],
    backupset_name: run.type === 'backup' ? (run.backupsetName ?? '') : '',
    plugin: wirePlugins[run.plugin],
    status: wireStates[run.state],
    local_start: toDateText(run.startedAt, run.startedOffset, computer.timeZone),
    local_end: hasEnded(run) ? toDateText(run.updatedAt, run.updatedOffset, computer.timeZone) : '',
    total_files: run.totalFiles ?? 0,
    processed_files: run.processedFiles ?? 0,
    bytes: run.bytes ?? 0,
    condition_status: condition.status,
    condition_types: condition.types,
    errors: run.errors,
    warnings: run.warnings,
  }
}
