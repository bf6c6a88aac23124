/** A piece of output that ends with a line feed or a carriage return, and what it says without its end. */
export type OutputPiece = { bytes: Buffer; text: string }

const [lineFeed, carriageReturn, openingBrace] = [0x0a, 0x0d, 0x7b]
const longestHeld = 64 * 1024

/** Splits output into whole pieces, each with its end, and the rest that nothing ends yet. */
export function splitPieces(bytes: Buffer): { pieces: OutputPiece[]; rest: Buffer } {
  const pieces: OutputPiece[] = []
  let start = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte !== lineFeed && byte !== carriageReturn) continue
    const isPair = byte === carriageReturn && bytes[at + 1] === lineFeed
    const next = at + (isPair ? 2 : 1)
    pieces.push({ bytes: bytes.subarray(start, next), text: bytes.toString('utf8', start, at) })
    start = next
    at = next - 1
  }
  return { pieces, rest: bytes.subarray(start) }
}

// The beginning of what rsync draws: blanks, a number, a part.
const beginningOfNumber = /^ {1,20}(?:[\d.,']{1,30}(?:[KMGTP]?(?: +(?:\d.{0,80})?)?)?)?$/

/** Whether bytes may be the beginning of a line of progress: of a JSON message, or of a number. */
export function mayBecomeProgress(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.length > longestHeld) return false
  return bytes[0] === openingBrace || beginningOfNumber.test(bytes.toString('latin1', 0, 200))
}

/** Whether what follows these bytes begins a line; `wasStart` says the same of the bytes themselves. */
export function endsAtLineStart(bytes: Buffer, wasStart: boolean): boolean {
  const line = bytes.lastIndexOf(lineFeed) + 1
  return bytes.subarray(line).every(byte => byte === carriageReturn) && (line > 0 || wasStart)
}
