import type { LocalTime } from '../domain/local-time.ts'
import { toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import type { PgbackrestLine } from './pgbackrest-lines.ts'
import type { Trouble } from './sql-reading.ts'

/** A backup as `pgbackrest info --output=json` tells it: times are seconds since 1970, bytes those the repository got. */
export type PgbackrestBackup = {
  label: string
  startedAt: LocalTime | null
  endedAt: LocalTime | null
  bytes: number | null
}

type Info = {
  /** Whether there is an answer of `info` at all. */
  isTold: boolean
  /** The backups that were made, in the order of the answer; none when it is not known which. */
  backups: PgbackrestBackup[]
  troubles: Trouble[]
}

/**
 * What `info --output=json` says: of the backups `made` and their stanzas, or, where `made` is null, of every stanza. A
 * status other than 0 is an error, a backup with `error` (invalid page checksums) a warning.
 * Source: pgBackRest Command Reference, "info".
 */
export function readPgbackrestInfo(lines: readonly PgbackrestLine[], made: ReadonlySet<string> | null): Info {
  const stanzas = lines.flatMap(line => (line.kind === 'stanzas' ? line.stanzas : []))
  const isMade = (backup: JsonObject) => made === null || made.has(labelOf(backup))
  const told = stanzas
    .map(stanza => ({ stanza, backups: backupsOf(stanza).filter(isMade) }))
    .filter(({ backups }) => made === null || backups.length > 0)
  return {
    isTold: stanzas.length > 0,
    backups: made === null ? [] : told.flatMap(({ backups }) => backups.map(toBackup)),
    troubles: told.flatMap(({ stanza, backups }) => [
      ...statusTroubles(stanza),
      ...backups.filter(backup => backup['error'] === true).map(toErrorTrouble),
    ]),
  }
}

function backupsOf({ backup }: JsonObject): JsonObject[] {
  return Array.isArray(backup) ? backup.filter(isJsonObject) : []
}

function labelOf({ label }: JsonObject): string {
  return typeof label === 'string' ? label : ''
}

function toBackup(backup: JsonObject): PgbackrestBackup {
  const { timestamp, info } = backup
  const repository = isJsonObject(info) ? info['repository'] : null
  return {
    label: labelOf(backup),
    startedAt: isJsonObject(timestamp) ? toTime(timestamp['start']) : null,
    endedAt: isJsonObject(timestamp) ? toTime(timestamp['stop']) : null,
    bytes: isJsonObject(repository) ? toCount(repository['delta']) : null,
  }
}

// The end of the year 9999: no backup is later, and no format of a time holds more.
const lastSecond = 253_402_300_799

function toTime(seconds: unknown): LocalTime | null {
  const count = toCount(seconds)
  return count === null || count > lastSecond ? null : { at: count * 1_000, offsetMinutes: 0 }
}

function statusTroubles({ name, status }: JsonObject): Trouble[] {
  if (!isJsonObject(status) || status['code'] === 0) return []
  const { message } = status
  const text = `Stanza ${String(name)}: ${typeof message === 'string' ? message : 'its status is not known'}`
  return [{ level: 'error', text, details: [] }]
}

function toErrorTrouble(backup: JsonObject): Trouble {
  const text = `The backup ${labelOf(backup)} has errors: invalid page checksums.`
  return { level: 'warning', text, details: [] }
}
