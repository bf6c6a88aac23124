import type { GivenSet } from '../app/backup-sets.ts'
import type { GivenExpectation } from '../app/set-expectation.ts'
import { backupTools, findBackupTool } from '../backup-tools/index.ts'
import { AppError } from '../domain/app-error.ts'
import { type BackupSetChange, type GivenTiming, presencesByWire } from '../wire/backup-set.ts'
import { pluginsByWire } from '../wire/constants.ts'

/** What a body says of a backup set. Throws `invalid` for a backup tool that there is not. */
export function toGivenSet(body: Omit<BackupSetChange, 'name'>): GivenSet {
  const { plugin, enabled, presence, not_seen_days, tool } = body
  return {
    ...toGivenTiming(body),
    plugin: plugin && pluginsByWire[plugin],
    enabled,
    presence: presence && presencesByWire[presence],
    // Null is how a representation says that there is none, which its presence says already.
    notSeenDays: not_seen_days ?? undefined,
    tool: tool === undefined ? undefined : readTool(tool),
  }
}

/** What a body says of when a set is due and how late, long and old its runs may be. */
export function toGivenTiming(body: GivenTiming): Omit<GivenExpectation, 'presence' | 'notSeenDays'> {
  return {
    schedule: body.schedule,
    timeZone: body.time_zone === '' ? null : body.time_zone,
    graceMinutes: body.grace_minutes,
    earlyToleranceMinutes: body.early_tolerance_minutes,
    runLimitMinutes: body.run_limit_minutes,
    rpoMinutes: body.rpo_minutes,
  }
}

function readTool(name: string): string | null {
  if (name === '') return null
  if (findBackupTool(name)) return name
  const known = backupTools.map(tool => tool.name).join(', ')
  throw new AppError(
    'invalid',
    `tool must be one of ${known}, or empty for whichever surely wrote it, not ${JSON.stringify(name.slice(0, 80))}.`,
  )
}
