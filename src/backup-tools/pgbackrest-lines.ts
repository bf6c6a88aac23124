import type { ToolOutput } from './backup-tool.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import { toOutputLines } from './output-lines.ts'

/** One line of pgBackRest: of its log, the begin or end of a command in it, the state of its stanzas, or something else. */
export type PgbackrestLine =
  | { kind: 'begin'; command: string; isDry: boolean; version: string }
  | { kind: 'end'; command: string; isDry: boolean; result: string }
  | { kind: 'log'; level: 'error' | 'warning' | 'info'; text: string }
  | { kind: 'stanzas'; stanzas: JsonObject[] }
  | { kind: 'other'; text: string }

// "2026-11-23 07:10:02.394 P00   INFO: "; the time may be left out (--no-log-timestamp), and carries no zone.
const logStart =
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} )?P\d{2,3} {1,3}(ASSERT|ERROR|WARN|INFO|DETAIL|DEBUG|TRACE): (?:\[DRY-RUN\] )?/
// On standard error without time and process.
const errorStart = /^(?:(ASSERT|ERROR): \[\d{3}\]: |(WARN): )(?:\[DRY-RUN\] )?/
const commandBorder = /^([a-z]+(?:-[a-z]+){0,3})(?::[a-z]+)? command (?:begin (\d[\w.]{0,20})|end: (.{1,80}))/

/** The lines of both streams, in order. */
export function readPgbackrestLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): PgbackrestLine[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)].map(readPgbackrestLine)
}

/** Reads one line. */
export function readPgbackrestLine(line: string): PgbackrestLine {
  const start = logStart.exec(line) ?? errorStart.exec(line)
  if (!start) {
    const stanzas = readStanzas(line)
    return stanzas ? { kind: 'stanzas', stanzas } : { kind: 'other', text: line }
  }
  const text = line.slice(start[0].length)
  const [, command, version, result] = commandBorder.exec(text) ?? []
  const isDry = start[0].includes('[DRY-RUN]')
  if (command !== undefined && version !== undefined) return { kind: 'begin', command, isDry, version }
  if (command !== undefined && result !== undefined) return { kind: 'end', command, isDry, result }
  const word = start[1] ?? start[2] ?? ''
  // The text keeps the number of an error: it tells what to look up.
  return { kind: 'log', level: toLevel(word), text: start[1] !== undefined && isPlainError(line) ? line : text }
}

function isPlainError(line: string): boolean {
  return line.startsWith('ERROR: ') || line.startsWith('ASSERT: ')
}

function toLevel(word: string): 'error' | 'warning' | 'info' {
  if (word === 'ERROR' || word === 'ASSERT') return 'error'
  return word === 'WARN' ? 'warning' : 'info'
}

/** The stanzas of `pgbackrest info --output=json`; null for any other line. */
function readStanzas(line: string): JsonObject[] | null {
  if (!line.startsWith('[{')) return null
  const value = parseJsonLine(line)
  if (!Array.isArray(value) || !value.every(isJsonObject)) return null
  const isStanza = (item: JsonObject) =>
    typeof item['name'] === 'string' && Array.isArray(item['backup']) && isJsonObject(item['status'])
  return value.every(isStanza) ? value : null
}
