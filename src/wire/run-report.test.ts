import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import { runStates } from '../domain/run.ts'
import { statesByWire, wireStates, wireStatusNames } from './constants.ts'
import { readRunReport, RunReport } from './run-report.ts'

const zone = 'America/New_York'
const read = (value: unknown) => readRunReport(value, zone)

const aSuccess = (members: object) => read({ status: 'SUCCESS', ...members })

const nothing = {
  runKey: null,
  type: 'backup',
  backupsetName: null,
  plugin: null,
  state: 'finished',
  startedAt: null,
  endedAt: null,
  totalFiles: null,
  processedFiles: null,
  newFiles: null,
  bytes: null,
  errors: null,
  warnings: null,
  exitStatus: null,
  tool: null,
  messages: [],
  log: '',
}

test('what a report does not say is null: unknown is not zero', () => {
  expect(aSuccess({})).toEqual(nothing)
})

test('a report with every member is read as it says', () => {
  const report = {
    run_key: '7F3C9A52-1C0D-4D3E-8F21-0A9B8C7D6E5F',
    type: 'BACKUP',
    backupset_name: ' Documents ',
    plugin: 'SQL',
    status: 'SUCCESS',
    exit_status: 0,
    local_start: '2026-03-05T09:00:00+05:45',
    local_end: '2026-03-05T09:10:00.250+05:45',
    total_files: 3,
    processed_files: 2,
    new_files: 1,
    bytes: Number.MAX_SAFE_INTEGER,
    errors: 0,
    warnings: 4,
    messages: [{ level: 'ERROR', text: 'a\u0000\uD800b' }],
    log: 'c\u0000d',
  }
  expect(read(report)).toEqual({
    runKey: '7F3C9A52-1C0D-4D3E-8F21-0A9B8C7D6E5F',
    type: 'backup',
    backupsetName: 'Documents',
    plugin: 'sql',
    state: 'finished',
    startedAt: { at: Date.parse('2026-03-05T03:15:00Z'), offsetMinutes: 345 },
    endedAt: { at: Date.parse('2026-03-05T03:25:00.250Z'), offsetMinutes: 345 },
    totalFiles: 3,
    processedFiles: 2,
    newFiles: 1,
    bytes: Number.MAX_SAFE_INTEGER,
    errors: 0,
    warnings: 4,
    exitStatus: 0,
    tool: null,
    messages: [{ level: 'error', text: 'a\uFFFD\uFFFDb' }],
    log: 'c\uFFFDd',
  })
})

test.each<[string, object, object]>([
  [
    'constants in any letter case',
    { type: 'Restore', plugin: 'sQl', status: 'running' },
    { type: 'restore', plugin: 'sql', state: 'running' },
  ],
  [
    'levels in any letter case',
    { messages: [{ level: 'Info', text: '' }] },
    { messages: [{ level: 'info', text: '' }] },
  ],
  ['an empty date is an absent one', { local_start: '', local_end: '' }, nothing],
  ['an empty signal is none', { signal: '' }, nothing],
  [
    'a date without an offset is on the computer’s clock',
    { local_start: '2026-07-01T00:00:00' },
    { startedAt: { at: Date.parse('2026-07-01T04:00:00Z'), offsetMinutes: -240 } },
  ],
  [
    'an empty set name of a restore is none',
    { type: 'RESTORE', backupset_name: '' },
    { type: 'restore', backupsetName: null },
  ],
  ['composed and decomposed letters are one name', { backupset_name: 'a\u0308' }, { backupsetName: '\u00E4' }],
  [
    'what only the server sets is not read',
    { action_id: 7, username: 'x', computer_id: '9', condition_status: 'FAILURE', condition_types: ['ERRORS'] },
    nothing,
  ],
])('%s', (_, report, expected) => {
  expect(aSuccess(report)).toMatchObject(expected)
})

test.each<[string, object, string]>([
  ['a status alone', { status: 'CANCELED' }, 'canceled'],
  ['an exit status alone', { exit_status: 0 }, 'finished'],
  ['a failing exit status', { exit_status: -1 }, 'failed'],
  ['a signal that stops', { signal: 'SIGINT' }, 'canceled'],
  ['a signal that kills', { exit_status: 0, signal: 'SIGKILL' }, 'crashed'],
  ['a success that the exit status contradicts', { status: 'SUCCESS', exit_status: 1 }, 'failed'],
  ['a failure that the exit status does not know of', { status: 'ERROR', exit_status: 0 }, 'failed'],
])('the outcome: %s', (_, report, state) => {
  expect(read(report)).toMatchObject({ state })
})

test.each<[string, object, string]>([
  ['no outcome', { status: undefined }, 'status is missing: say how the run stands, or send its exit_status.'],
  ['an empty set name', { backupset_name: '' }, 'backupset_name must not be empty.'],
  [
    'a date that is none',
    { local_end: 'now' },
    'local_end must be a date such as 2026-03-05T01:00:00-05:00, not "now".',
  ],
  ['a date before 1970', { local_start: '1969-12-31T23:59:59Z' }, 'local_start must be a date'],
  ['a date of a distant year', { local_start: '9999-12-31T23:59:59-12:00' }, 'local_start must be a date'],
  [
    'a level in no language',
    { messages: [{ level: 'LOUD', text: '' }] },
    'messages.0.level must be one of ERROR, WARNING, INFO.',
  ],
  [
    'an unknown member of a message',
    { messages: [{ level: 'INFO', text: '', at: 1 }] },
    'messages.0.at is not a known member.',
  ],
])('%s is refused', (_, report, message) => {
  expect(() => aSuccess(report)).toThrow(message)
})

describe('every JSON value', () => {
  const members = Object.keys(RunReport.properties)
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '',
      'SUCCESS',
      'backup',
      '2026-03-05T01:00:00Z',
      '9999-12-31T23:59:59',
      '1970-01-01T00:00:00',
      'SIGINT',
      '\uD800',
    ),
    fc.date().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  )
  const numbers = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 2 ** 53, 2 ** 32, -1, 1e308))
  const values = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null), fc.jsonValue() as fc.Arbitrary<unknown>)
  const reports = fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string({ maxLength: 20 })), values, {
    maxKeys: 6,
  })
  const almostRight = fc.record(
    {
      status: fc.constantFrom('SUCCESS', 'running', 'ERROR'),
      local_start: texts,
      local_end: texts,
      backupset_name: texts,
      errors: numbers,
      messages: fc.array(fc.record({ level: fc.constantFrom('ERROR', 'info', 'X'), text: texts })),
      log: texts,
    },
    { requiredKeys: [] },
  )

  test('is a report or is refused as invalid, with a sentence that is not endless', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue() as fc.Arbitrary<unknown>, reports, almostRight), value => {
        try {
          read(value)
        } catch (error) {
          if (!isAppError(error, 'invalid')) throw error
          expect(error.message).toMatch(/^[^]{1,600}\.$/)
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('is not changed by being read', () => {
    fc.assert(
      fc.property(almostRight, report => {
        const before = structuredClone(report)
        try {
          read(report)
        } catch (error) {
          if (!isAppError(error, 'invalid')) throw error
        }
        expect(report).toEqual(before)
      }),
    )
  })
})

test('every status on the wire stands for a state, and is what that state is shown as', () => {
  for (const status of wireStatusNames) expect(wireStates[statesByWire[status]]).toBe(status)
  expect(Object.keys(wireStates).toSorted()).toEqual(Object.keys(runStates).toSorted())
})
