import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput, recordedTools } from '../../test/support/recorded-cases.ts'
import { pgDump } from './pg-dump.ts'
import { sqlite3 } from './sqlite3.ts'
import { walg } from './walg.ts'
import { barman } from './barman.ts'
import { mariabackup } from './mariabackup.ts'
import { mydumper } from './mydumper.ts'
import { mysqldump } from './mysqldump.ts'
import { pgBasebackup } from './pg-basebackup.ts'
import { pgbackrest } from './pgbackrest.ts'
import { toShownMessages } from './run-messages.ts'

/** The tools of databases, and with which exit statuses each may have finished. What they share is tested here. */
const tools: readonly { tool: BackupTool; successes: readonly number[] }[] = [
  { tool: pgDump, successes: [0, 1] },
  { tool: pgbackrest, successes: [0] },
  { tool: pgBasebackup, successes: [0] },
  { tool: mysqldump, successes: [0] },
  { tool: mariabackup, successes: [0] },
  { tool: mydumper, successes: [0] },
  { tool: barman, successes: [0] },
  { tool: walg, successes: [0] },
  { tool: sqlite3, successes: [0] },
]

const casesOf = (folder: string) =>
  recordedCases(folder).map(recorded => [recorded.case, recorded, recordedOutput(folder, recorded)] as const)
const readings = (reading: ToolReading) => ({ ...reading, messages: reading.messages.map(({ text }) => text).sort() })

describe.each(tools.map(({ tool, successes }) => [tool.name, tool, successes] as const))(
  '%s',
  (name, tool, successes) => {
    const cases = casesOf(name)

    test.each(cases)('reads the recorded run %s', (_, recorded, output) => {
      const reading = tool.read(output)
      const { status, types, ...facts } = recorded.expected
      expect(reading).toMatchObject(facts)
      expect(reading.plugin).toBe('sql')
      expect(conditionOf(reading)).toMatchObject({ status, types })
    })

    test.each(cases)('reads %s the same merged, with CRLF, and with escape codes', (_, __, output) => {
      const { stdout, stderr } = output
      const apart = readings(tool.read(output))
      const isBinary = stdout.includes('\0')
      const gap = stdout === '' || stdout.endsWith('\n') || isBinary ? '' : '\n'
      const both = stdout + gap + stderr
      expect(readings(tool.read({ ...output, stdout: both, stderr: '' }))).toEqual(apart)
      expect(readings(tool.read({ ...output, stdout: '', stderr: both }))).toEqual(apart)
      const windows = { ...output, stdout: stdout.replaceAll('\n', '\r\n'), stderr: stderr.replaceAll('\n', '\r\n') }
      expect(readings(tool.read(windows))).toEqual(apart)
      const coloured = { ...output, stderr: stderr.replaceAll(/^(.)/gm, '\u001B[31m\u001B[1m$1\u001B[0m') }
      expect(readings(tool.read(coloured))).toEqual(apart)
    })

    test.each(cases)('%s is never good when the process ended badly', (_, __, output) => {
      for (const [exitStatus, signal] of badEnds(successes)) {
        const reading = tryRead(tool, { ...output, exitStatus, signal })
        if (!reading) continue
        expect(reading.state).not.toBe('finished')
        expect(['FAILURE', 'WARNING']).toContain(conditionOf(reading).status)
        if (reading.state === 'failed') expect(reading.errors).toBeGreaterThan(0)
        expect(reading.messages).not.toEqual([])
      }
    })

    test.each(recordedTools.filter(other => other !== name))('recognizes no output of %s', other => {
      expect(casesOf(other).flatMap(([name, , output]) => (tool.recognizes(output) ? [name] : []))).toEqual([])
    })

    describe('whatever the text', () => {
      const output = anyOutput(name)

      test('throws nothing but invalid, and is never better than the end of the process', () => {
        fc.assert(
          fc.property(output, output => {
            tool.recognizes(output)
            const reading = tryRead(tool, output)
            if (!reading) return
            expectSound(reading)
            const { exitStatus, signal } = output
            const isBad = signal !== null || (exitStatus !== null && exitStatus !== 0)
            if (!isBad) return
            expect(conditionOf(reading).status).not.toBe('COMPLETED')
            if (reading.state === 'finished') {
              expect(successes).toContain(exitStatus)
              expect(signal).toBeNull()
              expect(reading.warnings).toBeGreaterThan(0)
            }
            if (reading.state === 'failed') expect(reading.errors).toBeGreaterThan(0)
          }),
          { numRuns: 1_000 },
        )
      })

      test.each(hostileTexts(name))('a megabyte of %s is read', (_, text) => {
        for (const output of [
          { stdout: text, stderr: '', exitStatus: 0, signal: null },
          { stdout: '', stderr: text, exitStatus: 1, signal: null },
        ]) {
          expect(() => [tool.recognizes(output), tryRead(tool, output)]).not.toThrow()
        }
      })
    })
  },
)

/** The reading, or undefined where the tool says that the text is not its own. */
function tryRead(tool: BackupTool, output: ToolOutput): ToolReading | undefined {
  try {
    return tool.read(output)
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    return undefined
  }
}

function badEnds(successes: readonly number[]): [number | null, string | null][] {
  const statuses = [1, 2, 3, 23, 63, 77, 124, 126, 127, 130, 137, 143, 255]
  return [
    ...statuses.filter(status => !successes.includes(status)).map((status): [number, null] => [status, null]),
    [0, 'SIGTERM'],
    [null, 'SIGINT'],
    [null, 'SIGKILL'],
    [0, '9'],
    [1, 'odd'],
  ]
}

function expectSound(reading: ToolReading): void {
  const { totalFiles, processedFiles, newFiles, bytes, errors, warnings, messages } = reading
  for (const count of [totalFiles, processedFiles, newFiles, bytes, errors, warnings]) {
    if (count !== null) expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
  }
  expect([errors, warnings]).not.toContain(null)
  expect(messages.length).toBeLessThanOrEqual(100)
  for (const { text } of toShownMessages(messages, text => text)) {
    expect(text.length).toBeLessThanOrEqual(1_000)
    expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
  }
}

function piecesOf(folder: string): string[] {
  return casesOf(folder).flatMap(([, , { stdout, stderr }]) => [stdout, stderr, ...`${stdout}\n${stderr}`.split('\n')])
}

function anyOutput(folder: string): fc.Arbitrary<ToolOutput> {
  const pieces = fc.constantFrom(...piecesOf(folder))
  const cut = fc.tuple(pieces, fc.nat(3_000), fc.nat(3_000)).map(([text, from, to]) => text.slice(from, from + to))
  const changed = fc.tuple(pieces, fc.integer()).map(([text, number]) => text.replaceAll(/\d+/g, String(number)))
  const binary = fc.uint8Array().map(bytes => new TextDecoder().decode(bytes))
  const piece = fc.oneof(pieces, pieces, cut, changed, binary, fc.string(), fc.string({ unit: 'binary' }))
  const stream = fc
    .tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r', ''))
    .map(([lines, end]) => lines.join(end))
  const exitStatus = fc.option(fc.oneof(fc.constantFrom(0, 0, 1, 2, 63, 130, 137), fc.integer({ min: 0, max: 255 })))
  const signal = fc.option(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'odd'), { freq: 4 })
  return fc.record({ stdout: stream, stderr: stream, exitStatus, signal })
}

function hostileTexts(folder: string): [string, string][] {
  const repeat = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length))
  const first = piecesOf(folder).filter(line => line !== '' && !line.includes('\n'))
  return [
    ...['x', ' ', '\t', '9', '[{"a":', '"', '-- ', ': ', '\u001B[', 'ERROR: ', '日本', '\0', '9 kB ('].map(
      (text): [string, string] => [JSON.stringify(text), repeat(text)],
    ),
    ...first.slice(0, 8).map((text): [string, string] => [`one line of "${text.slice(0, 40)}"`, repeat(text)]),
    ...first.slice(0, 8).map((text): [string, string] => [`lines of "${text.slice(0, 40)}"`, repeat(`${text}\n`)]),
  ]
}
