/** An XML document laid out for reading: an element a line, unless it holds text alone. */
export function indentXml(document: string): string {
  const lines: string[] = []
  let depth = 0
  for (const [piece] of document.matchAll(/<\/?([^\s<>/]+)[^<>]*>(?:[^<>\n]*<\/\1>)?/g)) {
    if (piece.startsWith('</')) depth -= 1
    lines.push('  '.repeat(depth) + piece)
    const holdsMore = !/^<[?/]|\/>$|<\//.test(piece)
    if (holdsMore) depth += 1
  }
  return lines.join('\n')
}
