import type { ToolOutput } from './backup-tool.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import { toOutputLines } from './output-lines.ts'

/** One line of restic's output: an object or an array in JSON, or plain text, which restic mixes with JSON freely. */
export type ResticLine =
  | { kind: 'message'; message: JsonObject }
  | { kind: 'list'; items: readonly unknown[] }
  | { kind: 'text'; text: string }

const statusStart = '{"message_type":"status"'

/**
 * The lines of both streams, in order. Of the status lines only the last is kept: restic writes up to 60 a second, and
 * each says all that those before it said.
 */
export function readResticLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): ResticLine[] {
  const lines = [...toOutputLines(stdout), ...toOutputLines(stderr)]
  const lastStatus = lines.findLastIndex(line => line.startsWith(statusStart))
  return lines.filter((line, index) => index === lastStatus || !line.startsWith(statusStart)).map(readLine)
}

function readLine(text: string): ResticLine {
  if (!text.startsWith('{') && !text.startsWith('[{') && text !== '[]') return { kind: 'text', text }
  const value = parseJsonLine(text)
  if (Array.isArray(value)) return { kind: 'list', items: value }
  return isJsonObject(value) ? { kind: 'message', message: value } : { kind: 'text', text }
}

/** A test of one line. */
export type LineTest = (line: ResticLine) => boolean

/** Whether a line is plain text that fits one of the `patterns`. */
export function isText(...patterns: RegExp[]): LineTest {
  return line => line.kind === 'text' && patterns.some(pattern => pattern.test(line.text))
}

/** Whether a line is a message of that `message_type` (any, or none, when it is null) that has one of the `members`. */
export function isMessage(type: string | null, ...members: string[]): LineTest {
  return line =>
    line.kind === 'message' &&
    (type === null || line.message['message_type'] === type) &&
    (members.length === 0 || members.some(member => Object.hasOwn(line.message, member)))
}

/** Whether a line is an array of objects that all have every one of the `members`. */
export function isListOf(...members: string[]): LineTest {
  return line =>
    line.kind === 'list' &&
    line.items.length > 0 &&
    line.items.every(item => isJsonObject(item) && members.every(member => Object.hasOwn(item, member)))
}

/** Whether one of the `tests` holds for a line. */
export function isAny(...tests: LineTest[]): LineTest {
  return line => tests.some(test => test(line))
}
