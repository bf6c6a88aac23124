import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../../src/domain/app-error.ts'
import type { BackupTool, ToolOutput, ToolReading } from '../../src/backup-tools/backup-tool.ts'
import { toShownMessages } from '../../src/backup-tools/run-messages.ts'
import { conditionOf, type RecordedCase, recordedCases, recordedOutput, recordedTools } from './recorded-cases.ts'

/** How an adapter differs from others in what it promises. */
export type AdapterPromises = {
  /** The exit statuses with which it may be green, besides 0 and besides an unknown one. */
  successes?: readonly number[]
  /** Whether it says nothing when all is well, so that an empty output with exit status 0 is green. */
  isSilent?: boolean
  /** Whether its recorded output is one document, which no line ends and no other stream may break. */
  isDocument?: boolean
  /** Pieces of its output to make up texts of, besides the recorded ones. */
  pieces?: readonly string[]
}

/** An output for a test: nothing printed, exit status 0. */
export const anOutput = (given: Partial<ToolOutput> = {}): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})

/** The texts of the messages of a reading. */
export const textsOf = (reading: ToolReading): string[] => reading.messages.map(message => message.text)

/** The output of a recorded case. */
export function outputOf(tool: BackupTool, name: string): ToolOutput {
  const recorded = recordedCases(tool.name).find(recorded => recorded.case === name)
  if (!recorded) throw new Error(`There is no recorded case ${name}.`)
  return recordedOutput(tool.name, recorded)
}

/** Declares the tests that every adapter must pass, on its recorded cases and on made-up output. */
export function describeAdapter(tool: BackupTool, promises: AdapterPromises = {}): void {
  const cases = recordedCases(tool.name)
  describe('recorded and documented runs', () => testRecorded(tool, cases))
  if (!promises.isDocument) describe('however the streams come', () => testStreams(tool, cases))
  describe('whatever the text', () => testAnyText(tool, cases, promises))
  test('an output of another tool is not recognized', () => {
    for (const { name, output } of foreignOutputs(tool.name)) expect(tool.recognizes(output), name).toBe(false)
  })
}

function testRecorded(tool: BackupTool, cases: readonly RecordedCase[]): void {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = tool.read(recordedOutput(tool.name, recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s is never green when it fails', (_, one) => {
    const output = recordedOutput(tool.name, one)
    for (const end of [{ exitStatus: 77 }, { exitStatus: 137 }, { signal: 'SIGTERM' }, { signal: 'SIGKILL' }]) {
      const reading = readOrNull(tool, { ...output, ...end })
      if (reading) expect(isGreen(reading)).toBe(false)
    }
  })
}

function testStreams(tool: BackupTool, cases: readonly RecordedCase[]): void {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same', (_, recorded) => {
    const output = recordedOutput(tool.name, recorded)
    const apart = toComparable(tool.read(output))
    const both = [output.stdout, output.stderr].filter(text => text !== '').join('\n')
    expect(toComparable(tool.read({ ...output, stdout: both, stderr: '' })), 'merged').toEqual(apart)
    expect(toComparable(tool.read({ ...output, stdout: '', stderr: both })), 'on stderr').toEqual(apart)
    const crlf = (text: string) => text.replaceAll(/\r?\n/g, '\r\n')
    const windows = { ...output, stdout: crlf(output.stdout), stderr: crlf(output.stderr) }
    expect(toComparable(tool.read(windows)), 'CRLF').toEqual(apart)
    const progress = '\u001B[1A\r  5.0% of 12 MB\r 50.0% of 12 MB\r\u001B[K'
    expect(toComparable(tool.read({ ...output, stdout: `${progress}\n${output.stdout}` })), 'progress').toMatchObject({
      state: apart.state,
      type: apart.type,
      bytes: apart.bytes,
    })
  })
}

function testAnyText(tool: BackupTool, cases: readonly RecordedCase[], promises: AdapterPromises): void {
  const outputs = anyOutput(tool, cases, promises)
  const runs = { numRuns: 400 }

  test('reading throws nothing but invalid, and recognizing nothing at all', () => {
    fc.assert(
      fc.property(outputs, output => {
        tool.recognizes(output)
        readOrNull(tool, output)
      }),
      runs,
    )
  })

  test('only a status of success, or none and no signal, is green', () => {
    fc.assert(
      fc.property(outputs, output => {
        const reading = readOrNull(tool, output)
        if (!reading || !isGreen(reading)) return
        expect([0, null, ...(promises.successes ?? [])]).toContain(output.exitStatus)
        expect(output.signal).toBeNull()
      }),
      runs,
    )
  })

  test('counts are whole numbers that are not negative, or unknown, and messages few and short', () => {
    fc.assert(
      fc.property(outputs, output => {
        const reading = readOrNull(tool, output)
        if (!reading) return
        const { totalFiles, processedFiles, newFiles, bytes, errors, warnings, messages } = reading
        for (const count of [totalFiles, processedFiles, newFiles, bytes, errors, warnings]) {
          expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true)
        }
        expect(messages.length).toBeLessThanOrEqual(100)
        for (const { text } of toShownMessages(messages, text => text)) expect(text.length).toBeLessThanOrEqual(1_000)
        if (reading.state === 'failed') expect(errors).toBeGreaterThan(0)
      }),
      runs,
    )
  })

  test('an empty output without an end is no success', () => {
    const reading = readOrNull(tool, anOutput({ exitStatus: null }))
    if (reading) expect(isGreen(reading)).toBe(false)
    const empty = readOrNull(tool, anOutput())
    if (empty) expect(isGreen(empty)).toBe(promises.isSilent ?? false)
  })

  test('megabytes in one line, and in many, are read', () => {
    const pieces = [...piecesOf(tool, cases), ...(promises.pieces ?? [])].filter(piece => piece.length < 200)
    for (const piece of new Set([...pieces, '9', ' ', '-', '{"a":', '[', '<td>', 'a.', '0 ', ': ', '\\', '&#39;'])) {
      const times = Math.ceil(1_000_000 / Math.max(1, piece.length))
      for (const end of ['', '\n']) {
        const output = anOutput({ stdout: `${piece}${end}`.repeat(end === '' ? times : Math.ceil(times / 4)) })
        expect(() => [tool.recognizes(output), readOrNull(tool, output)], JSON.stringify(piece)).not.toThrow()
      }
    }
  })
}

function anyOutput(tool: BackupTool, cases: readonly RecordedCase[], promises: AdapterPromises) {
  const whole = cases
    .map(recorded => recordedOutput(tool.name, recorded))
    .flatMap(output => [output.stdout, output.stderr])
  const pieces = [...whole, ...piecesOf(tool, cases), ...(promises.pieces ?? [])]
  const cut = fc
    .tuple(fc.constantFrom(...whole), fc.nat(3_000), fc.nat(3_000))
    .map(([text, from, to]) => text.slice(from, from + to))
  const binary = fc.uint8Array().map(bytes => new TextDecoder().decode(bytes))
  const piece = fc.oneof(fc.constantFrom(...pieces), cut, binary, fc.string(), fc.string({ unit: 'binary' }))
  const stream = fc
    .tuple(fc.array(piece, { maxLength: 10 }), fc.constantFrom('\n', '\r\n', '\r', ''))
    .map(([lines, end]) => lines.join(end))
  const one = fc.oneof(fc.constantFrom(...whole), stream)
  const exitStatus = fc.option(fc.oneof(fc.constantFrom(0, 1, 2, 3, 5, 8, 16, 130, 137), fc.nat(255)))
  const signal = fc.option(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'odd'), { freq: 4 })
  return fc.record({ stdout: one, stderr: fc.oneof(fc.constant(''), one), exitStatus, signal })
}

function piecesOf(tool: BackupTool, cases: readonly RecordedCase[]): string[] {
  const texts = cases.map(recorded => recordedOutput(tool.name, recorded))
  const lines = texts.flatMap(({ stdout, stderr }) => [...stdout.split('\n'), ...stderr.split('\n')])
  // One line of each shape: those that differ in digits alone say the same.
  return [...new Map(lines.map(line => [line.replaceAll(/\d+/g, '0').slice(0, 24), line])).values()]
}

function isGreen(reading: ToolReading): boolean {
  return (
    (reading.state === 'finished' && reading.warnings === 0 && reading.errors === 0) ||
    conditionOf(reading).status === 'COMPLETED'
  )
}

function readOrNull(tool: BackupTool, output: ToolOutput): ToolReading | null {
  try {
    return tool.read(output)
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

function toComparable(reading: ToolReading) {
  return { ...reading, messages: textsOf(reading).toSorted() }
}

function foreignOutputs(own: string): { name: string; output: ToolOutput }[] {
  return recordedTools
    .filter(name => name !== own)
    .flatMap(name => recordedCases(name).map(one => ({ name: one.case, output: recordedOutput(name, one) })))
}
