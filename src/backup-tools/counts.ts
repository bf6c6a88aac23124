/** A count that a tool states, or null for anything that is no count: below zero, broken, too large, or no number. */
export function toCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** The sum of the counts that are known, or null when none is, or when it is too large to be true. */
export function sumCounts(counts: readonly (number | null)[]): number | null {
  const known = counts.filter(count => count !== null)
  return known.length === 0 ? null : toCount(known.reduce((sum, count) => sum + count, 0))
}
