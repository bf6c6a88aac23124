import { inject } from 'vitest'
import { openStore } from '../../../src/storage/store.ts'
import type { RunCounts } from '../../../src/domain/run.ts'
import type { Computer } from '../../../src/domain/tree.ts'

/** The database of the server that all reports go to, opened once for a file of tests. */
export const store = await openStore(inject('serverDatabase'))

/** How a backup set stands: by the report of the server, and by the facts of its newest run. */
export type Standing = RunCounts & {
  status: string
  types: string[]
  errors: number
  warnings: number
  /** The tool whose adapter read it, and its version where the output tells it. */
  tool: string | null
}

type ReportRow = Omit<Standing, 'tool' | keyof RunCounts> & {
  backupset_name: string
  condition_status: string
  condition_types: string[]
}

/** Asks the server how a set of a computer stands. Throws when nothing was reported for it. */
export async function readStanding(computer: Computer, agentKey: string, name: string): Promise<Standing> {
  const url = `${inject('serverUrl')}/v1/accounts/${computer.username}/computers/${computer.computerId}/reports/backup_status`
  const answer = await fetch(url, { headers: { authorization: `Bearer ${agentKey}` } })
  const { list } = (await answer.json()) as { list: ReportRow[] }
  const row = list.find(({ backupset_name }) => backupset_name === name)
  const set = await store.findBackupSet(computer.accountId, computer.key, name)
  const [run] = set ? await store.listBackupRuns(set.accountId, set.id, 0, 1) : []
  if (!row || !run) throw new Error(`No backup of the set ${name} was reported.`)
  const { totalFiles, processedFiles, newFiles, bytes, tool } = run
  const { condition_status: status, condition_types: types, errors, warnings } = row
  return { status, types, errors, warnings, tool, totalFiles, processedFiles, newFiles, bytes }
}
