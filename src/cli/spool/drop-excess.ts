import { isAppError } from '../../domain/app-error.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Ledger } from './ledger.ts'
import { deriveDrops, type Drop, type SpoolLimits } from './limits.ts'
import { withoutOutput } from './report.ts'
import type { Spool } from './spool.ts'

/** What was put aside may take this share of the limit. */
const refusedShare = 0.25

/** Keeps the spool within its limits, for whoever has its lock, and counts in the ledger what that cost. */
export async function dropExcess(spool: Spool, ledger: Ledger, limits: SpoolLimits, now: Instant): Promise<void> {
  for (const drop of deriveDrops(await spool.measure(), limits, now)) {
    if (drop.what === 'report') {
      await spool.remove(drop.name)
      ledger.dropped[drop.kind] += 1
    } else if (await dropOutput(spool, drop)) {
      ledger.dropped.logs += 1
    }
  }
  // These were told when they were put aside, and are alike.
  const refusedLimits = { ...limits, mostBytes: limits.mostBytes * refusedShare }
  const refused = (await spool.measure('refused')).map(file => ({ ...file, kind: 'start' as const }))
  for (const { name } of deriveDrops(refused, refusedLimits, now)) await spool.remove(name, 'refused')
}

async function dropOutput(spool: Spool, { name }: Drop): Promise<boolean> {
  try {
    const report = await spool.read(name)
    if (report) await spool.replace(name, { ...report, ...withoutOutput(report) })
    return report !== undefined
  } catch (error) {
    // Damaged: delivering puts it aside.
    if (!isAppError(error, 'invalid')) throw error
    return false
  }
}
