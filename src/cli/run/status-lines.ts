const newline = 0x0a
const statusStart = Buffer.from('{"message_type":"status"')
const statusLine = Buffer.concat([Buffer.of(newline), statusStart])

/** A status line longer than this is not kept at all. */
const longestStatus = 64 * 1024

/** Hands on bytes without superseded status lines; `end` hands on what was held back. */
export type StatusLineFilter = { add(bytes: Buffer): void; end(): void }

/**
 * Hands on everything but the status lines of `restic --json`, of which each says all that those before it said (restic
 * manual, "Scripting": up to 60 a second): of those that follow each other only the last. No more is held back than
 * that one line, or the first bytes of one.
 */
export function buildStatusLineFilter(handOn: (bytes: Buffer) => void): StatusLineFilter {
  let held = Buffer.alloc(0)
  let status: Buffer[] = []
  let statusBytes = 0
  let place: 'at line start' | 'in a line' | 'in a status line' = 'at line start'

  function addStatus(bytes: Buffer): void {
    statusBytes += bytes.length
    // Copied, because the stream reads into larger buffers that would be kept alive as a whole.
    if (statusBytes <= longestStatus) status.push(Buffer.from(bytes))
    else status = []
  }

  function clearStatus(): void {
    status = []
    statusBytes = 0
  }

  /** Reads to the end of `rest` or to where the next place begins, and answers what is left to read. */
  function step(rest: Buffer): Buffer {
    if (place === 'at line start' && rest.length < statusStart.length && isStartOfStatus(rest)) {
      held = Buffer.from(rest)
      return rest.subarray(rest.length)
    }
    if (place === 'at line start') {
      place = isStartOfStatus(rest) ? 'in a status line' : 'in a line'
      if (place === 'in a line') handOn(Buffer.concat(status))
      clearStatus()
      return rest
    }
    if (place === 'in a status line') {
      const end = rest.indexOf(newline)
      addStatus(end < 0 ? rest : rest.subarray(0, end + 1))
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
    add(bytes) {
      let rest = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
      held = Buffer.alloc(0)
      while (rest.length > 0) rest = step(rest)
    },
    end() {
      handOn(Buffer.concat([...status, held]))
      held = Buffer.alloc(0)
      clearStatus()
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
