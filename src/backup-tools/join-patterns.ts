/** One pattern that fits what any of `patterns` fits, each by its own letter case: much output is tested in one go. */
export function joinPatterns(patterns: readonly RegExp[]): RegExp {
  const sources = patterns.map(({ source, ignoreCase }) => (ignoreCase ? `(?i:${source})` : `(?:${source})`))
  return new RegExp(sources.join('|'))
}
