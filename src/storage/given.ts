/**
 * The columns of a change that were given: those that are not undefined. Undefined when there is none, since SQL has no
 * update of nothing.
 */
export function given<Columns extends Record<string, unknown>>(
  columns: Columns,
): { [Name in keyof Columns]?: Exclude<Columns[Name], undefined> } | undefined {
  const entries = Object.entries(columns).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return undefined
  // Only what is undefined was left out.
  return Object.fromEntries(entries) as { [Name in keyof Columns]?: Exclude<Columns[Name], undefined> }
}

/** Truth as a column holds it; undefined stays undefined. */
export function toFlag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
