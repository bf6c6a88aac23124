import { messages, operationMessages } from './xml-shapes.ts'
import { readXml } from './xml-read.ts'
import type { Shape } from './xml-shape.ts'
import { writeXml } from './xml-write.ts'

type OperationMessages = { readonly body?: readonly Shape[]; readonly answer?: readonly Shape[] }

// Kept in the loose type of a table, so that any name may be looked up.
const known: Readonly<Record<string, OperationMessages>> = operationMessages

/** Writes the body of an operation. Throws `TypeError` for a value that is none. */
export function writeBody(id: string, value: unknown): string {
  return writeXml(value, known[id]?.body ?? [], messages)
}

/** Reads the answer of an operation. Throws `SyntaxError` for a document that is none. */
export function readAnswer(id: string, text: string): unknown {
  return readXml(text, known[id]?.answer ?? [], messages)
}

/** Reads what a refused request is answered with. Throws `SyntaxError` for another document. */
export function readError(text: string): unknown {
  return readXml(text, [{ message: 'Error' }], messages)
}
