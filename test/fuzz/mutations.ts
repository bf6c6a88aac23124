import * as fc from 'fast-check'

type Edit = { kind: keyof typeof edits; at: number; count: number; piece: string; other: string }

/** What programs choke on: ends of texts in texts, huge numbers, letters that are none. */
const oddPieces = [
  '',
  ' ',
  '\0',
  '\n',
  '\r\n',
  '"',
  '\\',
  '{',
  '[[[[[[[[',
  '}',
  '%00',
  '%',
  '&',
  '+',
  '\uD800',
  '\uFEFF',
  '\u001B[2K\r',
  '-1',
  '1e999',
  '99999999999999999999',
  '8999999999999999',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '__proto__',
  'constructor',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '../../etc/passwd',
  "' or 1=1 --",
  '9999-12-31T23:59:59+14:00',
  '2026-02-30T25:61:61Z',
  'x'.repeat(5_000),
]

/** An odd short text. */
export const odd = fc.oneof(fc.constantFrom(...oddPieces), fc.string({ maxLength: 20 }), fc.string({ unit: 'binary' }))

/** Ways to change a text at a place; `count` and the pieces are what each of them makes of it. */
const edits = {
  cutEnd: (text: string, at: number) => text.slice(0, at),
  cutStart: (text: string, at: number) => text.slice(at),
  drop: (text: string, at: number, { count }: Edit) => text.slice(0, at) + text.slice(at + count),
  replace: (text: string, at: number, { count, piece }: Edit) => text.slice(0, at) + piece + text.slice(at + count),
  flipBit: (text: string, at: number, { count }: Edit) =>
    text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (count % 8))) + text.slice(at + 1),
  splice: (text: string, at: number, { count, other }: Edit) => text.slice(0, at) + other.slice(count),
  insertOther: (text: string, at: number, { other }: Edit) => text.slice(0, at) + other + text.slice(at),
  repeatLine: (text: string, at: number, { count }: Edit) =>
    changeLine(text, at, line => Array.from({ length: 1 + (count % 20) }, () => line)),
  dropLine: (text: string, at: number) => changeLine(text, at, () => []),
  lineOfOther: (text: string, at: number, { other, count }: Edit) => {
    const lines = other.split('\n')
    return changeLine(text, at, line => [line, lines[count % lines.length] ?? ''])
  },
  changeNumber: (text: string, at: number, { piece }: Edit) =>
    text.slice(0, at) + text.slice(at).replace(/-?\d+(?:\.\d+)?/, () => piece),
  changeValue: (text: string, at: number, { piece }: Edit) =>
    text.slice(0, at) +
    text.slice(at).replace(/(:\s*)(?:"[^"]*"|-?\d[\d.]*|true|false|null)/, (_, colon: string) => colon + piece),
  otherLineEnds: (text: string, _at: number, { count }: Edit) =>
    text.replaceAll('\n', ['\r\n', '\r', '', ' '][count % 4] ?? ''),
  turn: (text: string, at: number) => text.slice(at) + text.slice(0, at),
} satisfies Record<string, (text: string, at: number, edit: Edit) => string>

function changeLine(text: string, at: number, change: (line: string) => string[]): string {
  const lines = text.split('\n')
  const index = lines.length === 0 ? 0 : at % lines.length
  return lines.toSpliced(index, 1, ...change(lines[index] ?? '')).join('\n')
}

/** The texts of a corpus, none or a few of them changed a little, and now and then one that is not of it at all. */
export function mutated(corpus: readonly string[], { mostEdits = 5 } = {}): fc.Arbitrary<string> {
  const text = fc.constantFrom(...corpus)
  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])),
    at: fc.nat(1_000_000),
    count: fc.nat(200),
    piece: odd,
    other: text,
  })
  const changed = fc
    .tuple(text, fc.array(edit, { maxLength: mostEdits }))
    .map(([start, all]) => all.reduce((now, one) => applyEdit(now, one), start))
  return fc.oneof({ weight: 20, arbitrary: changed }, { weight: 1, arbitrary: odd })
}

/** No text grows without end. */
const longest = 200_000

function applyEdit(text: string, edit: Edit): string {
  const at = text.length === 0 ? 0 : edit.at % text.length
  return edits[edit.kind](text, at, edit).slice(0, longest)
}
