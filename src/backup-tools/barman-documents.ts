import type { LocalTime } from '../domain/local-time.ts'
import { toCount } from './counts.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import { readZonedTime } from './zoned-time.ts'

/** What `barman -f json` says of one backup; times are null where they carry no zone. */
export type BarmanBackup = {
  id: string
  status: string
  startedAt: LocalTime | null
  endedAt: LocalTime | null
  bytes: number | null
}

/** The lines of Barman's output, with the messages of its JSON documents as the lines that they would be in text. */
export type BarmanOutput = { lines: string[]; backups: BarmanBackup[]; isListing: boolean }

/** Reads lines of text, and the one-line documents that `barman -f json` writes, from the lines of both streams. */
export function readBarmanOutput(lines: readonly string[]): BarmanOutput {
  const found: BarmanOutput = { lines: [], backups: [], isListing: false }
  for (const line of lines) {
    const document = line.startsWith('{"') ? parseJsonLine(line) : undefined
    if (!isJsonObject(document)) {
      found.lines.push(line)
      continue
    }
    found.lines.push(...messagesOf(document))
    found.backups.push(...backupsOf(document))
    for (const [server, value] of serversOf(document)) {
      found.lines.push(...checksOf(server, value))
      found.isListing ||= Array.isArray(value) && value.every(isListed)
    }
  }
  return found
}

const messageMembers = [
  ['_INFO', ''],
  ['_WARNING', 'WARNING: '],
  ['_ERROR', 'ERROR: '],
  ['_EXCEPTION', 'EXCEPTION: '],
] as const

function messagesOf(document: JsonObject): string[] {
  return messageMembers.flatMap(([member, start]) => {
    const messages = document[member]
    return Array.isArray(messages) ? messages.filter(isText).map(text => start + text) : []
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** What is said of each server: every member that is no message. */
function serversOf(document: JsonObject): [string, unknown][] {
  return Object.entries(document).filter(([name]) => !name.startsWith('_'))
}

function isListed(value: unknown): boolean {
  return isJsonObject(value) && isText(value['backup_id'])
}

/** The checks of a server as the text of `barman check` shows them. */
function checksOf(server: string, value: unknown): string[] {
  if (!isJsonObject(value)) return []
  const checks = Object.entries(value).flatMap(([name, check]) =>
    isJsonObject(check) && isText(check['status']) && isText(check['hint'])
      ? [`\t${name}: ${check['status']}${check['hint'] === '' ? '' : ` (${check['hint']})`}`]
      : [],
  )
  return checks.length === 0 ? [] : [`Server ${server}:`, ...checks]
}

/** The backups of `show-backup` and `backup`: the first is named by its server, the second is the document itself. */
function backupsOf(document: JsonObject): BarmanBackup[] {
  return [document, ...Object.values(document)].flatMap((value): BarmanBackup[] => {
    if (!isJsonObject(value) || !isText(value['backup_id']) || !isText(value['status'])) return []
    const base = isJsonObject(value['base_backup_information']) ? value['base_backup_information'] : {}
    return [
      {
        id: value['backup_id'],
        status: value['status'],
        startedAt: readZonedTime(base['begin_time']),
        endedAt: readZonedTime(base['end_time']),
        bytes: toCount(base['incremental_size_bytes']) ?? toCount(value['deduplicated_size']),
      },
    ]
  })
}
