import { backUpSqlite } from '../../storage/sqlite-backup.ts'
import type { AdminOptions } from '../admin/options.ts'
import { print } from '../admin/print.ts'
import { openStepLines, toDurationText } from './step-lines.ts'

/** What `lastgood db backup` may be told besides the file. */
export type BackUpOptions = AdminOptions & { force?: true; quiet?: true }

/** Backs an SQLite file up and tells how it went. */
export async function backUp(database: string, file: string, { force, quiet, json }: BackUpOptions): Promise<void> {
  const startedAt = performance.now()
  const lines = openStepLines(Boolean(quiet))
  const bytes = await backUpSqlite({
    from: database,
    to: file,
    mayReplace: Boolean(force),
    tell: fraction => lines.step(`copying ${database}`, fraction),
  }).finally(() => lines.close())
  const ms = performance.now() - startedAt
  if (json) print(JSON.stringify({ file, bytes, seconds: Number((ms / 1_000).toFixed(3)) }))
  else if (!quiet) {
    print(`Backed up ${database} to ${file}: ${bytes.toLocaleString('en-US')} bytes in ${toDurationText(ms)}, checked.`)
  }
}
