import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { duplicati } from './duplicati.ts'

const aReport = (data: Record<string, unknown> | null = {}, rest: Record<string, unknown> = {}): string =>
  JSON.stringify({
    Data: data && {
      MainOperation: 'Backup',
      ParsedResult: 'Success',
      ExaminedFiles: 10,
      AddedFiles: 2,
      ModifiedFiles: 1,
      ...data,
    },
    Extra: { OperationName: 'Backup', 'backup-name': 'Documents' },
    LogLines: [],
    ...rest,
  })
const read = (
  data: Record<string, unknown> | null,
  rest: Record<string, unknown> = {},
  exitStatus: number | null = null,
) => duplicati.read(anOutput({ stdout: aReport(data, rest), exitStatus }))

describeAdapter(duplicati, {
  successes: [1],
  isDocument: true,
  pieces: [
    aReport(),
    aReport({ AddedFiles: 0, ModifiedFiles: 0 }),
    aReport({ ParsedResult: 'Fatal' }),
    'message=Duplicati+Backup+report+for+x%0AMainOperation%3A+Backup%0AParsedResult%3A+Success',
    'Duplicati Backup report for x',
    'ParsedResult: Success',
  ],
})

describe('the result', () => {
  test.each([
    ['Success', {}, 'finished', ['COMPLETED']],
    ['Warning', {}, 'finished', ['WARNINGS']],
    ['Error', {}, 'failed', ['ERRORS']],
    ['Fatal', {}, 'failed', ['ERRORS']],
    ['Unknown', {}, 'finished', ['WARNINGS']],
    ['Splendid', {}, 'finished', ['WARNINGS']],
    ['Success', { Exception: 'System.Exception: x\n at y' }, 'failed', ['ERRORS']],
  ])('%s with %o', (ParsedResult, rest, state, types) => {
    const reading = read({ ParsedResult }, rest)
    expect(reading.state).toBe(state)
    expect(conditionOf(reading).types).toEqual(types)
    if (types[0] !== 'COMPLETED') expect(reading.messages).not.toEqual([])
  })

  test.each([
    ['without a result', { ParsedResult: undefined }, ['WARNINGS']],
    ['that was interrupted', { Interrupted: true }, ['CANCELED']],
    ['that is partial', { PartialBackup: true }, ['WARNINGS']],
    ['with errors that it counts', { ErrorsActualLength: 3 }, ['WARNINGS']],
    ['with files in error', { FilesWithError: 3 }, ['WARNINGS']],
    ['that read nothing', { ExaminedFiles: 0, AddedFiles: 0, ModifiedFiles: 0 }, ['NO_FILE_DATA_BACKED_UP']],
    ['that could read nothing', { NotProcessedFiles: 10 }, ['NO_FILE_DATA_BACKED_UP']],
  ])('of a backup %s', (_, data, types) => {
    expect(conditionOf(read(data)).types).toEqual(types)
  })
})

describe('an exit status beside a report', () => {
  const unchanged = { AddedFiles: 0, ModifiedFiles: 0 }

  test.each([
    ['0', 0, {}, ['COMPLETED']],
    ['1 when nothing changed', 1, unchanged, ['NO_FILE_DATA_BACKED_UP']],
    ['1 when something did', 1, {}, ['ERRORS']],
    ['2', 2, {}, ['WARNINGS']],
    ['3', 3, {}, ['ERRORS']],
    ['50', 50, {}, ['WARNINGS']],
    ['100', 100, {}, ['ERRORS']],
    ['2 of a failed run', 2, { ParsedResult: 'Fatal' }, ['ERRORS']],
  ])('is %s', (_, exitStatus, data, types) => {
    expect(conditionOf(read(data, {}, exitStatus)).types).toEqual(types)
  })
})

describe('a text without a report', () => {
  test.each([
    ['nothing', ''],
    ['a test of the address', '{"Data":null,"Extra":{},"LogLines":[]}'],
    ['other JSON', '{"Data":{"a":1}}'],
    ['a title alone', 'Duplicati Backup report for Documents'],
    ['a report that was cut off', aReport().slice(0, -1)],
  ])('is none: %s', (_, stdout) => {
    expect(() => duplicati.read(anOutput({ stdout, exitStatus: null }))).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    )
    expect(conditionOf(duplicati.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
    expect(conditionOf(duplicati.read(anOutput({ stdout, exitStatus: 100 }))).types).toEqual(['ERRORS'])
  })
})

test('the words of a form are read as those of a mail', () => {
  const form = duplicati.read(outputOf(duplicati, 'duplicati-2.0.4.5-form-failed-documented'))
  expect(form).toEqual(duplicati.read(outputOf(duplicati, 'duplicati-2.0.4.5-text-failed-documented')))
})

test('a form whose characters were cut in half is read all the same', () => {
  const stdout = 'message=Duplicati+Backup+report+for+%F0%9F%0D%0A%0D%0AFailed%3A+%ZZ+gone'
  expect(duplicati.read(anOutput({ stdout, exitStatus: null }))).toMatchObject({ state: 'failed', errors: 1 })
})

test('a report on Windows, with CRLF, and after other lines is read', () => {
  const { stdout } = outputOf(duplicati, 'duplicati-2.0.4.5-text-success-documented')
  const mail = `Subject: Duplicati Backup report\r\n\r\n${stdout.replaceAll('\n', '\r\n')}`
  expect(duplicati.read(anOutput({ stdout: mail, exitStatus: null }))).toMatchObject({
    processedFiles: 120,
    bytes: 2_048,
  })
})

test('messages show the failure first, then the log', () => {
  const reading = read(null, {
    Exception: 'System.Exception: gone\n at x',
    LogLines: ['2025 - [Warning-a.b]: c', '[Information-a.b]: d', 5],
  })
  expect(textsOf(reading)).toEqual(['System.Exception: gone', '2025 - [Warning-a.b]: c'])
})
