import type { LocalTime } from '../domain/local-time.ts'
import { toCount } from './counts.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import type { Trouble } from './sql-reading.ts'
import { readZonedTime } from './zoned-time.ts'

/** A backup of `wal-g backup-list --detail --json`. */
export type WalgBackup = {
  name: string
  startedAt: LocalTime | null
  endedAt: LocalTime | null
  bytes: number | null
}

type WalgDocuments = { isTold: boolean; backups: WalgBackup[]; verdicts: Trouble[] }

/** Reads the one-line documents of `backup-list --json` and `wal-verify --json` among the lines of a log. */
export function readWalgDocuments(lines: readonly string[]): WalgDocuments {
  const found: WalgDocuments = { isTold: false, backups: [], verdicts: [] }
  for (const line of lines) {
    if (!line.startsWith('[{"') && !line.startsWith('{"')) continue
    const document = parseJsonLine(line)
    const items = Array.isArray(document) ? document.filter(isJsonObject) : []
    const backups = items.map(toBackup).filter(backup => backup !== null)
    const checks = isJsonObject(document) ? checksOf(document) : []
    found.isTold ||= backups.length > 0 || checks.length > 0
    found.backups.push(...backups)
    found.verdicts.push(...checks.flatMap(toVerdict))
  }
  return found
}

function toBackup(item: JsonObject): WalgBackup | null {
  const { backup_name: name, start_time: start, finish_time: finish, compressed_size: size } = item
  if (typeof name !== 'string') return null
  return { name, startedAt: readZonedTime(start), endedAt: readZonedTime(finish), bytes: toCount(size) }
}

const checkNames = ['integrity', 'timeline'] as const

function checksOf(document: JsonObject): { name: string; status: unknown }[] {
  return checkNames.flatMap(name => {
    const check = document[name]
    return isJsonObject(check) ? [{ name, status: check['status'] }] : []
  })
}

/** What a check says that is not OK: a status that nobody knows is a failure. */
function toVerdict({ name, status }: { name: string; status: unknown }): Trouble[] {
  if (status === 'OK') return []
  const level = status === 'WARNING' ? 'warning' : 'error'
  return [{ level, text: `The check of ${name} says ${String(status)}.`, details: [] }]
}
