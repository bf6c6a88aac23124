import type { TSchema } from 'typebox'
import { giveWay } from '../app/give-way.ts'
import { compileCsvWriter } from '../wire/csv.ts'
import { type List, ListOf } from '../wire/list.ts'
import { compileXmlElement, compileXmlWriter, type XmlArrayStyle } from '../wire/xml.ts'
import type { Format } from './formats.ts'

/** Writes a list part by part; joined they are, byte for byte, the list written as a whole. */
export type ListPartsWriter = (list: List<unknown>, format: Format) => AsyncGenerator<string>

/** What comes before the rows, the rows of one part, what comes between two parts, and what comes after all. */
type Frame = { before: string; write: (rows: readonly unknown[]) => string; between: string; after: string }

/** How many rows a part has: some 100 kB, and a few milliseconds. */
const rowsAtOnce = 250

/**
 * Compiles the writer of long lists from the schema of their rows: a part is written when it is asked for, and between two
 * of them everything else has its turn.
 */
export function compileListParts(row: TSchema, arrays: XmlArrayStyle): ListPartsWriter {
  const frames = { json: toJsonFrame, xml: compileXmlFrame(row, arrays), csv: compileCsvFrame(row) }
  return async function* (list, { kind }) {
    const { before, write, between, after } = frames[kind](list)
    yield before
    for (let from = 0; from < list.list.length; from += rowsAtOnce) {
      await giveWay()
      yield (from === 0 ? '' : between) + write(list.list.slice(from, from + rowsAtOnce))
    }
    yield after
  }
}

function toJsonFrame(list: List<unknown>): Frame {
  const after = ']}'
  const empty = JSON.stringify({ ...list, list: [] })
  return {
    before: empty.slice(0, -after.length),
    write: rows => JSON.stringify(rows).slice(1, -1),
    between: ',',
    after,
  }
}

function compileXmlFrame(row: TSchema, arrays: XmlArrayStyle): (list: List<unknown>) => Frame {
  const writeList = compileXmlWriter(ListOf(row), arrays)
  const writeRow = compileXmlElement(row, arrays)
  const after = '</list>'
  return list => {
    // It has a link, so that it has an end tag.
    const empty = writeList({ ...list, list: [] })
    return { before: empty.slice(0, -after.length), write: rows => rows.map(writeRow).join(''), between: '', after }
  }
}

function compileCsvFrame(row: TSchema): () => Frame {
  const writeRows = compileCsvWriter(row)
  const header = writeRows([])
  return () => ({ before: header, write: rows => writeRows(rows).slice(header.length), between: '', after: '' })
}
