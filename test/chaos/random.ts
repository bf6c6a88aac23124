/** Numbers that look random and are the same again for the same seed. */
export type Random = {
  /** From 0 up to, and without, 1. */
  fraction(): number
  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number
}

/** Builds the numbers of a seed (the generator mulberry32). */
export function buildRandom(seed: number): Random {
  let state = seed
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { fraction, below: bound => Math.floor(fraction() * bound) }
}
