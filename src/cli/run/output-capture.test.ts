import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildOutputCapture } from './output-capture.ts'

const kib = 1024
const status = '{"message_type":"status","percent_done":0.5}\n'

test('output up to 512 KiB is kept byte for byte', () => {
  const bytes = Buffer.from(Array.from({ length: 512 * kib }, (_, index) => (index * 7) % 251))
  expect(captured([bytes]).equals(bytes)).toBe(true)
})

test('of longer output the first 64 KiB and the last 448 KiB are kept, and a line says what was left out', () => {
  const parts = [Buffer.alloc(64 * kib, 'a'), Buffer.alloc(3 * kib, 'b'), Buffer.alloc(448 * kib, 'c')]
  const expected = ['a'.repeat(64 * kib), '\n… 3072 bytes left out …\n', 'c'.repeat(448 * kib)].join('')
  expect(captured(parts).toString()).toBe(expected)
})

test('the mark of a cut follows a line end without an empty line', () => {
  const head = Buffer.from(`${'a'.repeat(64 * kib - 1)}\n`)
  const text = captured([head, Buffer.alloc(448 * kib + 1, 'c')]).toString()
  expect(text.slice(64 * kib - 2, 64 * kib + 24)).toBe('a\n… 1 bytes left out …\nccc')
})

test.each([
  ['at the beginning', `${status}summary\n`, 'summary\n'],
  ['between other lines', `one\n${status}${status}two\n`, 'one\ntwo\n'],
  ['at the end, without a line end', `one\n${status.trimEnd()}`, 'one\n'],
])('a progress line of restic %s is dropped', (_, output, kept) => {
  expect(captured([Buffer.from(output)]).toString()).toBe(kept)
})

test.each([
  ['its text within a line', `see ${status}`],
  ['another message', '{"message_type":"summary"}\n'],
  ['the beginning of one, cut off', 'one\n{"message_type":'],
])('what only looks like a progress line is kept: %s', (_, output) => {
  expect(captured([Buffer.from(output)]).toString()).toBe(output)
})

test('what is kept does not depend on how the output was cut into chunks', () => {
  const line = fc.constantFrom(status, '{"message_type":"summary"}\n', '{"mess', '\n', 'a\r', '{')
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(line), cuts, (lines, sizes) => {
      const bytes = Buffer.from(lines.join(''))
      expect(captured(toChunks(bytes, sizes)).toString()).toBe(withoutStatusLines(bytes.toString()))
    }),
  )
})

test('of any output in any chunks its first and last bytes are kept', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 * kib }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(sizes, sizes => {
      const bytes = Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)))
      const kept = captured(toChunks(bytes, sizes))
      const expected =
        bytes.length <= 512 * kib
          ? bytes
          : Buffer.concat([
              bytes.subarray(0, 64 * kib),
              Buffer.from(`\n… ${bytes.length - 512 * kib} bytes left out …\n`),
              bytes.subarray(-448 * kib),
            ])
      expect(kept.equals(expected)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

function captured(chunks: readonly Buffer[]): Buffer {
  const capture = buildOutputCapture()
  for (const chunk of chunks) capture.add(chunk)
  return capture.toBuffer()
}

function toChunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1
    chunks.push(bytes.subarray(start, start + size))
    start += size
  }
  return chunks
}

function withoutStatusLines(text: string): string {
  const lines = text.split(/(?<=\n)/)
  return lines.filter(line => !line.startsWith('{"message_type":"status"')).join('')
}
