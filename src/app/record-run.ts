import { randomUUID } from 'node:crypto'
import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import type { Redact } from '../domain/redaction.ts'
import { type ReportedRun, toRunReport } from '../domain/run-report.ts'
import type { Computer } from '../domain/tree.ts'
import type { Store, StoredRun } from './ports.ts'

/** What became of a report that was accepted. */
export type RecordOutcome = { outcome: 'created' | 'updated' | 'repeated'; run: StoredRun }

/** Where reports go, and what takes the secrets out of them before. */
export type Recorder = { store: Store; redact: Redact }

/**
 * Records what a reporter told of a run of a computer, and answers after it is on disk. A report of a known `run_key`
 * updates its run, or changes nothing when the run is known to be further. Throws `invalid` for a report that cannot
 * be, `not-found` for a set that is unknown where no new one may be made, `conflict` for a `run_key` that is
 * taken by a run of another set.
 */
export async function recordRun(
  { store, redact }: Recorder,
  computer: Computer,
  reported: ReportedRun,
  now: Instant,
): Promise<RecordOutcome> {
  const report = toRunReport(reported, now, { newRunKey: randomUUID, redact })
  const { accountId, key, acceptsNewSets, isWatched } = computer
  const place = { accountId, computerKey: key, acceptsNewSets, isWatched }
  const recorded = await store.recordRun(place, report)
  if (recorded.outcome === 'unknown-set') {
    throw new AppError(
      'not-found',
      `backupset_name: computer ${computer.computerId} of ${computer.username} has no backup set ${JSON.stringify(report.backupsetName)}, and none may be made by a report: check the name, or add the set.`,
    )
  }
  if (recorded.outcome === 'other-set') {
    throw new AppError('conflict', `run_key ${report.runKey} is that of a run of another backup set.`)
  }
  return recorded
}
