import type { RunType } from '../domain/run.ts'
import { toCount } from './counts.ts'
import type { WindowsBackupFacts } from './windows-server-backup-facts.ts'

const done =
  /^The (?:backup|recovery|system state backup|system state recovery) operation (?:successfully completed|completed successfully)\.?$/
const doneBadly = /^The (?:backup|recovery) (?:operation|of .{1,200}) completed with (?:warnings|errors)/
const notDone =
  /^(?:The (?:backup |recovery )?operation (?:stopped before completing|ended before completion|failed)|(?:ERROR|Error) - \S)/
const stopped = /^The (?:backup|recovery) operation (?:was|has been) (?:cancell?ed|stopped by the user)/
const partFailed =
  /^(?:The (?:backup|recovery) of .{1,200} (?:failed|did not complete)|Log of files for which (?:backup|recovery) failed:)/
const deleted = /^The operation to delete (?:backups|system state backups) completed/
const listed = /^(?:Version identifier: |No operation is currently in progress)/

/** What `wbadmin` prints, in English: in other languages only its exit status tells. Null when it is not wbadmin's. */
export function readWbadminText(lines: readonly string[]): (WindowsBackupFacts & { troubles: string[] }) | null {
  if (!lines.some(line => /^wbadmin \d\.\d - /.test(line)) && !lines.some(line => done.test(line))) return null
  const has = (...patterns: RegExp[]) => lines.some(line => patterns.some(pattern => pattern.test(line)))
  const troubles = [
    ...new Set(lines.filter(line => [notDone, stopped, partFailed, doneBadly].some(test => test.test(line)))),
  ]
  const volumes = new Set(
    lines.map(line => /^The backup of volume (.{1,200}?) completed/.exec(line)?.[1]).filter(Boolean),
  )
  const found = lines.map(line => /^Found \((\d{1,12})\) files\.$/.exec(line)?.[1]).findLast(Boolean)
  return {
    type: typeOf(lines),
    state: has(stopped)
      ? 'canceled'
      : has(notDone)
        ? 'failed'
        : has(done, doneBadly, deleted, listed)
          ? 'finished'
          : null,
    isAmiss: has(doneBadly, partFailed),
    // The count begins anew with each volume.
    files: found !== undefined && volumes.size === 1 ? toCount(Number(found)) : null,
    bytes: null,
    startedAt: null,
    endedAt: null,
    reason: null,
    troubles,
  }
}

function typeOf(lines: readonly string[]): RunType {
  const has = (pattern: RegExp) => lines.some(line => pattern.test(line))
  if (has(/^(?:The backup operation |This will back up |Starting a backup\b|The system state backup )/)) return 'backup'
  if (
    has(/^(?:The recovery operation |The system state recovery |Successfully recovered |You have chosen to recover )/)
  )
    return 'restore'
  if (has(deleted)) return 'delete'
  return has(listed) ? 'maintenance' : 'backup'
}
