/** Where something was found: in which line, counted from 0, and between which characters of it. */
export type Match = { line: number; from: number; until: number }

/** So much is found at most: whoever finds more looks for something else. */
export const mostMatches = 5_000

/** Where a text stands in some lines, in their order, in any letter case; nothing is found of an empty one. */
export function findInLines(lines: readonly string[], text: string): Match[] {
  const wanted = text.toLowerCase()
  const matches: Match[] = []
  if (wanted === '') return matches
  for (const [line, content] of lines.entries()) {
    const lower = content.toLowerCase()
    // A few letters are as many when they are small: where they are not, places would be wrong.
    const searched = lower.length === content.length ? lower : content
    let from = searched.indexOf(wanted)
    while (from >= 0) {
      if (matches.length >= mostMatches) return matches
      matches.push({ line, from, until: from + wanted.length })
      from = searched.indexOf(wanted, from + wanted.length)
    }
  }
  return matches
}
