import type { ToolOutput } from './backup-tool.ts'
import { isJsonObject, type JsonObject, parseJsonLine } from './json-text.ts'
import { joinPatterns } from './join-patterns.ts'
import { toOutputLines } from './output-lines.ts'

/**
 * One piece of borg's output: a record of `--log-json`, a document of `--json` (pretty-printed over many lines by borg,
 * several in an array on one line by borgmatic), or a line of plain text.
 */
export type BorgLine = (
  | { kind: 'record'; record: JsonObject }
  | { kind: 'document'; document: JsonObject; isInArray: boolean }
  | { kind: 'text'; text: string }
) & {
  /** What it says in words, line by line: the plain text, or the message of a record. */
  words: readonly string[]
  /** The status letter and path that `--list` writes, in a record or as `A /path`; null for any other piece. */
  status: { letter: string; path: string } | null
}

const recordTypes = new Set([
  'log_message',
  'file_status',
  'archive_progress',
  'progress_message',
  'progress_percent',
  'question_prompt',
  'question_prompt_retry',
  'question_invalid_answer',
  'question_accepted_default',
  'question_accepted_true',
  'question_accepted_false',
  'question_env_answer',
])

/** The pieces of both streams, in order. A document may stand between lines, and a broken one is plain text. */
export function readBorgLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): BorgLine[] {
  return [...readStream(stdout), ...readStream(stderr)]
}

function readStream(text: string): BorgLine[] {
  const pieces: BorgLine[] = []
  let open: string[] | null = null
  for (const line of toOutputLines(text)) {
    // Only the first and the last line of a pretty-printed document are not indented.
    if (line === '{' || line === '[') {
      if (open) pieces.push(...open.map(toText))
      open = [line]
      continue
    }
    if (!open) {
      pieces.push(...readBorgLine(line))
      continue
    }
    if (line === '}' || line === ']') {
      pieces.push(...readDocument([...open, line]))
      open = null
    } else if (line.startsWith(' ')) {
      open.push(line)
    } else {
      pieces.push(...open.map(toText), ...readBorgLine(line))
      open = null
    }
  }
  return open ? [...pieces, ...open.map(toText)] : pieces
}

/** The pieces of one line, which may be part of a document. */
export function readBorgLine(line: string): BorgLine[] {
  if (!line.startsWith('{') && !line.startsWith('[{') && line !== '[]') return [toText(line)]
  const value = readValue(parseJsonLine(line))
  if (value) return value
  // borgmatic ends its array without a line end: what it says next stands on the same line.
  const end = line.startsWith('[') ? line.lastIndexOf('}]') + 2 : 0
  const documents = end > 2 && end < line.length ? readValue(parseJsonLine(line.slice(0, end))) : null
  return documents ? [...documents, toText(line.slice(end))] : [toText(line)]
}

function readDocument(lines: readonly string[]): BorgLine[] {
  return readValue(parseJsonLine(lines.join('\n'))) ?? lines.map(toText)
}

function readValue(value: unknown): BorgLine[] | null {
  if (Array.isArray(value)) {
    if (!value.every(isJsonObject)) return null
    return value.map(document => ({ kind: 'document', document, isInArray: true, words: [], status: null }))
  }
  if (!isJsonObject(value)) return null
  const { type } = value
  const isRecord = typeof type === 'string' && recordTypes.has(type)
  if (!isRecord) return [{ kind: 'document', document: value, isInArray: false, words: [], status: null }]
  const words = type === 'log_message' && typeof value['message'] === 'string' ? toOutputLines(value['message']) : []
  return [{ kind: 'record', record: value, words, status: type === 'file_status' ? statusInRecord(value) : null }]
}

function toText(text: string): BorgLine {
  return { kind: 'text', text, words: [text], status: statusInText(text) }
}

/** A test of one piece. */
export type BorgTest = (line: BorgLine) => boolean

/** Whether a line of a piece, in plain text or in the message of a record, fits one of the `patterns`. */
export function says(...patterns: RegExp[]): BorgTest {
  const pattern = joinPatterns(patterns)
  return line => line.words.some(words => pattern.test(words))
}

/** Whether a piece is a record of that type. */
export function isRecord(type: string): BorgTest {
  return line => line.kind === 'record' && line.record['type'] === type
}

/** A document of `borg create --json`: it tells of one archive that was made, and of its numbers. */
export function archiveOf(line: BorgLine): JsonObject | null {
  if (line.kind !== 'document') return null
  const { archive, repository } = line.document
  return isJsonObject(archive) && isJsonObject(archive['stats']) && isJsonObject(repository) ? archive : null
}

function statusInRecord({ status, path }: JsonObject): BorgLine['status'] {
  return typeof status === 'string' ? { letter: status, path: typeof path === 'string' ? path : '' } : null
}

function statusInText(text: string): BorgLine['status'] {
  const [, letter, path] = /^([AMUCEdshbcfix+?-]) (\/.*|[^ ].*\/.*)$/.exec(text) ?? []
  return letter === undefined || path === undefined ? null : { letter, path }
}
