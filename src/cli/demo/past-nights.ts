import { recordRun } from '../../app/record-run.ts'
import type { Store } from '../../app/ports.ts'
import { days, hours, type Instant, minutes } from '../../domain/instant.ts'
import { toLocalTime } from '../../domain/local-time.ts'
import type { RunMessage, RunState } from '../../domain/run.ts'
import type { Computer } from '../../domain/tree.ts'

const nights = 90

/** How a night of the past went; most went well. */
type Night = { state: RunState; errors: number; warnings: number; messages: RunMessage[] }

/**
 * Records ninety nights of a backup set as they would have been recorded then, and has each judged: most were good, some
 * brought warnings, in one week the disk was full, and of two nights nothing was heard. What is reported today of long ago
 * would be the past of no day.
 */
export async function recordPastNights(
  store: Store,
  { computer, set, now }: { computer: Computer; set: string; now: Instant },
): Promise<void> {
  for (let ago = nights; ago >= 2; ago -= 1) {
    const night = nightOf(ago)
    if (!night) continue
    const startedAt = now - days(ago) - hours(9)
    const endedAt = startedAt + minutes(50 + (ago % 7) * 4)
    const files = 48_300 - ago * 12
    await recordRun(
      { store, redact: text => text },
      computer,
      {
        ...night,
        runKey: null,
        type: 'backup',
        backupsetName: set,
        plugin: null,
        startedAt: toLocalTime(startedAt, computer.timeZone),
        endedAt: toLocalTime(endedAt, computer.timeZone),
        totalFiles: files,
        processedFiles: files,
        newFiles: 200 + (ago % 9) * 31,
        bytes: 790_000_000 + (ago % 11) * 9_000_000,
        exitStatus: null,
        tool: null,
        log: '',
      },
      endedAt,
    )
    while ((await store.judge({ now: endedAt, catchUpMs: 0 })).hasMore);
  }
}

function nightOf(ago: number): Night | undefined {
  if (ago === 40 || ago === 41) return undefined
  if (ago >= 61 && ago <= 63) return nightWith('error', 'no space left on device')
  if (ago % 17 === 0) return nightWith('warning', 'orders.mdb: locked, skipped')
  return { state: 'finished', errors: 0, warnings: 0, messages: [] }
}

function nightWith(level: 'error' | 'warning', text: string): Night {
  const [errors, warnings] = level === 'error' ? [1, 0] : [0, 1]
  return { state: 'finished', errors, warnings, messages: [{ level, text }] }
}
