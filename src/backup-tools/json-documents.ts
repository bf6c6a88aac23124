import { parseJsonLine } from './json-text.ts'

/** What an output holds in JSON, each document in order, and the lines that are none. */
export type JsonDocuments = { documents: unknown[]; texts: string[] }

const closers = new Map([
  ['{', '}'],
  ['[', ']'],
])

/**
 * The JSON documents between the lines of an output: each in a line of its own, or laid out over many, of which only the
 * first and the last begin at the margin. A document that was cut off is text. Takes time in proportion to the text.
 */
export function readJsonDocuments(lines: readonly string[]): JsonDocuments {
  const read: JsonDocuments = { documents: [], texts: [] }
  let open: string[] = []
  for (const line of lines) {
    const [first] = open
    if (first !== undefined && line === closers.get(first.charAt(0))) {
      addDocument(read, [...open, line])
      open = []
      continue
    }
    const begins = closers.has(line.charAt(0))
    if (first !== undefined && !begins) {
      open.push(line)
      continue
    }
    addTexts(read, open)
    open = []
    // Parsing what cannot be whole costs an exception.
    const value = begins && line.endsWith(closers.get(line.charAt(0)) ?? '') ? parseJsonLine(line) : undefined
    if (value !== undefined) read.documents.push(value)
    else if (begins) open = [line]
    else read.texts.push(line)
  }
  return { documents: read.documents, texts: [...read.texts, ...open] }
}

/** Whether a line is one of a document laid out over many lines, as far as a line alone can tell. */
export function isLaidOutJson(line: string): boolean {
  return /^(?:[{}[\]]+,?$| {1,80}(?:["{}[\]]|-?\d|true\b|false\b|null\b))/.test(line)
}

function addDocument(read: JsonDocuments, lines: readonly string[]): void {
  const value = parseJsonLine(lines.join('\n'))
  if (value === undefined) addTexts(read, lines)
  else read.documents.push(value)
}

function addTexts({ texts }: JsonDocuments, lines: readonly string[]): void {
  // One by one: an argument list has no room for all lines of a long output.
  for (const line of lines) texts.push(line)
}
