import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import { readToolReport, toolReportParameters } from './tool-report.ts'

const parameterNames = Object.keys(toolReportParameters)
const read = (parameters: Parameters<typeof readToolReport>[0]) => readToolReport(parameters, 'America/New_York')

const nothing = {
  runKey: null,
  backupsetName: null,
  startedAt: null,
  endedAt: null,
  exitStatus: null,
  signal: null,
  tool: null,
  command: null,
  timeLimit: null,
  isOutputDropped: false,
}

test('what is not said is null', () => {
  expect(read({})).toEqual(nothing)
})

test('an empty parameter counts as absent', () => {
  expect(read(Object.fromEntries(parameterNames.map(name => [name, ''])))).toEqual(nothing)
})

test('every parameter is read as it says', () => {
  const parameters = {
    tool: 'restic',
    command: 'restic backup',
    backupset: ' Documents ',
    exit_status: '3',
    signal: 'SIGRTMIN+3',
    run_key: '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f',
    local_start: '2026-03-05T09:00:00+01:00',
    local_end: '2026-03-05T09:00:00Z',
    time_limit: '21600',
    output: 'dropped',
  }
  expect(read(parameters)).toEqual({
    tool: 'restic',
    command: 'restic backup',
    backupsetName: 'Documents',
    exitStatus: 3,
    signal: 'SIGRTMIN+3',
    runKey: '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f',
    startedAt: { at: Date.parse('2026-03-05T08:00:00Z'), offsetMinutes: 60 },
    endedAt: { at: Date.parse('2026-03-05T09:00:00Z'), offsetMinutes: -300 },
    timeLimit: 21_600,
    isOutputDropped: true,
  })
})

test.each([
  ['0', 0],
  ['-1', -1],
  ['255', 255],
  ['00', 0],
  ['4294967295', 4_294_967_295],
  ['-2147483648', -2_147_483_648],
])('exit_status %s', (exit_status, exitStatus) => {
  expect(read({ exit_status })).toEqual({ ...nothing, exitStatus })
})

test.each([
  ['exit_status', 'x', 'exit_status must be a whole number such as 0 or 3, not "x".'],
  ['exit_status', '1.0', 'exit_status must be a whole number'],
  ['exit_status', '+1', 'exit_status must be a whole number'],
  ['exit_status', ' 1', 'exit_status must be a whole number'],
  ['exit_status', '0x1', 'exit_status must be a whole number'],
  ['exit_status', '4294967296', 'exit_status must be a whole number'],
  ['exit_status', '-2147483649', 'exit_status must be a whole number'],
  ['exit_status', '9'.repeat(400), 'exit_status must be a whole number'],
  ['signal', 'SIG-INT', 'signal must be the name of a signal, such as SIGINT.'],
  ['signal', 'x'.repeat(21), 'signal must be the name of a signal, such as SIGINT.'],
  ['run_key', '7f3c9a521c0d4d3e8f210a9b8c7d6e5f', 'run_key must be a UUID.'],
  ['run_key', '{7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f}', 'run_key must be a UUID.'],
  ['local_start', '05.03.2026', 'local_start must be a date such as'],
  ['local_end', '2026-03-05', 'local_end must be a date such as'],
  ['backupset', '\t\n', 'backupset must not be empty.'],
  ['backupset', 'a\u0007b', 'backupset must be one line of text without control characters.'],
])('%s=%s is refused', (name, value, message) => {
  expect(() => read({ [name]: value })).toThrow(message)
})

test('whatever the parameters say, they are read or refused as invalid', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...parameterNames), text), parameters => {
      try {
        read(parameters)
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
        expect(error.message.length).toBeLessThan(300)
      }
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  [{ time_limit: '-1' }, 'time_limit must be a whole number of seconds.'],
  [{ time_limit: '6h' }, 'time_limit must be a whole number of seconds.'],
  [{ output: 'none' }, 'output must be sent or dropped.'],
])('%j is refused', (parameters, message) => {
  expect(() => read(parameters)).toThrow(message)
})
