/** How much less is kept of a head or a tail so that it is cut where something ends, in bytes. */
const longestPiece = 8 * 1024

/** What pieces of text end with, by preference: a line, a word, a member of something in one line. */
const ends = ['\n', ' ', ',', '"', "'", '&', ';'].map(letter => letter.charCodeAt(0))

/**
 * The head of a text in UTF-8 whose rest is left out, without the line or word that was cut: half a secret does not look
 * like one. A word of more than 8 KiB is cut as it is.
 */
export function withoutCutEnd(head: Uint8Array): Uint8Array {
  const at = ends.map(end => head.lastIndexOf(end)).find(at => at >= Math.max(0, head.length - longestPiece))
  return at === undefined ? head : head.subarray(0, at + 1)
}

/** The same for a tail, of which the beginning is left out. */
export function withoutCutStart(tail: Uint8Array): Uint8Array {
  const near = tail.subarray(0, longestPiece)
  const at = ends.map(end => near.indexOf(end)).find(at => at >= 0)
  return at === undefined ? tail : tail.subarray(at + 1)
}
