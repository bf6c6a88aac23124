import { toCutMark, toNeededMark } from '../../backup-tools/left-out.ts'
import type { KeptLines, NeededLines } from './needed-lines.ts'
import { buildStatusLineFilter } from './status-lines.ts'

/** What is kept of one output stream of a command. */
export type OutputCapture = {
  /** Takes the next bytes. Where it answers a promise, that must resolve before more is added. */
  add(chunk: Buffer): Promise<void> | undefined
  /** What was kept, at the end of the stream. Where something was left out, a line says how many bytes. */
  end(): Buffer
}

/** Loads what picks the lines to keep from the middle of a long output. Never rejects. */
export type LoadNeededLines = () => Promise<NeededLines>

const blockBytes = 64 * 1024
const headBytes = 64 * 1024
const tailBytes = 256 * 1024

/**
 * Keeps less than 500,000 bytes of a stream: about the first 64 KiB and the last 256 KiB of it in whole lines, and of what
 * lies between the lines that an adapter needs to judge the run. What picks those is loaded only when there is something
 * between. Of progress lines of `restic --json` that follow each other the last is kept, and the others not counted.
 */
export function buildOutputCapture(loadNeededLines: LoadNeededLines): OutputCapture {
  const head = buildHead()
  const tail = buildTail()
  let middle: NeededLines | undefined
  let middleBytes = 0

  function passToMiddle(): void {
    for (const block of tail.takeOld()) {
      middleBytes += block.length
      middle?.add(block)
    }
  }

  async function openMiddle(): Promise<void> {
    middle = await loadNeededLines()
    passToMiddle()
  }

  const lines = buildStatusLineFilter(bytes => tail.add(head.add(bytes)))
  return {
    add(chunk) {
      lines.add(chunk)
      if (middle) passToMiddle()
      return middle || !tail.hasOld() ? undefined : openMiddle()
    },
    end() {
      lines.end()
      if (!middle) return Buffer.concat([head.ownBytes(), tail.toBuffer()])
      passToMiddle()
      const { rest, tail: last } = splitTail(tail.toBuffer())
      middle.add(rest)
      const overlap = head.toBuffer().length - head.ownBytes().length
      return joinParts(head.toBuffer(), middle.end(), middleBytes + rest.length - overlap, last)
    },
  }
}

/** Puts together what was kept; `leftOut` bytes are those between `head` and `tail` but for the lines that were kept. */
function joinParts(head: Buffer, middle: KeptLines, middleBytes: number, tail: Buffer): Buffer {
  const { before, after, leftOut } = middle
  const keptBytes = Buffer.byteLength([...before, ...after, ''].join('\n'))
  const bytes = Math.max(0, middleBytes - keptBytes)
  const lines = [
    ...(bytes > 0 ? [toCutMark(bytes)] : []),
    ...before,
    ...(leftOut > 0 ? [toNeededMark(leftOut)] : []),
    ...after,
  ]
  const lineEnd = head.length === 0 || head.at(-1) === newline ? '' : '\n'
  return Buffer.concat([head, Buffer.from(lineEnd + lines.map(line => `${line}\n`).join('')), tail])
}

const newline = 0x0a

/** The whole lines of the first bytes; of a first line that is longer its beginning, which then is a copy. */
function buildHead() {
  let bytes = Buffer.alloc(0)
  let isFull = false
  let isCopy = false
  return {
    /** Answers what is beyond the head. */
    add(more: Buffer): Buffer {
      if (isFull) return more
      bytes = Buffer.concat([bytes, more])
      if (bytes.length <= headBytes) return bytes.subarray(bytes.length)
      isFull = true
      const all = bytes
      const end = all.lastIndexOf(newline, headBytes - 1) + 1
      isCopy = end === 0
      bytes = Buffer.from(all.subarray(0, isCopy ? headBytes : end))
      return all.subarray(end)
    },
    toBuffer: () => bytes,
    /** The bytes of it that are not beyond it, too. */
    ownBytes: () => (isCopy ? Buffer.alloc(0) : bytes),
  }
}

/** The last bytes, in blocks whose borders do not depend on how the bytes came. */
function buildTail() {
  const blocks: Buffer[] = []
  let open = Buffer.alloc(0)
  let openBytes = 0
  let size = 0

  function add(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0) {
      if (openBytes === open.length) openBlock()
      const copied = rest.copy(open, openBytes)
      openBytes += copied
      size += copied
      rest = rest.subarray(copied)
    }
  }

  function openBlock(): void {
    if (openBytes > 0) blocks.push(open)
    open = Buffer.allocUnsafe(blockBytes)
    openBytes = 0
  }

  return {
    add,
    hasOld: () => size - blockBytes >= tailBytes,
    /** Gives up the oldest blocks, as far as enough is left. */
    takeOld(): Buffer[] {
      const old: Buffer[] = []
      while (size - blockBytes >= tailBytes) {
        old.push(...blocks.splice(0, 1))
        size -= blockBytes
      }
      return old
    },
    toBuffer: () => Buffer.concat([...blocks, open.subarray(0, openBytes)]),
  }
}

/** What is too much for the tail, with the rest of the line that it ends in, and the tail. */
function splitTail(bytes: Buffer): { rest: Buffer; tail: Buffer } {
  const first = Math.max(0, bytes.length - tailBytes)
  const lineEnd = bytes.indexOf(newline, Math.max(0, first - 1))
  const from = lineEnd < 0 || lineEnd === bytes.length - 1 ? first : lineEnd + 1
  return { rest: bytes.subarray(0, from), tail: bytes.subarray(from) }
}
