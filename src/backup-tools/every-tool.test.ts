import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { backupTools } from './index.ts'
import { longestMessage } from '../domain/text.ts'
import { mostMessages, toShownMessages } from './run-messages.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'

const successesOf = ({ usage }: BackupTool): readonly number[] => usage.successes ?? [0]
const warningsOf = ({ usage }: BackupTool): readonly number[] => usage.warnings ?? []

const fixtures = new URL('../../test/fixtures/', import.meta.url)
const tools = backupTools.map(tool => [tool.name, tool] as const)
const recorded = backupTools.flatMap(tool =>
  recordedCases(tool.name).map(one => ({ tool, name: one.case, output: recordedOutput(tool.name, one) })),
)

/** The reading, or null where the tool says that the output is not its own. Anything else thrown is a fault. */
function readOrNull(tool: BackupTool, output: ToolOutput): ToolReading | null {
  try {
    return tool.read(output)
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

test.each(tools)('the name of %s is that of the folder of its fixtures', name => {
  expect(existsSync(new URL(`${name}/cases.json`, fixtures))).toBe(true)
})

test.each(tools)('the example of %s runs one of its programs', (_, { name, usage: { programs, example } }) => {
  const words = example?.command.split(/[\s']+/) ?? []
  expect(name === 'generic' || example === null || programs.some(program => words.includes(program))).toBe(true)
})

test.each(tools)('with every exit status that %s calls done some recorded backup is done', (_, tool) => {
  const outputs = recorded.filter(one => one.tool === tool).map(({ output }) => ({ ...output, signal: null }))
  const undone = [...successesOf(tool), ...warningsOf(tool)].filter(
    exitStatus => !outputs.some(output => readOrNull(tool, { ...output, exitStatus })?.state === 'finished'),
  )
  expect(undone).toEqual([])
})

test('every output is recognized by its own tool or by none', () => {
  const wrong = recorded.flatMap(({ tool, name, output }) =>
    backupTools.filter(other => other !== tool && other.recognizes(output)).map(other => `${name} by ${other.name}`),
  )
  expect(wrong).toEqual([])
})

describe('whatever the text, the exit status and the signal', () => {
  const streams = recorded.flatMap(({ output }) => [output.stdout, output.stderr]).filter(text => text !== '')
  const stream = fc.constantFrom(...streams)
  const position = fc.nat({ max: 4_000 })
  const cut = fc.tuple(stream, position, position).map(([text, from, length]) => text.slice(from, from + length))
  const mutated = fc
    .tuple(stream, position, fc.nat({ max: 20 }), fc.string({ unit: 'binary' }))
    .map(([text, at, length, instead]) => text.slice(0, at) + instead + text.slice(at + length))
  const shuffled = fc.tuple(stream, fc.nat({ max: 60 })).map(([text, by]) => {
    const lines = text.split('\n')
    return [...lines.slice(by), ...lines.slice(0, by)].join('\n')
  })
  const arbitrary = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }), fc.json())
  const piece = fc.oneof(stream, cut, mutated, shuffled, arbitrary)
  const text = fc
    .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r', ''))
    .map(([pieces, end]) => pieces.join(end))
  const exitStatus = fc.option(fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 0, max: 255 })), {
    freq: 8,
  })
  const signal = fc.option(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'SIGSEGV', '9', ' ', 'odd'), { freq: 3 })
  const output: fc.Arbitrary<ToolOutput> = fc.record({ stdout: text, stderr: text, exitStatus, signal })

  test.each(tools)('%s keeps its promises', (_, tool) => {
    fc.assert(
      fc.property(output, output => {
        tool.recognizes(output)
        const reading = readOrNull(tool, output)
        if (reading) expectSoundReading(tool, output, reading)
      }),
      { numRuns: 400 },
    )
  })

  test.each(tools)('%s keeps its promises on every output of every tool', (_, tool) => {
    for (const { output } of recorded) {
      for (const exitStatus of [0, 1, 2, 3, 77, 105, 137, null]) {
        const given = { ...output, exitStatus }
        const reading = readOrNull(tool, given)
        if (reading) expectSoundReading(tool, given, reading)
      }
    }
  })
})

function expectSoundReading(tool: BackupTool, { exitStatus }: ToolOutput, reading: ToolReading): void {
  const isSuccess = exitStatus === null || successesOf(tool).includes(exitStatus)
  if (!isSuccess) {
    expect(conditionOf(reading).status).not.toBe('COMPLETED')
    if (!warningsOf(tool).includes(exitStatus)) expect(reading.state).not.toBe('finished')
  }
  const { totalFiles, processedFiles, newFiles, bytes, errors, warnings, messages } = reading
  for (const count of [totalFiles, processedFiles, newFiles, bytes]) {
    if (count !== null) expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
  }
  for (const count of [errors, warnings]) expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
  if (reading.state === 'failed') expect(errors).toBeGreaterThan(0)
  const shown = toShownMessages(messages, text => text)
  expect(shown).toHaveLength(messages.length)
  expect(shown.length).toBeLessThanOrEqual(mostMessages)
  for (const { text } of shown) {
    expect(text.length).toBeLessThanOrEqual(longestMessage)
    expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
  }
}

describe('an output ten times as long takes no more than a generous multiple of the time', () => {
  const hostile: readonly [string, string][] = [
    ['one line', 'x'],
    ['one line of blanks', ' '],
    ['one line of digits', '9'],
    ['one line of words and colons', 'a: '],
    ['one line of quotes and slashes', '"/a/b" '],
    ['one line of opening brackets', '{"a":['],
    ['one line of escape codes that never end', '\u001B[1;'],
    ['line ends', '\n'],
    ['carriage returns', '\r'],
    ['short lines', 'a\n'],
    ['opening brackets, each on its own line', '{\n'],
    ['opening and closing brackets', '[\n]\n{\n}\n'],
    ['names in directories', 'a/\na/b\n'],
  ]
  const cases = backupTools.flatMap(tool => hostile.map(([name, piece]) => [tool.name, name, tool, piece] as const))

  test.each(cases)('%s reads %s', (_, _name, tool, piece) => expectLinear(tool, piece))

  test.each(tools)('%s reads its own output over and over', (_, tool) => {
    const own = recorded.filter(one => one.tool === tool).map(({ output }) => `${output.stdout}\n${output.stderr}\n`)
    const longest = own.reduce((one, other) => (other.length > one.length ? other : one), 'a\n')
    expectLinear(tool, longest.slice(0, 20_000))
  })
})

const short = 100_000
const long = 1_000_000
// Ten times the work, and twice that for what the machine does besides; quadratic time would be a hundred times.
const mostRatio = 35
// Below this the clock and the collector of garbage decide.
const leastMs = 1

function expectLinear(tool: BackupTool, piece: string): void {
  const ratios: number[] = []
  for (let attempt = 0; attempt < 4; attempt += 1) {
    ratios.push(timeOf(tool, piece, long) / Math.max(leastMs, timeOf(tool, piece, short)))
    if (Math.min(...ratios) <= mostRatio) return
  }
  expect(Math.min(...ratios)).toBeLessThanOrEqual(mostRatio)
}

/** How many milliseconds `tool` takes to recognize and to read `piece` repeated to that length. */
function timeOf(tool: BackupTool, piece: string, length: number): number {
  const output = { stdout: piece.repeat(Math.ceil(length / piece.length)), stderr: '', exitStatus: 0, signal: null }
  const start = performance.now()
  tool.recognizes(output)
  readOrNull(tool, output)
  return performance.now() - start
}
