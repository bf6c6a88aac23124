import { type Condition, deriveRunCondition } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { Facts } from './current-conditions.ts'
import type { ListedRun, RowWindow, RunOrder, RunSelection } from './ports.ts'

/** A run with its computer, judged. */
export type JudgedRun = ListedRun & { condition: Condition }

/**
 * One window of the runs of an account or a computer, each judged by itself, by the policy of the partner now; and how many
 * there are. Whoever goes through the windows from the first on sees every run that was there at the beginning, also while
 * others are added: they can only move a run into a later window, where it may come again. Ordered by start, ascending,
 * no run comes twice as long as those that are added start later than those seen. A run whose start, type or state is
 * changed meanwhile may move into a window that was seen already.
 */
export async function readActionHistory(
  { store, directory, version }: Facts,
  { partnerPath, ...selection }: RunSelection & { partnerPath: string },
  order: RunOrder,
  window: RowWindow,
  now: Instant,
): Promise<{ runs: JudgedRun[]; count: number }> {
  const policy = await directory.policyOf(version, partnerPath)
  const { runs, count } = await store.listRuns(selection, order, window)
  return {
    runs: runs.map(({ run, computer }) => ({
      run,
      computer,
      condition: deriveRunCondition(run, run.startedAt + run.runLimitMs, now, policy),
    })),
    count,
  }
}
