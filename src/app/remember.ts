import type { Version } from './ports.ts'

/** Finds what there is under a key; `remembers` says whether it is remembered, without looking it up. */
export type Remembering<Value> = {
  (version: Version, key: string): Promise<Value | undefined> | Value | undefined
  remembers(version: Version, key: string): boolean
}

/**
 * Remembers what `read` answered for a key as long as the version stays the same: an answer was read after its version,
 * so that it is never older than that. What was not found is asked for again, unless `remembersMisses`, which is right where
 * whatever adds something raises the version. At most `most` answers are kept, and as many misses.
 */
export function rememberUntilChanged<Value>(
  read: (key: string) => Promise<Value | undefined>,
  most: number,
  { remembersMisses = false }: { remembersMisses?: boolean } = {},
): Remembering<Value> {
  const known = new Map<string, Value>()
  const missed = new Set<string>()
  let knownAt: Version | undefined

  return Object.assign(find, {
    remembers: (version: Version, key: string) => version === knownAt && known.has(key),
  })

  function find(version: Version, key: string): Promise<Value | undefined> | Value | undefined {
    if (version !== knownAt) {
      known.clear()
      missed.clear()
      knownAt = version
    }
    const value = known.get(key)
    return value !== undefined || missed.has(key) ? value : readAnew(version, key)
  }

  async function readAnew(version: Version, key: string): Promise<Value | undefined> {
    const value = await read(key)
    if (version !== knownAt) return value
    if (value !== undefined) {
      if (known.size >= most) known.clear()
      known.set(key, value)
    } else if (remembersMisses) {
      if (missed.size >= most) missed.clear()
      missed.add(key)
    }
    return value
  }
}
