import { setTimeout } from 'node:timers/promises'
import { copyDatabase, type CopyResult, type CopyStep } from '../../storage/copy/copy-database.ts'
import { print } from '../admin/print.ts'
import { toShownDatabase } from '../serve/shown-database.ts'
import { openStepLines, type StepLines, toDurationText } from './step-lines.ts'

/** What `lastgood db copy` may be told besides the two databases. */
export type CopyOptions = { force?: true; quiet?: true; json?: true }

/** Copies a database into another and tells how it goes. */
export async function copy(from: string, to: string, { force, quiet, json }: CopyOptions): Promise<void> {
  const startedAt = performance.now()
  const lines = openStepLines(Boolean(quiet))
  const result = await tellCopy(lines, from, to, Boolean(force)).finally(() => lines.close())
  const ms = performance.now() - startedAt
  if (json) print(JSON.stringify(toJson(result, { from, to, ms })))
  else if (!quiet) print(toText(result, { to, ms }))
}

function tellCopy(lines: StepLines, from: string, to: string, isForced: boolean): Promise<CopyResult> {
  return copyDatabase({
    from: { database: from, shown: toShownDatabase(from) },
    to: { database: to, shown: toShownDatabase(to) },
    isForced,
    awaitPulse: waitForPulse(lines),
    tell: tellStep(lines),
  })
}

const longestPulseMs = 7_000
const askedEveryMs = 500

/** A server says every 5 seconds that it is awake. */
function waitForPulse(lines: StepLines): () => Promise<boolean> {
  let waitedMs = 0
  return async () => {
    if (waitedMs >= longestPulseMs) return false
    if (waitedMs === 0) lines.say('A server was awake a moment ago: looking for 7 seconds whether one still runs.')
    waitedMs += askedEveryMs
    await setTimeout(askedEveryMs)
    return true
  }
}

const verbs = { copying: 'copied', verifying: 'verified' } as const

function tellStep(lines: StepLines): (step: CopyStep) => void {
  return ({ phase, table, done, total, allDone, allTotal }) => {
    const half = allTotal === 0 ? 0.5 : allDone / allTotal / 2
    const fraction = Math.min(1, phase === 'copying' ? half : 0.5 + half)
    lines.step(`${phase} ${table}: ${toCount(done)} of ${toCount(total)}`, fraction)
    if (done === total && total > 0) lines.say(`${table}: ${toCount(total)} rows ${verbs[phase]}`)
  }
}

function toCount(count: number): string {
  return count.toLocaleString('en-US')
}

type Facts = { from: string; to: string; ms: number }

function toJson({ tables, replaced, isResumed }: CopyResult, { from, to, ms }: Facts): object {
  return {
    from: toShownDatabase(from),
    to: toShownDatabase(to),
    resumed: isResumed,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    rows_with_nul_replaced: replaced,
    seconds: Number((ms / 1_000).toFixed(3)),
    tables,
  }
}

function toText({ tables, replaced }: CopyResult, { to, ms }: Omit<Facts, 'from'>): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const nul =
    replaced === 0
      ? ''
      : `\nIn ${toCount(replaced)} of them a NUL character, which PostgreSQL cannot hold, is now U+FFFD.`
  return `Copied and verified ${toCount(rows)} rows of ${tables.length} tables in ${toDurationText(ms)}.${nul}
Serve the copy with LASTGOOD_DATABASE_URL=${toShownDatabase(to)}; what it was copied from is as it was.`
}
