import type { ToolOutput } from './backup-tool.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import { toOutputLines } from './output-lines.ts'

/** How bad rclone calls a line; `fatal` is the last line, which says why the whole command failed. */
export type RcloneLevel = 'fatal' | 'error' | 'notice' | 'info' | 'debug'

/** One log entry of rclone, in JSON or in text, or one line of plain text between them. */
export type RcloneLine = {
  level: RcloneLevel | null
  /** What it says, line by line: the statistics stand in one entry of many lines. */
  words: readonly string[]
  /** The file or the storage system that it is about; null in text, where it stands before the message. */
  object: string | null
  /** The record, when it is JSON. */
  record: JsonObject | null
}

/** NOTICE is written as `warning`, and as `notice` by newer versions. */
const jsonLevels = new Map<unknown, RcloneLevel>([
  ['debug', 'debug'],
  ['info', 'info'],
  ['notice', 'notice'],
  ['warning', 'notice'],
  ['error', 'error'],
  ['critical', 'fatal'],
  ['alert', 'fatal'],
  ['emergency', 'fatal'],
])

const textLevels = new Map<string, RcloneLevel>([
  ['DEBUG', 'debug'],
  ['INFO', 'info'],
  ['NOTICE', 'notice'],
  ['ERROR', 'error'],
  ['CRITICAL', 'fatal'],
  ['ALERT', 'fatal'],
  ['EMERGENCY', 'fatal'],
])

const logLine = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (DEBUG|INFO|NOTICE|ERROR|CRITICAL|ALERT|EMERGENCY) *:(?: (.*))?$/
const lastLine = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d ((?:Failed to |Fatal error: ).*)$/
const usageLine = /^(?:Error: unknown (?:flag|shorthand flag|command)\b|Command \w+ needs \d+ arguments? )/

/** The entries and lines of both streams, in order. */
export function readRcloneLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): RcloneLine[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)].map(readRcloneLine)
}

/** Reads one line. */
export function readRcloneLine(text: string): RcloneLine {
  const record = text.startsWith('{') ? parseJsonLine(text) : undefined
  if (isJsonObject(record) && isEntry(record)) {
    const { level, msg, object } = record
    const words = typeof msg === 'string' ? toOutputLines(msg) : []
    return {
      level: jsonLevels.get(level) ?? 'error',
      words,
      object: typeof object === 'string' ? object : null,
      record,
    }
  }
  const [, level, message = ''] = logLine.exec(text) ?? []
  if (level !== undefined)
    return {
      level: levelOf(textLevels.get(level) ?? 'error', null, [message]),
      words: [message],
      object: null,
      record: null,
    }
  const [, reason] = lastLine.exec(text) ?? []
  if (reason !== undefined) return { level: 'fatal', words: [reason], object: null, record: null }
  return { level: usageLine.test(text) ? 'fatal' : null, words: [text], object: null, record: null }
}

/** The last line is a notice since 1.68. */
function levelOf(level: RcloneLevel, object: string | null, words: readonly string[]): RcloneLevel {
  const isLast = level === 'notice' && object === null && /^Failed to \w+(?: with \d+ errors)?: /.test(words[0] ?? '')
  return isLast ? 'fatal' : level
}

function isEntry(record: JsonObject): boolean {
  return typeof record['level'] === 'string' && typeof record['msg'] === 'string' && typeof record['time'] === 'string'
}

/** Whether a line says that something was left undone because of `--dry-run`. */
export function isDryRunLine({ words }: RcloneLine): boolean {
  return words.some(text => / as --dry-run is set\b/.test(text))
}

/** An entry on one line, with what it is about. */
export function toEntryText({ object, words }: RcloneLine): string {
  const text = words.join(' ')
  return object === null || object === '' ? text : `${object}: ${text}`
}
