import { toCount } from './counts.ts'

const powers = new Map([
  ['', 0],
  ['B', 0],
  ['BYTE', 0],
  ['BYTES', 0],
  ['K', 1],
  ['M', 2],
  ['G', 3],
  ['T', 4],
  ['P', 5],
])

/**
 * The bytes of a size in words, such as `4.2 GiB` or `1.3 GB`, rounded as it is; null for anything else. `KiB` counts by
 * 1024; what `KB` counts by differs from tool to tool, and is given.
 */
export function toBytes(text: string, kilobyte: 1_000 | 1_024): number | null {
  const match = /^(\d{1,15}(?:[.,]\d{1,6})?) ?([A-Za-z]{0,5})$/.exec(text.trim())
  if (!match) return null
  const unit = (match[2] ?? '').toUpperCase()
  const power = powers.get(unit) ?? powers.get(/^([KMGTP])I?B$/.exec(unit)?.[1] ?? '?')
  if (power === undefined) return null
  const base = unit.endsWith('IB') ? 1_024 : kilobyte
  return toCount(Math.round(Number((match[1] ?? '').replace(',', '.')) * base ** power))
}
