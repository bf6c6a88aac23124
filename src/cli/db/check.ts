import { checkWholeDatabase } from '../../storage/check/check-database.ts'
import { print } from '../admin/print.ts'
import { toShownDatabase } from '../serve/shown-database.ts'
import { openStepLines, toDurationText } from './step-lines.ts'

/** What `lastgood db check` may be told besides the database. */
export type CheckOptions = { quiet?: true; json?: true }

/** Checks a database and tells what is wrong with it; answers the exit status. */
export async function check(database: string, { quiet, json }: CheckOptions): Promise<number> {
  const startedAt = performance.now()
  const shown = toShownDatabase(database)
  const lines = openStepLines(Boolean(quiet))
  const problems = await checkWholeDatabase({
    database,
    shown,
    tell: (what, fraction) => lines.step(`checking ${what}`, fraction),
  }).finally(() => lines.close())
  const ms = performance.now() - startedAt
  const seconds = Number((ms / 1_000).toFixed(3))
  if (json) print(JSON.stringify({ database: shown, fine: problems.length === 0, seconds, problems }))
  else if (problems.length > 0)
    print(problems.map(({ check: what, message }) => `✖ ${what.padEnd(10)}  ${message}`).join('\n'))
  else if (!quiet) print(`✔ ${shown} is as it should be; looking took ${toDurationText(ms)}.`)
  return problems.length === 0 ? 0 : 1
}
