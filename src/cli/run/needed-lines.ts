import type { NeedingTool } from '../../backup-tools/tools-of-program.ts'
import { buildBoundedLines, type PlacedLine, sizeOf } from './bounded-lines.ts'
import { buildLineReader } from './line-reader.ts'

/** The lines of an output that are worth keeping, picked from bytes that are not kept otherwise. */
export type NeededLines = {
  /** Takes the next bytes. They need not end with a line. */
  add(bytes: Buffer): void
  /** Ends the last line, and answers what was kept. */
  end(): KeptLines
}

export type KeptLines = {
  /** Up to where lines were left out that a tool needs, and from there on; all are in `before` when none were. */
  before: readonly string[]
  after: readonly string[]
  /** How many lines were left out that a tool needs. */
  leftOut: number
}

const judgedLength = 8 * 1024
const neededBytesEach = 48 * 1024
const tellingBytesEach = 16 * 1024
const newestBytes = 32 * 1024

/** What people look for in a log, whatever wrote it. No adapter needs these lines: they are kept as far as there is room. */
const telling =
  /\b(?:abort(?:ed|ing)?|can(?:not|'t)|corrupt\w*|denied|errors?|exception|fail(?:ed|ures?)?|fatal|invalid|killed|no space|panic|refused|timed? ?out|traceback|warn(?:ing)?s?)\b/i

/** Picks the lines that one of `tools` needs, and, as far as there is room, others that tell of trouble. */
export function buildNeededLines(tools: readonly NeedingTool[]): NeededLines {
  const needed = buildBoundedLines(neededBytesEach)
  const others = buildBoundedLines(tellingBytesEach)
  const newest = new Map<string, PlacedLine>()
  let at = 0
  let tooLong = 0
  let unneeded = ''
  let before: 'a needed line' | 'an empty line after it' | 'something else' = 'something else'

  function judge(line: string, isWhole: boolean): void {
    at += 1
    if (line === unneeded && line !== '') return
    if (line === '') {
      if (before === 'a needed line') before = 'an empty line after it'
      return
    }
    const beginning = line.slice(0, judgedLength)
    const need = needOf(beginning, tools)
    // Some tools are told from others by their empty lines.
    const text = need === 'each' && before === 'an empty line after it' ? `\n${line}` : line
    before = need === 'each' ? 'a needed line' : 'something else'
    if (need === 'each' && !isWhole) tooLong += 1
    else if (need === 'each') needed.add({ at, text })
    else if (need !== null && line.length <= judgedLength) newest.set(need, { at, text })
    else if (telling.test(beginning)) others.add({ at, text: beginning })
    else unneeded = line
  }

  const lines = buildLineReader(judge)
  return {
    add: bytes => lines.add(bytes),
    end() {
      lines.end()
      const leftOut = needed.leftOut() + tooLong
      const all = [
        ...needed.first,
        ...needed.newest(),
        ...others.first,
        ...others.newest(),
        ...latestOf([...newest.values()]),
      ]
      const border = leftOut > 0 ? (needed.first.at(-1)?.at ?? 0) : Infinity
      const inOrder = all.toSorted((one, other) => one.at - other.at)
      return {
        before: inOrder.filter(line => line.at <= border).map(line => line.text),
        after: inOrder.filter(line => line.at > border).map(line => line.text),
        leftOut,
      }
    },
  }
}

/** The latest of `lines` that there is room for. */
function latestOf(lines: readonly PlacedLine[]): PlacedLine[] {
  let room = newestBytes
  return lines
    .toSorted((one, other) => other.at - one.at)
    .filter(line => {
      room -= sizeOf(line)
      return room >= 0
    })
}

/** `each`, the name of the kind of which the newest is enough, or null. */
function needOf(line: string, tools: readonly NeedingTool[]): string | null {
  let newest: string | null = null
  for (const tool of tools) {
    const need = tool.needs(line)
    if (need === 'each') return need
    if (need !== null) newest ??= `${tool.name} ${need}`
  }
  return newest
}
