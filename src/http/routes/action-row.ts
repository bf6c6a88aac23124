import type { StoredRun } from '../../app/ports.ts'
import { deriveRunCondition } from '../../domain/condition.ts'
import type { Computer } from '../../domain/tree.ts'
import { type ActionHistory, toActionHistory } from '../../wire/action-history.ts'
import type { Call } from '../operation.ts'

/** The row of one run of a computer, judged by the policy of its partner now. */
export async function toActionRow(
  { facts: { directory, version }, now }: Pick<Call, 'facts' | 'now'>,
  computer: Computer,
  run: StoredRun,
): Promise<ActionHistory> {
  const policy = await directory.policyOf(version, computer.partnerPath)
  return toActionHistory(computer, run, deriveRunCondition(run, run.startedAt + run.runLimitMs, now, policy))
}
