import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { sqlite3 } from './sqlite3.ts'

// What the shell of SQLite shares with the other tools of databases, its recorded runs among it: sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const begin = 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n'
const table = 'CREATE TABLE t(a);\nINSERT INTO t VALUES(1);\n'

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['COMPLETED']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['an error that a script hid', 'Error: database is locked', 0, 'backup', 'failed', ['ERRORS']],
    ['an error of 3.35', 'Error: near line 1: disk I/O error', 0, 'backup', 'failed', ['ERRORS']],
    ['an error of 3.41', 'Runtime error near line 1: database is locked (5)', 0, 'backup', 'failed', ['ERRORS']],
    ['a syntax error', 'Parse error near line 1: near "x": syntax error', 1, 'backup', 'failed', ['ERRORS']],
    ['a checkpoint', '0|0|0', 0, 'backup', 'finished', ['COMPLETED']],
    ['a mode and silence', 'wal', 0, 'backup', 'finished', ['COMPLETED']],
    ['a check alone', 'ok', 0, 'maintenance', 'finished', ['COMPLETED']],
    ['a check alone, without exit status', 'ok', null, 'maintenance', 'finished', ['COMPLETED']],
    ['a checkpoint and a check', '0|0|0\nok', 0, 'backup', 'finished', ['COMPLETED']],
    [
      'a check that finds damage',
      '*** in database main ***\nPage 3: btreeInitPage() returns error code 11',
      0,
      'maintenance',
      'failed',
      ['ERRORS'],
    ],
    ['a check that finds a damaged index', 'row 1 missing from index i', 0, 'maintenance', 'failed', ['ERRORS']],
    ['a dump', `${begin}${table}COMMIT;\n`, 0, 'backup', 'finished', ['COMPLETED']],
    ['a dump without exit status', `${begin}${table}COMMIT;\n`, null, 'backup', 'finished', ['COMPLETED']],
    ['a dump without its last line', begin + table, 0, 'backup', 'finished', ['WARNINGS']],
    ['a dump without its last line and exit status', begin + table, null, 'backup', 'crashed', ['EXCEPTION']],
    ['a dump of a damaged database', `${begin}${table}ROLLBACK; -- due to errors\n`, 0, 'backup', 'failed', ['ERRORS']],
    [
      'a dump with damage in it',
      `${begin}/****** CORRUPTION ERROR *******/\nCOMMIT;`,
      0,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    ['a dump of nothing', `${begin}COMMIT;\n`, 0, 'backup', 'finished', ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP']],
    [
      'a dump whose rows look like a check',
      `${begin}${table}ok\nPage 3: x\nCOMMIT;`,
      0,
      'backup',
      'finished',
      ['COMPLETED'],
    ],
    ['a kill', '', 137, 'backup', 'crashed', ['EXCEPTION']],
  ])('by %s', (_, stdout, exitStatus, type, state, types) => {
    const reading = sqlite3.read(anOutput({ stdout, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['text of another program', 'sh: 1: sqlite3: not found', 0],
    ['rows of a query', 'Ada|1815\nGrace|1906', 0],
  ])('that only %s tells is not to be read', (_, stdout, exitStatus) => {
    expect(() => sqlite3.read(anOutput({ stdout, exitStatus }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test('what it recognizes is a dump', () => {
  const known = recordedCases('sqlite3').filter(recorded => sqlite3.recognizes(recordedOutput('sqlite3', recorded)))
  expect(known.map(recorded => recorded.case)).toEqual(['sqlite3-3.40.1-dump', 'sqlite3-3.40.1-dump-corrupt'])
})
