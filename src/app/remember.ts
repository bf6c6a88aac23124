import type { Version } from './ports.ts'

/** Finds what there is under a key; `remembers` says whether it is remembered, without looking it up. */
export type Remembering<Value> = {
  (version: Version, key: string): Promise<Value | undefined> | Value
  remembers(version: Version, key: string): boolean
}

/**
 * Remembers what `read` answered for a key as long as the version stays the same: an answer was read after its version,
 * so that it is never older than that. What was not found is asked for again. At most `most` answers are kept.
 */
export function rememberUntilChanged<Value>(
  read: (key: string) => Promise<Value | undefined>,
  most: number,
): Remembering<Value> {
  const known = new Map<string, Value>()
  let knownAt: Version | undefined

  return Object.assign(find, {
    remembers: (version: Version, key: string) => version === knownAt && known.has(key),
  })

  function find(version: Version, key: string): Promise<Value | undefined> | Value {
    if (version !== knownAt) {
      known.clear()
      knownAt = version
    }
    return known.get(key) ?? readAnew(version, key)
  }

  async function readAnew(version: Version, key: string): Promise<Value | undefined> {
    const value = await read(key)
    if (value !== undefined && version === knownAt) {
      if (known.size >= most) known.clear()
      known.set(key, value)
    }
    return value
  }
}
