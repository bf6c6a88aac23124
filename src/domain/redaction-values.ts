import type { Name } from './redaction-names.ts'
import { endOfLine, endOfMatch, redactionMark, type Scan, type Span } from './redaction-scan.ts'

/** A value in a text: what of it is secret, whether it was in quotes, and where it is over, its closing quote included. */
export type Value = Span & { isQuoted: boolean; over: number }

/**
 * Where a value without quotes ends before white space does: a `pair` of `a=1;b=2` before the next, a `parameter` at the
 * end of its own, a `literal` of JSON where JSON goes on.
 */
export type BareEnd = 'word' | 'pair' | 'parameter' | 'literal'

/** Reads the value that begins right `at`, in quotes or without. */
export function readValue(scan: Scan, at: number, bareEnd: BareEnd): Value {
  return readQuoted(scan, at) ?? readBare(scan.text, at, bareEnd)
}

const openingQuote = /\$?(\\*)(["'`])/y

/**
 * Reads a value in quotes up to the closing one, else to the end of its line. Quotes may be escaped, as they are in a
 * text within a text: of `\"` the closing one is `\"`, and what has more backslashes belongs to the value. What goes on
 * behind the closing quote as `'it'\''s'` does in a shell is still the value.
 */
export function readQuoted(scan: Scan, at: number): Value | undefined {
  openingQuote.lastIndex = at
  const opening = openingQuote.exec(scan.text)
  if (!opening) return undefined
  const [whole, backslashes = '', quote = ''] = opening
  const start = at + whole.length
  const limit = endOfLine(scan, start)
  let end = findClosing(scan.text, { start, end: limit }, quote, backslashes.length)
  const goesOn = (closing: number) => closing < limit && scan.text.startsWith(String.raw`'\''`, closing)
  if (quote === "'") while (goesOn(end)) end = findClosing(scan.text, { start: end + 4, end: limit }, quote, 0)
  return { start, end, isQuoted: true, over: Math.min(limit, end + backslashes.length + 1) }
}

/** Where in a part of the text the closing quote with its backslashes begins; the end of the part when there is none. */
function findClosing(text: string, { start, end }: Span, quote: string, level: number): number {
  let backslashes = 0
  for (let at = start; at < end; at += 1) {
    const letter = text[at]
    if (letter === '\\') backslashes += 1
    else if (letter === quote && backslashes % (2 * (level + 1)) === level) return at - level
    else backslashes = 0
  }
  return end
}

const literal = /[^\s\p{Cc},"'}\])]*/uy
const trailing = /[,;)\]}\\]/

/** Reads a value without quotes. Up to three closing brackets and the like at its end are not its own. */
function readBare(text: string, at: number, bareEnd: BareEnd): Value {
  const limit = bareEnd === 'literal' ? (endOfMatch(literal, text, at) ?? at) : findBareEnd(text, at, bareEnd)
  let end = limit
  if (!text.startsWith(redactionMark, limit - redactionMark.length)) {
    while (end > at && limit - end < 3 && trailing.test(text[end - 1] ?? '')) end -= 1
  }
  return { start: at, end, isQuoted: false, over: end }
}

const bareLetters = /[^\s\0-\x1F\x7F-\x9F"'`<&#;,]*/y
const innerQuote = /["'`](?![\s,;:)\]}>&|\\<"'`]|$)/y
const elementEnd = /<\//y
const nextPair = /[&;,][\w.-]{1,64}=/y
const parameterEnd = /[&#]/y

/** What ends a value among the letters that may do so. */
const bareEnds: Record<Exclude<BareEnd, 'literal'>, readonly RegExp[]> = {
  word: [elementEnd],
  pair: [elementEnd, nextPair],
  parameter: [elementEnd, nextPair, parameterEnd],
}

/** A quote within a value belongs to it, unless what follows shows that it closes one before the name. */
function findBareEnd(text: string, from: number, bareEnd: Exclude<BareEnd, 'literal'>): number {
  const ends = bareEnds[bareEnd]
  for (let at = from; ; at += 1) {
    at = endOfMatch(bareLetters, text, at) ?? at
    const isWithin = endOfMatch(innerQuote, text, at) !== undefined || /[<&#;,]/.test(text[at] ?? '')
    if (!isWithin || ends.some(end => endOfMatch(end, text, at) !== undefined)) return at
  }
}

/** No value is longer than this that is not looked upon as a secret, so that what was read is done with. */
export const longestHarmless = 512

/** Hides the value of a name and answers where the search goes on, unless it is no secret. */
export function hideValue(scan: Scan, name: Name, value: Value): number | undefined {
  if (isHarmless(scan, name, value)) return undefined
  const next = scan.hide(value.start, value.end)
  // A key in quotes goes on behind the end of the line.
  return scan.text.startsWith('-----BEGIN', value.start) ? value.start : next
}

/** Whether a value is no secret, whatever its name says: nothing, a mark, a count, a path where there may be one. */
function isHarmless(scan: Scan, { text: name, kind }: Name, { start, end }: Span): boolean {
  if (end - start > longestHarmless) return false
  const value = scan.text.slice(start, end)
  if (isMasked(value)) return true
  if (kind === 'command') return !/^(?:\S*\/)?(?:echo|printf)\b/.test(value)
  if (kind === 'password') return /^pass$/i.test(name) && /^\d{1,2}$/.test(value)
  if (/^(?:\d{1,6}|.)$/.test(value)) return true
  return /key|cred/i.test(name) && !/secret/i.test(name) && isPath(value)
}

const masked = /^(?:\*+|[•·.…]+|x{3,}|<[\w -]+>|\[?(?:redacted|hidden|masked|filtered|removed)\]?)$/i
const literals = /^(?:true|false|yes|no|none|null|nil|undefined)$/i

/** Whether a value says that there is a secret, or none, but not which one. */
export function isMasked(value: string): boolean {
  return value === '' || masked.test(value) || literals.test(value)
}

function isPath(value: string): boolean {
  return /^(?:~|\.{0,2}|[A-Za-z]:)[\\/][\w.\-\\/ ]+$/.test(value)
}

/** Whether a word looks as only machines write it: long, or of some length with a digit. */
export function looksMade(value: string): boolean {
  if (/\s/.test(value) || isPath(value) || value.includes('://')) return false
  return value.length >= 20 || (value.length >= 8 && /\d/.test(value))
}
