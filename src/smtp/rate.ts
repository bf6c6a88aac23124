import type { Instant } from '../domain/instant.ts'
import { minutes } from '../domain/instant.ts'

/** Counts something by its name; answers whether it stays within `most` a minute. Nothing is remembered beyond the minute. */
export function buildRate(most: number): (name: number | string, now: Instant) => boolean {
  let counts = new Map<number | string, number>()
  let begun: Instant = 0
  return (name, now) => {
    if (now - begun >= minutes(1) || now < begun) {
      counts = new Map()
      begun = now
    }
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count <= most
  }
}
