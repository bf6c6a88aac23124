import { RE2JS, RE2JSException } from 're2js'
import { AppError } from './app-error.ts'
import { redactionMark, type Span } from './redaction-scan.ts'

/** A pattern of somebody who runs a server. */
export type OwnPattern = RE2JS

/** The group whose match alone is hidden, where a pattern has it. */
const secretGroup = 'secret'

/**
 * Compiles a pattern, whose syntax is that of RE2: matching takes a time that grows with the text and no faster,
 * whatever pattern and text. Throws `invalid`, naming the pattern, for one that RE2 has not (such as a backreference) and
 * for one that matches the empty text, which is everywhere.
 */
export function parseOwnPattern(pattern: string): OwnPattern {
  const compiled = compile(pattern)
  if (!compiled.test('')) return compiled
  throw new AppError(
    'invalid',
    `the pattern ${JSON.stringify(pattern)} matches the empty text; it must match a secret.`,
  )
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const reason = error.message.replace(/^error parsing regexp: /, '')
    throw new AppError('invalid', `the pattern ${JSON.stringify(pattern)} is not one of RE2: ${reason}.`, {
      cause: error,
    })
  }
}

/** The pattern of ping URLs on a host of pings: each of its paths is the secret of who pings. */
export function toPingHostPattern(host: string): string {
  return `(?i)//${RegExp.escape(host)}/(?P<secret>[\\w-]{22,})`
}

/** How many letters a pattern sees at a time, of a line that is longer twice as many. */
const windowStep = 1_024

/** How many letters the search for all matches in a window may go over, as a multiple of the longest window. */
const mostPasses = 64

/** Finds what a pattern hides of a text, line by line, and adds it to `spans`. */
export function findOwnSecrets(text: string, pattern: OwnPattern, spans: Span[]): void {
  for (const line of linesOf(text)) {
    for (let start = line.start; start < line.end; start += windowStep) {
      const window = { start, end: Math.min(line.end, start + 2 * windowStep) }
      findInWindow(text.slice(window.start, window.end), pattern, window.start, spans)
      if (window.end === line.end) break
    }
  }
}

function* linesOf(text: string): Generator<Span> {
  const lines = /[^\n\r]+/g
  for (let line = lines.exec(text); line; line = lines.exec(text)) {
    yield { start: line.index, end: lines.lastIndex }
  }
}

/**
 * One match is found in a time that grows with the window, but all of them may take its square, when each of them looks
 * on to the end. Where that comes to too much, the rest of the window is hidden.
 */
function findInWindow(window: string, pattern: OwnPattern, offset: number, spans: Span[]): void {
  if (!pattern.test(window)) return
  const matcher = pattern.matcher(window)
  const hasGroup = secretGroup in pattern.namedGroups()
  let allowed = mostPasses * 2 * windowStep
  for (let from = 0; from < window.length && matcher.find(from);) {
    const group = hasGroup && matcher.start(secretGroup) >= 0 ? secretGroup : 0
    const [start, end] = [matcher.start(group), matcher.end(group)]
    if (start < end && !touchesMark(window, start, end)) spans.push({ start: offset + start, end: offset + end })
    allowed -= window.length - from
    if (allowed < 0) spans.push({ start: offset + end, end: offset + window.length })
    from = allowed < 0 ? window.length : Math.max(end, from + 1)
  }
}

/** Whether a part of a text overlaps a mark: what has been redacted is not matched again. */
function touchesMark(text: string, start: number, end: number): boolean {
  const furthest = redactionMark.length - 1
  return text.slice(Math.max(0, start - furthest), end + furthest).includes(redactionMark)
}
