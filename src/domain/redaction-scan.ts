/** What stands where a secret stood. */
export const redactionMark = '[redacted]'

/** A part of a text, its end not included. */
export type Span = { start: number; end: number }

/** One search for secrets through a text, from its beginning to its end. */
export type Scan = {
  readonly text: string
  /**
   * Says that a part of the text is secret, and answers where the search goes on: not behind that part but a little
   * before its end, because what was taken for a value may end with the name of the secret.
   */
  hide(start: number, end: number): number
  /**
   * Where the next match of `pattern`, which is global, begins at or behind `from`; the end of the text when there is
   * none. What it found it remembers: asked from ever later places, it reads the text once.
   */
  next(pattern: RegExp, from: number): number
}

/**
 * What a trigger, a few letters that secrets stand near to, asks to be done with the place `at` which it was found at,
 * `end` being the end of the trigger. Answers where the search goes on, which is behind `at`; undefined: with what
 * else begins within the trigger or behind it. Whatever
 * the text, it looks no further than a fixed distance, or no further than where the search then goes on, or asks
 * `scan.next`: so the time of the search grows with the text and no faster.
 */
export type Rule = (scan: Scan, at: number, end: number) => number | undefined

/** The longest name of a secret that is looked for, with what parts it from its value. */
const longestName = 80

/** A search through `text`; what it hides is added to `spans`. */
export function buildScan(text: string, spans: Span[]): Scan {
  const found = new Map<RegExp, Span>()
  return {
    text,
    hide: (start, end) => {
      if (start < end) spans.push({ start, end })
      return Math.max(start, end - longestName)
    },
    next: (pattern, from) => {
      const known = found.get(pattern)
      if (known && known.start <= from && from <= known.end) return known.end
      pattern.lastIndex = from
      const end = pattern.exec(text)?.index ?? text.length
      found.set(pattern, { start: from, end })
      return end
    },
  }
}

const lineEnd = /[\n\r\u2028\u2029]/g

/** The end of the line that `at` is in. */
export function endOfLine(scan: Scan, at: number): number {
  return scan.next(lineEnd, at)
}

/** Where a match of `pattern`, which is sticky, ends that begins right `at`; undefined when there is none. */
export function endOfMatch(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** `text` with the mark in the place of each of `spans`; those that touch or overlap are one. */
export function replaceSpans(text: string, spans: Span[]): string {
  let [result, done] = ['', 0]
  for (const { start, end } of joinSpans(text, spans)) {
    result += text.slice(done, start) + redactionMark
    done = end
  }
  return result + text.slice(done)
}

function joinSpans(text: string, spans: Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.map(span => aroundMarks(text, span)).sort((one, other) => one.start - other.start)) {
    const last = joined.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else joined.push(span)
  }
  return joined
}

const furthest = redactionMark.length - 1

/** A span that begins or ends within a mark takes in the whole of it. */
function aroundMarks(text: string, { start, end }: Span): Span {
  const before = Math.max(0, start - furthest)
  const [first, last] = [
    text.slice(before, start + furthest).indexOf(redactionMark),
    text.slice(Math.max(0, end - furthest), end + furthest).lastIndexOf(redactionMark),
  ]
  return {
    start: first < 0 ? start : Math.min(start, before + first),
    end: last < 0 ? end : Math.max(end, Math.max(0, end - furthest) + last + redactionMark.length),
  }
}
