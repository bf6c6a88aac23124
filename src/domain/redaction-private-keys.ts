import { endOfMatch, type Rule } from './redaction-scan.ts'

const firstLine = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y
const lastLine = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y
const nextLastLine = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g

/** The longest key whose lines are looked for as one piece: an RSA key of 16,384 bits has 12,500 letters. */
const longestKey = 16_384

/** Hides what stands between the first and the last line of a private key (RFC 7468), whatever its lines begin with. */
export const hidePrivateKey: Rule = (scan, at) => {
  const { text } = scan
  const start = endOfMatch(firstLine, text, at)
  if (start === undefined) return undefined
  const known = scan.next(nextLastLine, start)
  const isWhole = known < text.length && known - start <= longestKey
  const end = isWhole ? known : endOfCutKey(text, start)
  const first = endOfMatch(breaks, text, start) ?? start
  let last = end
  while (last > first && /\s/.test(text[last - 1] ?? '')) last -= 1
  scan.hide(first, last)
  return endOfMatch(lastLine, text, end) ?? end
}

/** Line ends, also as JSON writes them. */
const breaks = /(?:\s|\\[nr]){0,200}/y
const header = /(?:\s|\\[nr]){0,200}[A-Za-z][A-Za-z-]{0,40}: [^\n]{0,200}\n/y
const letters = /[A-Za-z0-9+/=]+/y

/** No word of so many letters is one of a language. */
const longWord = 40

/** Where the lines of letters end of a key whose last line is missing. */
function endOfCutKey(text: string, start: number): number {
  let end = start
  for (let count = 0; count < 8; count += 1) end = endOfMatch(header, text, end) ?? end
  for (;;) {
    const word = endOfMatch(breaks, text, end) ?? end
    const over = endOfMatch(letters, text, word)
    // The last of them is as short as it was cut, or as the key is long.
    const isLine = over !== undefined && (over >= text.length || /[\n\r\\…]/.test(text[over] ?? ''))
    if (over === undefined || (over - word < longWord && !isLine)) return end
    end = over
    if (over - word < longWord) return end
  }
}

const letter = /[A-Za-z0-9+/=]/

/** Hides the lines of letters right before the last line of a private key whose first line is missing. */
export const hideCutKey: Rule = (scan, at) => {
  const { text } = scan
  if (endOfMatch(lastLine, text, at) === undefined) return undefined
  const limit = Math.max(0, at - longestKey)
  for (let start = at; start > limit;) {
    let end = start
    while (end > limit && /\s/.test(text[end - 1] ?? '')) end -= 1
    if (/\\[nr]$/.test(text.slice(Math.max(limit, end - 2), end))) end -= 2
    start = end
    while (start > limit && letter.test(text[start - 1] ?? '')) start -= 1
    // The letter of a line end that JSON has written.
    if (text[start - 1] === '\\') start += 1
    const isLine = start === 0 || /[\n\\nr]/.test(text[start - 1] ?? '')
    if (end <= start || (end - start < longWord && !isLine)) return undefined
    scan.hide(start, end)
  }
  return undefined
}
