/** Many patterns in one. */
export type JoinedPattern = Pick<RegExp, 'test'>

/**
 * One pattern that fits what any of `patterns` fits, each by its own letter case: much output is tested in one go. Those
 * that can fit at the beginning alone are joined by themselves, because one that cannot makes all be tried everywhere; so
 * are those that look for a colon after anything at all, which most lines have not.
 */
export function joinPatterns(patterns: readonly RegExp[]): JoinedPattern {
  const parts = patterns.flatMap(toParts)
  const [start, colon, anywhere] = (['start', 'colon', 'anywhere'] as const).map(place =>
    toOne(parts.filter(part => part.place === place)),
  )
  return {
    test: line =>
      (start?.test(line) ?? false) ||
      (line.includes(': ') && (colon?.test(line) ?? false)) ||
      (anywhere?.test(line) ?? false),
  }
}

type Part = { source: string; place: 'start' | 'colon' | 'anywhere' }

function toOne(parts: readonly Part[]): RegExp | null {
  return parts.length === 0 ? null : new RegExp(parts.map(({ source }) => source).join('|'))
}

/** The alternatives of a pattern, each as a group of its own. */
function toParts({ source, ignoreCase }: RegExp): Part[] {
  return toAlternatives(source).map(alternative => ({
    source: ignoreCase ? `(?i:${alternative})` : `(?:${alternative})`,
    place: placeOf(alternative),
  }))
}

function placeOf(alternative: string): Part['place'] {
  if (/^\^(?:\(\?![^()]*\))?\.\+: /.test(alternative)) return 'colon'
  return alternative.startsWith('^') ? 'start' : 'anywhere'
}

/** What stands between the bars of a source that are in no group and no class. */
function toAlternatives(source: string): string[] {
  const alternatives = ['']
  let depth = 0
  let isInClass = false
  for (const [token] of source.matchAll(/\\[^]|[^]/g)) {
    if (token === '[') isInClass = true
    else if (token === ']') isInClass = false
    else if (token === '(' && !isInClass) depth += 1
    else if (token === ')' && !isInClass) depth -= 1
    if (token === '|' && depth === 0 && !isInClass) alternatives.push('')
    else alternatives.push(`${alternatives.pop() ?? ''}${token}`)
  }
  return alternatives
}
