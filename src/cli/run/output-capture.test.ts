import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ToolOutput } from '../../backup-tools/backup-tool.ts'
import { readOutput } from '../../backup-tools/read-output.ts'
import { toolsOfProgram } from '../../backup-tools/tools-of-program.ts'
import { neededLinesLoader } from './load-needed-lines.ts'
import { buildNeededLines } from './needed-lines.ts'
import { buildOutputCapture } from './output-capture.ts'

const read = (tool: string, output: ToolOutput) => readOutput({ tool, command: null }, output, text => text)

const kib = 1024
const mostBytes = 500_000
const status = (percent: number) => `{"message_type":"status","percent_done":${percent}}\n`
const names = 'letters/2019/March.odt\n'.repeat(100_000)

test('output up to 320 KiB is kept byte for byte, and nothing is loaded for it', async () => {
  const bytes = Buffer.from(Array.from({ length: 320 * kib }, (_, index) => (index * 7) % 251))
  const capture = buildOutputCapture(() => Promise.reject(new Error('It was loaded.')))
  for (const chunk of toChunks(bytes, [10_000])) await capture.add(chunk)
  expect(capture.end().equals(bytes)).toBe(true)
})

test('of longer output the first and the last lines are kept, and a line says what was left out', async () => {
  const kept = (await captured([Buffer.from(`first\n${names}last\n`)])).toString()
  expect(kept.slice(0, 30)).toBe('first\nletters/2019/March.odt\nl')
  expect(kept.endsWith('March.odt\nlast\n')).toBe(true)
  const [mark, bytes] = /^… (\d+) bytes left out, but for the lines that tell how the run went …\n/m.exec(kept) ?? []
  expect(Number(bytes)).toBe(names.length + 'first\nlast\n'.length - (kept.length - (mark?.length ?? 0)))
})

test('lines that an adapter needs are kept from the middle', async () => {
  const kept = (
    await captured([Buffer.from(`${names}rsync: read errors mapping "/a": No data (5)\n${names}`)])
  ).toString()
  expect(kept).toContain('\nrsync: read errors mapping "/a": No data (5)\n')
  const output = { stdout: kept, stderr: '', exitStatus: 0, signal: null }
  expect(read('rsync', output).reading).toMatchObject({ state: 'finished', warnings: 1 })
})

test('when even these are too many the first and the newest are kept, and the run is in doubt', async () => {
  const errors = Array.from({ length: 20_000 }, (_, index) => `tar: a/${index}: Cannot open: Permission denied\n`)
  const kept = (await captured([Buffer.from(names + errors.join('') + names)], 'tar')).toString()
  expect(kept).toContain('tar: a/0: Cannot')
  expect(kept).toContain('tar: a/19999: Cannot')
  expect(kept).toMatch(/^… \d{5} of the lines that tell how the run went left out …$/m)
  const { reading } = read('generic', { stdout: kept, stderr: '', exitStatus: 0, signal: null })
  expect(reading).toMatchObject({ state: 'finished', warnings: 1 })
})

test('what was left out of a tool that does not say what it needs is in doubt', () => {
  const stdout = '… 9 bytes left out, but for the lines that tell how the run went …\n'
  expect(read('veeam', { stdout, stderr: '', exitStatus: 0, signal: null }).reading.warnings).toBe(1)
  expect(read('generic', { stdout, stderr: '', exitStatus: 0, signal: null }).reading.warnings).toBe(0)
})

test('without the adapters every line that is left out makes the run doubtful', async () => {
  const loader = neededLinesLoader({ command: ['x'] })
  expect((await loader()).end().leftOut).toBe(0)
})

describe('of progress lines of restic that follow each other the last is kept', () => {
  test.each([
    ['at the beginning', `${status(0)}${status(1)}summary\n`, `${status(1)}summary\n`],
    ['between other lines', `one\n${status(0)}${status(1)}two\n${status(2)}`, `one\n${status(1)}two\n${status(2)}`],
    ['without a line end', `one\n${status(0)}${status(1).trimEnd()}`, `one\n${status(1).trimEnd()}`],
    ['its text within a line', `see ${status(0)}`, `see ${status(0)}`],
    ['another message', '{"message_type":"summary"}\n', '{"message_type":"summary"}\n'],
    ['the beginning of one, cut off', 'one\n{"message_type":', 'one\n{"message_type":'],
  ])('%s', async (_, output, kept) => {
    expect((await captured([Buffer.from(output)])).toString()).toBe(kept)
  })

  test('however the output was cut into chunks', async () => {
    const line = fc.constantFrom(status(0), status(1), '{"message_type":"summary"}\n', '{"mess', '\n', 'a\r', '{')
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(fc.array(line), cuts, async (lines, sizes) => {
        const bytes = Buffer.from(lines.join(''))
        expect((await captured(toChunks(bytes, sizes))).toString()).toBe(withoutSuperseded(bytes.toString()))
      }),
    )
  })
})

test('any output in any chunks is kept within its bounds, and the same', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      status(0),
      'tar: a: Cannot open: No\n',
      names.slice(0, 70 * kib),
      'x'.repeat(90_000),
    ),
  )
  const sizes = fc.array(fc.integer({ min: 1, max: 200 * kib }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), sizes, sizes, async (pieces, some, others) => {
      const bytes = Buffer.from(pieces.join(''))
      const kept = await captured(toChunks(bytes, some))
      expect(kept.length).toBeLessThan(mostBytes)
      expect((await captured(toChunks(bytes, others))).equals(kept)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test.each([
  ['without an end', 'x'.repeat(kib), ''],
  ['of carriage returns', `${'9'.repeat(60)}\r`, ''],
  ['that an adapter needs', 'tar: '.repeat(200), '… 1 of the lines that tell how the run went left out …'],
])('a line of 30 MB %s is bounded', async (_, piece, mark) => {
  const chunk = Buffer.from(piece.repeat(64))
  const capture = buildOutputCapture(neededLinesLoader({ command: ['tar'] }))
  for (let bytes = 0; bytes < 30_000_000; bytes += chunk.length) await capture.add(chunk)
  const kept = capture.end()
  expect(kept.length).toBeLessThan(mostBytes)
  expect(kept.toString()).toContain(mark)
})

async function captured(chunks: readonly Buffer[], program = 'backup.sh'): Promise<Buffer> {
  const capture = buildOutputCapture(() => Promise.resolve(buildNeededLines(toolsOfProgram(program))))
  for (const chunk of chunks) await capture.add(chunk)
  return capture.end()
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

function withoutSuperseded(text: string): string {
  const lines = text.split(/(?<=\n)/)
  const isStatus = (line = '') => line.startsWith('{"message_type":"status"')
  return lines.filter((line, index) => !isStatus(line) || !isStatus(lines[index + 1])).join('')
}
