import { withoutCutEnd, withoutCutStart } from '../../domain/cut.ts'

/** What is kept of one output stream of a command. */
export type OutputCapture = {
  add(chunk: Buffer): void
  /** What was kept so far. Where something was left out, a line says how many bytes. */
  toBuffer(): Buffer
}

const headBytes = 64 * 1024
const tailBytes = 448 * 1024

/**
 * Keeps the first 64 KiB and the last 448 KiB of a stream, byte for byte, cut between lines, or words where lines are long. Progress lines of `restic --json`, up to 60
 * a second (restic manual, "Scripting": message type `status`), are not kept and not counted as left out.
 */
export function buildOutputCapture(): OutputCapture {
  const head: Buffer[] = []
  const tail = buildTail()
  let headSize = 0
  function keep(bytes: Buffer): void {
    const first = bytes.subarray(0, headBytes - headSize)
    if (first.length > 0) {
      // Copied, because the stream reads into larger buffers that would be kept alive as a whole.
      head.push(Buffer.from(first))
      headSize += first.length
    }
    tail.add(bytes.subarray(first.length))
  }
  const lines = buildStatusLineFilter(keep)
  return {
    add: chunk => lines.add(chunk),
    toBuffer() {
      lines.flush()
      const [first, last] = [Buffer.concat(head), tail.toBuffer()]
      if (tail.leftOut() === 0) return Buffer.concat([first, last])
      const [kept, rest] = [withoutCutEnd(first), withoutCutStart(last)]
      const leftOut = tail.leftOut() + first.length - kept.length + last.length - rest.length
      const lineEnd = kept.at(-1) === newline ? '' : '\n'
      return Buffer.concat([kept, Buffer.from(`${lineEnd}… ${leftOut} bytes left out …\n`), rest])
    },
  }
}

function buildTail() {
  let ring = Buffer.alloc(0)
  let added = 0
  function add(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (ring.length === 0) ring = Buffer.alloc(tailBytes)
    const last = bytes.subarray(-tailBytes)
    const at = (added + bytes.length - last.length) % tailBytes
    const copied = last.copy(ring, at)
    last.copy(ring, 0, copied)
    added += bytes.length
  }
  function toBuffer(): Buffer {
    if (added <= tailBytes) return ring.subarray(0, added)
    const oldest = added % tailBytes
    return Buffer.concat([ring.subarray(oldest), ring.subarray(0, oldest)])
  }
  return { add, toBuffer, leftOut: () => Math.max(0, added - tailBytes) }
}

const newline = 0x0a
const statusStart = Buffer.from('{"message_type":"status"')
const statusLine = Buffer.concat([Buffer.of(newline), statusStart])

/** Hands on everything but status lines, without ever holding more back than the first bytes of one. */
function buildStatusLineFilter(handOn: (bytes: Buffer) => void) {
  let held = Buffer.alloc(0)
  let place: 'at line start' | 'in a line' | 'in a status line' = 'at line start'

  /** Reads to the end of `rest` or to where the next place begins, and answers what is left to read. */
  function step(rest: Buffer): Buffer {
    if (place === 'at line start' && rest.length < statusStart.length && isStartOfStatus(rest)) {
      held = Buffer.from(rest)
      return rest.subarray(rest.length)
    }
    if (place === 'at line start') {
      place = isStartOfStatus(rest) ? 'in a status line' : 'in a line'
      return rest
    }
    if (place === 'in a status line') {
      const end = rest.indexOf(newline)
      if (end < 0) return rest.subarray(rest.length)
      place = 'at line start'
      return rest.subarray(end + 1)
    }
    const end = endOfOtherLines(rest)
    if (end < rest.length || rest.at(-1) === newline) place = 'at line start'
    handOn(rest.subarray(0, end))
    return rest.subarray(end)
  }

  return {
    add(chunk: Buffer) {
      let rest = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      held = Buffer.alloc(0)
      while (rest.length > 0) rest = step(rest)
    },
    flush() {
      handOn(held)
      held = Buffer.alloc(0)
    },
  }
}

/** Up to where `bytes` can be handed on in one piece: before the next status line, or before a last line that may be one. */
function endOfOtherLines(bytes: Buffer): number {
  const status = bytes.indexOf(statusLine)
  if (status >= 0) return status + 1
  const lastLine = bytes.lastIndexOf(newline) + 1
  return lastLine > 0 && isStartOfStatus(bytes.subarray(lastLine)) ? lastLine : bytes.length
}

/** Whether `bytes` begin a status line, as far as they go. */
function isStartOfStatus(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, statusStart.length)
  return bytes.subarray(0, length).equals(statusStart.subarray(0, length))
}
