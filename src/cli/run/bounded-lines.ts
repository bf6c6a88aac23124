/** A line with its place among all lines. */
export type PlacedLine = { at: number; text: string }

/** The first and the newest of many lines. */
export type BoundedLines = {
  add(line: PlacedLine): void
  /** The first lines that were kept, and the newest. */
  first: readonly PlacedLine[]
  newest(): readonly PlacedLine[]
  /** How many lines between the two were left out. */
  leftOut(): number
}

/** Keeps the first lines up to `bytesEach` bytes with their line ends, and the newest up to as many. */
export function buildBoundedLines(bytesEach: number): BoundedLines {
  const first: PlacedLine[] = []
  const ring: PlacedLine[] = []
  let [firstBytes, ringBytes, ringStart, leftOut] = [0, 0, 0, 0]
  function drop(): void {
    const dropped = ring[ringStart]
    ringBytes -= dropped ? sizeOf(dropped) : 0
    ringStart += 1
    leftOut += 1
    if (ringStart <= ring.length / 2) return
    // Only now and then, so that each line costs the same.
    ring.splice(0, ringStart)
    ringStart = 0
  }
  return {
    first,
    newest: () => ring.slice(ringStart),
    leftOut: () => leftOut,
    add(line) {
      if (leftOut === 0 && ring.length === 0 && firstBytes + sizeOf(line) <= bytesEach) {
        first.push(line)
        firstBytes += sizeOf(line)
        return
      }
      ring.push(line)
      ringBytes += sizeOf(line)
      while (ringBytes > bytesEach) drop()
    },
  }
}

/** The bytes of a line in UTF-8 with its line end. */
export function sizeOf({ text }: PlacedLine): number {
  return Buffer.byteLength(text) + 1
}
