import { hash } from 'node:crypto'
import type { CopiedRow, CopiedTable, CopySide } from './side.ts'

/** What a table holds: how many rows, and the sum of the hashes of all, in hexadecimal. */
export type TableSum = { rows: number; checksum: string }

const lanes = 8

/**
 * Reads a table and sums it up. Each row is hashed (SHA-256 of its values as JSON, whole numbers as decimal text), and the
 * hashes are added, so that the sum is the same in whatever order a database hands out its rows.
 */
export async function sumTable(
  side: CopySide,
  table: CopiedTable,
  { convert, tell }: { convert: (row: CopiedRow) => CopiedRow; tell: (rows: number) => void },
): Promise<TableSum> {
  const sums = new Uint32Array(lanes)
  let rows = 0
  for await (const page of side.pages(table, null)) {
    for (const row of page) {
      const digest = hash('sha256', JSON.stringify(convert(row)), 'buffer')
      for (let lane = 0; lane < lanes; lane += 1) sums[lane] = (sums[lane] ?? 0) + digest.readUInt32LE(lane * 4)
    }
    rows += page.length
    tell(page.length)
  }
  return { rows, checksum: [...sums].map(lane => lane.toString(16).padStart(8, '0')).join('') }
}
