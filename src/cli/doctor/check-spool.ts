import { existsSync } from 'node:fs'
import { isAppError } from '../../domain/app-error.ts'
import { describeSpool } from '../flush/describe-spool.ts'
import { readSpoolSettingsOf } from '../run/agent-settings.ts'
import { openSpool } from '../spool/spool.ts'
import { spoolFolderHere } from '../spool/spool-folder.ts'
import { type Check, fail, ok, warn } from './check.ts'

/** What `lastgood run` has kept on this computer because the server did not take it; nothing where it never ran. */
export async function checkSpool(environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const { folder: named } = await readSpoolSettingsOf(environment)
  const folder = spoolFolderHere(named, environment)
  if (!existsSync(folder)) return []
  try {
    const { reports, refused } = await describeSpool(await openSpool(folder), undefined)
    const [oldest] = reports
    const aside = refused === 0 ? '' : ` ${refused} were refused or damaged, and lie in its folder "refused".`
    if (!oldest)
      return [refused === 0 ? ok('spool', 'Every report of a run was delivered.') : warn('spool', aside.trim())]
    const count = reports.length === 1 ? '1 report is' : `${reports.length} reports are`
    return [warn('spool', `${count} spooled in ${folder}, since ${oldest.spooled_at}: run lastgood flush.${aside}`)]
  } catch (error) {
    if (!isAppError(error)) throw error
    return [fail('spool', error.message)]
  }
}
