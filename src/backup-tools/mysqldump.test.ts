import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { mysqldump } from './mysqldump.ts'

// What mysqldump shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const connecting = '-- Connecting to localhost...\n'
const disconnecting = '-- Disconnecting from localhost...\n'
const table = '-- Retrieving table structure for table t...\n'
const password = 'mysqldump: [Warning] Using a password on the command line interface can be insecure.\n'
const tablespaces =
  "mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s) for this operation' when trying to dump tablespaces\n"
const lost = 'mysqldump: Error 2013: Lost connection to MySQL server during query when dumping table `t` at row: 7\n'

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'finished', ['COMPLETED']],
    ['silence and failure', '', 2, 'failed', ['ERRORS']],
    ['silence and an unknown status', '', 9, 'failed', ['ERRORS']],
    ['silence and SIGTERM', '', 143, 'canceled', ['CANCELED']],
    ['a remark on the password', password, 0, 'finished', ['COMPLETED']],
    [
      'a remark on the password of 5.6',
      'Warning: Using a password on the command line interface can be insecure.',
      0,
      'finished',
      ['COMPLETED'],
    ],
    ['a remark on its name', 'mysqldump: Deprecated program name. It will be removed', 0, 'finished', ['COMPLETED']],
    ['a warning', 'Warning: A partial dump from a server that has GTIDs', 0, 'finished', ['WARNINGS']],
    ['events that were left out', '-- Warning: Skipping the data of table mysql.event.', 0, 'finished', ['WARNINGS']],
    ['tablespaces that were left out', password + tablespaces, 0, 'finished', ['WARNINGS']],
    ['tablespaces that were left out, and a failure', tablespaces, 2, 'failed', ['ERRORS']],
    ['an error that a pipe hid', password + lost, 0, 'failed', ['ERRORS']],
    ['an error of 8.0', 'mysqldump: [ERROR] unknown option --x.', 2, 'failed', ['ERRORS']],
    ['something under its name that nobody knows', 'mariadb-dump: oh', 0, 'failed', ['ERRORS']],
    ['an error of the client beside it', 'ERROR 1045 (28000): Access denied', 0, 'failed', ['ERRORS']],
    ['a connection that was cut', connecting + table, 0, 'finished', ['WARNINGS']],
    ['an error and no exit status', lost, null, 'failed', ['ERRORS']],
    ['a cut connection and no exit status', connecting, null, 'crashed', ['EXCEPTION']],
  ])('by %s', (_, stderr, exitStatus, state, types) => {
    const reading = mysqldump.read(anOutput({ stderr, exitStatus }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['lines that tell nothing', connecting + disconnecting, null],
    ['a remark', password, null],
    ['text of another program', 'sh: 1: mysqldump: not found', 0],
  ])('that only %s tells is not to be read', (_, stderr, exitStatus) => {
    expect(() => mysqldump.read(anOutput({ stderr, exitStatus }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('a dump on standard output', () => {
  const head =
    '-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;\n'
  const foot = '/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;\n'
  const last = '-- Dump completed on 2026-11-23  7:13:10\n'

  test.each([
    ['with its last line', head + foot + last, 0, null],
    ['without a date', `${head}${foot}-- Dump completed\n`, 0, null],
    ['without its last line', head + foot, 1, 'The dump ends before its last line: it is not complete.'],
    ['without comments', head.replace(/.*\n/, '') + foot, 0, null],
    ['without comments, cut', head.replace(/.*\n/, ''), 1, 'The dump ends before its last line: it is not complete.'],
    ['compact, of which nobody knows the end', 'INSERT INTO `t` VALUES (1);\n', 0, null],
    ['in XML', '<?xml version="1.0"?>\n<mysqldump xmlns:xsi="x">\n</mysqldump>\n', 0, null],
    [
      'in XML, cut',
      '<?xml version="1.0"?>\n<mysqldump xmlns:xsi="x">\n',
      1,
      'The dump ends before its last line: it is not complete.',
    ],
    [
      'of several, the last of them cut',
      head + foot + last + head,
      1,
      'The dump ends before its last line: it is not complete.',
    ],
    ['that is compressed', '\u001F\uFFFD\b\0mysqldump: \nmysqldump: x', 0, null],
  ])('%s', (_, stdout, warnings, text) => {
    const reading = mysqldump.read(anOutput({ stdout }))
    expect(reading).toMatchObject({ state: 'finished', warnings })
    expect(reading.messages).toEqual(text === null ? [] : [{ level: 'warning', text }])
  })

  test('is done with its last line where no exit status is known', () => {
    const read = (stdout: string) => mysqldump.read(anOutput({ stdout, exitStatus: null })).state
    expect(read(head + foot + last)).toBe('finished')
    expect(read(head + foot)).toBe('crashed')
    expect(read(head + foot + last + lost)).toBe('failed')
  })

  test.each([
    [head, '8.0.36'],
    ['-- MariaDB dump 10.19-11.4.2-MariaDB, for debian-linux-gnu (x86_64)', '11.4.2-MariaDB'],
    ['-- MySQL dump 10.11\n', null],
  ])('tells the version: %s', (stdout, version) => {
    expect(mysqldump.read(anOutput({ stdout })).version).toBe(version)
  })
})

test('remarks are shown and count for nothing', () => {
  expect(mysqldump.read(anOutput({ stderr: password + lost, exitStatus: 3 }))).toMatchObject({
    errors: 1,
    messages: [
      { level: 'error', text: lost.trim() },
      { level: 'info', text: password.trim() },
    ],
  })
})

test('what it recognizes is all but silence, and what it says without its name', () => {
  const unknown = recordedCases('mysqldump').filter(
    recorded => !mysqldump.recognizes(recordedOutput('mysqldump', recorded)),
  )
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'mariadb-dump-10.11.19-dump-success',
    'mariadb-dump-10.11.19-no-arguments',
    'mariadb-dump-10.11.19-sigterm',
    'mariadb-dump-10.11.19-stdout-skip-comments',
    'mariadb-dump-10.11.19-usage',
  ])
})
