import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { robocopy } from './robocopy.ts'

const banner = '   ROBOCOPY     ::     Robust File Copy for Windows'
const aRow = (name: string, cells: readonly (string | number)[]) =>
  `${name.padStart(8)} :${cells.map(cell => String(cell).padStart(10)).join('')}`
const aTable = (files: readonly number[] = [10, 2, 8, 0, 0, 0], directories: readonly number[] = [3, 0, 3, 0, 0, 0]) =>
  [
    '               Total    Copied   Skipped  Mismatch    FAILED    Extras',
    aRow('Dirs', directories),
    aRow('Files', files),
    aRow('Bytes', ['14.20 m', '2.50 m', '11.70 m', 0, 0, 0]),
  ].join('\n')
const conditionAt = (stdout: string, exitStatus: number | null) =>
  conditionOf(robocopy.read(anOutput({ stdout, exitStatus }))).types

describeAdapter(robocopy, {
  successes: [1, 2, 3],
  pieces: [
    banner,
    aTable(),
    aTable([10, 0, 10, 0, 0, 0]),
    aTable([10, 2, 7, 0, 1, 0]),
    '  Options : *.* /L /S /R:1 /W:1',
  ],
})

describe('the exit status is a set of bits', () => {
  const stdout = `${banner}\n${aTable()}`

  test.each([
    [0, ['COMPLETED']],
    [1, ['COMPLETED']],
    [2, ['COMPLETED']],
    [3, ['COMPLETED']],
    [4, ['WARNINGS']],
    [5, ['WARNINGS']],
    [7, ['WARNINGS']],
    [8, ['ERRORS']],
    [9, ['ERRORS']],
    [15, ['ERRORS']],
    [16, ['ERRORS']],
    [17, ['ERRORS']],
    [124, ['ERRORS']],
    [130, ['CANCELED']],
    [137, ['EXCEPTION']],
    [null, ['COMPLETED']],
  ])('%s beside a table', (exitStatus, types) => {
    expect(conditionAt(stdout, exitStatus)).toEqual(types)
  })

  test.each([0, 1, 2, 3])('%i without a table is not known to be good', exitStatus => {
    expect(conditionAt(banner, exitStatus)).toEqual(['WARNINGS'])
  })

  test.each([1, 2, 3, 4, 7])('%i of another command is a failure', exitStatus => {
    expect(conditionAt('error: cannot open the share', exitStatus)).toEqual(['ERRORS'])
    expect(conditionAt('', exitStatus)).toEqual(['ERRORS'])
  })

  test('without an exit status and without a table, the run has crashed', () => {
    expect(conditionAt(banner, null)).toEqual(['EXCEPTION'])
  })
})

describe('the table', () => {
  test('with something that failed makes a failure, whatever a script ends with', () => {
    expect(conditionAt(aTable([10, 2, 7, 0, 1, 0]), 0)).toEqual(['ERRORS'])
    expect(conditionAt(aTable([10, 2, 8, 0, 0, 0], [3, 0, 2, 0, 1, 0]), 1)).toEqual(['ERRORS'])
    expect(conditionAt(`${aTable([10, 2, 7, 0, 1, 0])}\n${aTable()}`, 1)).toEqual(['ERRORS'])
  })

  test('of several runs of a script is one of them, whose numbers add up', () => {
    const reading = robocopy.read(anOutput({ stdout: `${aTable()}\n${aTable()}`, exitStatus: 1 }))
    expect(reading).toMatchObject({ totalFiles: 20, processedFiles: 20, newFiles: 4, bytes: 2 * 2_621_440 })
  })

  test('that was cut off is none', () => {
    const stdout = `${banner}\n${aTable().split('\n').slice(0, 3).join('\n')}`
    expect(robocopy.read(anOutput({ stdout, exitStatus: 1 }))).toMatchObject({ processedFiles: null, warnings: 1 })
  })
})

test('a retry is told once for each try, with its reason', () => {
  const reading = robocopy.read(outputOf(robocopy, 'robocopy-10.0-retried-documented'))
  expect(reading).toMatchObject({ warnings: 0, state: 'finished' })
  expect(textsOf(reading)).toEqual([
    '2026/11/23 02:00:01 ERROR 5 (0x00000005) Copying File C:\\Data\\secret.txt – Access is denied.',
  ])
})
