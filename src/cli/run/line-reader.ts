import { splitOutput } from '../../backup-tools/output-lines.ts'

/** Reads lines from bytes; `end` ends the last one. */
export type LineReader = { add(bytes: Buffer): void; end(): void }

/** Of a line that is longer only the beginning is read. */
export const longestLine = 64 * 1024

const [lineFeed, carriageReturn] = [0x0a, 0x0d]

/**
 * Calls `take` with every line, as `toOutputLines` has it, the empty ones too, and of one that is too long with its
 * beginning. Archives and compressed data have no lines. Holds back no more than one line.
 */
export function buildLineReader(take: (line: string, isWhole: boolean) => void): LineReader {
  let carry = Buffer.alloc(0)
  let isTooLong = false

  function takeAll(bytes: Buffer): void {
    if (isData(bytes)) return
    for (const line of splitOutput(bytes.toString('utf8'))) {
      if (line.length <= longestLine) take(line, true)
      else take(line.slice(0, longestLine), false)
    }
  }

  function takeTooLong(): void {
    if (!isData(carry)) take(carry.toString('utf8', 0, longestLine), false)
    isTooLong = false
    carry = Buffer.alloc(0)
  }

  function hold(bytes: Buffer): void {
    if (isTooLong) return
    carry = Buffer.concat([carry, bytes])
    isTooLong = carry.length > longestLine
  }

  return {
    add(bytes) {
      const end = lastLineEnd(bytes)
      if (end < 0) return hold(bytes)
      const first = isTooLong ? firstLineEnd(bytes) + 1 : 0
      if (isTooLong) takeTooLong()
      if (first <= end) takeAll(Buffer.concat([carry, bytes.subarray(first, end)]))
      // Copied, because otherwise a short line keeps all the bytes alive that it came with.
      carry = Buffer.from(bytes.subarray(end + 1))
    },
    end() {
      if (isTooLong) takeTooLong()
      else if (carry.length > 0) takeAll(carry)
      carry = Buffer.alloc(0)
    },
  }
}

const fewZeros = 64

/** Whether bytes are those of an archive or of compressed data: no tool writes so many zeros between its lines. */
function isData(bytes: Buffer): boolean {
  let zeros = 0
  for (let at = bytes.indexOf(0); at >= 0 && zeros < fewZeros; at = bytes.indexOf(0, at + 1)) zeros += 1
  return zeros >= fewZeros
}

function lastLineEnd(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn))
}

function firstLineEnd(bytes: Buffer): number {
  return Math.min(...[bytes.indexOf(lineFeed), bytes.indexOf(carriageReturn)].filter(end => end >= 0))
}
