import { join } from 'node:path'
import { isAppError } from '../../domain/app-error.ts'
import { print } from '../admin/print.ts'
import { type AgentOptions, readReportingSettings, readSpoolSettingsOf } from '../run/agent-settings.ts'
import { openSpool, refusedFolder } from '../spool/spool.ts'
import { spoolFolderHere } from '../spool/spool-folder.ts'
import { describeSpool, type ListedReport } from './describe-spool.ts'

/** Prints what is spooled on this computer. */
export async function listSpool({ json, ...options }: Omit<AgentOptions, 'env'> & { json?: true }): Promise<void> {
  const settings = await readSpoolSettingsOf(process.env)
  const spool = await openSpool(spoolFolderHere(settings.folder, process.env))
  const { reports, refused } = await describeSpool(spool, await presentKey(options))
  if (json) {
    print(JSON.stringify(reports))
    return
  }
  if (reports.length === 0) print(`Nothing is spooled in ${spool.folder}.`)
  else print(await toTable(reports))
  const aside = refused === 1 ? '1 report was' : `${refused} reports were`
  if (refused > 0) print(`${aside} refused or damaged: see ${join(spool.folder, refusedFolder)}.`)
}

/** The list is shown also where no server is set. */
async function presentKey(options: Omit<AgentOptions, 'env'>): Promise<string | undefined> {
  try {
    return (await readReportingSettings({ ...options, env: process.env })).agent.key
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    return undefined
  }
}

async function toTable(reports: ListedReport[]): Promise<string> {
  const { toTable } = await import('../admin/tables.ts')
  return toTable(
    reports.map(({ spooled_at, kind, set, bytes, key, reason }) => ({
      spooled_at,
      report: kind,
      set,
      bytes,
      key,
      kept_because: reason,
    })),
  )
}
