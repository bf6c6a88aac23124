import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { mariabackup } from './mariabackup.ts'

// What mariabackup shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const log = (text: string) => `[00] 2026-11-23 07:13:12 ${text}\n`
const begin = log('Connecting to MariaDB server host: localhost, user: root')
const banner = 'mariabackup based on MariaDB server 11.4.2-MariaDB debian-linux-gnu (x86_64)\n'
const end = log('completed OK!')
const oldLog = (text: string) => `161123 07:13:12 [01] ${text}\n`
const newLog = (text: string, level = 'Note') =>
  `2026-11-23T07:13:12.123456-00:00 0 [${level}] [MY-011825] [Xtrabackup] ${text}\n`

describe('an end', () => {
  test.each([
    ['its last word', begin + banner + end, 0, 'backup', 'finished', ['COMPLETED']],
    ['its last word without exit status', begin + end, null, 'backup', 'finished', ['COMPLETED']],
    ['its last word and a failing status', begin + end, 1, 'backup', 'failed', ['ERRORS']],
    ['silence', '', 0, 'backup', 'finished', ['WARNINGS']],
    ['no last word', begin, 0, 'backup', 'finished', ['WARNINGS']],
    ['no last word and no exit status', begin, null, 'backup', 'crashed', ['EXCEPTION']],
    ['a last word in another sentence', begin + log('not completed OK!'), 0, 'backup', 'finished', ['WARNINGS']],
    ['one last word of two runs', banner + begin + banner + end, 0, 'backup', 'finished', ['WARNINGS']],
    ['an error that a pipe hid', begin + log('Error: write failed'), 0, 'backup', 'failed', ['ERRORS']],
    [
      'an error that it went on after',
      `${begin}2026-11-23  7:13:12 0 [ERROR] InnoDB: x\n${end}`,
      0,
      'backup',
      'finished',
      ['WARNINGS'],
    ],
    ['a warning', `${begin}2026-11-23  7:13:12 0 [Warning] InnoDB: x\n${end}`, 0, 'backup', 'finished', ['WARNINGS']],
    ['a kill', begin, 137, 'backup', 'crashed', ['EXCEPTION']],
    [
      'a backup that is prepared',
      begin + end + log('This target seems to be not prepared yet.') + end,
      0,
      'backup',
      'finished',
      ['COMPLETED'],
    ],
    [
      'a move back',
      `${banner}${log('Moving ./ibdata1 to /srv/mysql/ibdata1')}${end}`,
      0,
      'restore',
      'finished',
      ['COMPLETED'],
    ],
    [
      'the last word of innobackupex',
      oldLog('Connecting to MySQL server host: x') + '161123 07:13:12 completed OK!\n',
      0,
      'backup',
      'finished',
      ['COMPLETED'],
    ],
    [
      'the last word of xtrabackup 8',
      newLog('Connecting to MySQL server host: x') + newLog('completed OK!'),
      0,
      'backup',
      'finished',
      ['COMPLETED'],
    ],
    ['an error of xtrabackup 8', newLog('failed to write', 'ERROR'), 0, 'backup', 'failed', ['ERRORS']],
    [
      'the arguments of a preparation',
      newLog('recognized client arguments: --prepare=1 --target-dir=/x') + newLog('completed OK!'),
      0,
      'maintenance',
      'finished',
      ['COMPLETED'],
    ],
    [
      'the arguments of a restore',
      'xtrabackup: recognized client arguments: --datadir=/x --copy-back=1\n161123 07:13:12 completed OK!',
      0,
      'restore',
      'finished',
      ['COMPLETED'],
    ],
  ])('by %s', (_, stderr, exitStatus, type, state, types) => {
    const reading = mariabackup.read(anOutput({ stderr, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null, 'crashed'],
    ['text of another program', 'completed OK!', 0, null],
    ['a missing program', 'sh: 1: mariabackup: not found', 0, null],
  ])('that only %s tells is not called good', (_, stderr, exitStatus, state) => {
    const read = () => mariabackup.read(anOutput({ stderr, exitStatus })).state
    if (state === null) expect(read).toThrow(expect.objectContaining({ kind: 'invalid' }))
    else expect(read()).toBe(state)
  })
})

test('a backup that is streamed to standard output is no text', () => {
  const stdout = `XBSTCK01\0\n${log('Error: x')}`
  expect(mariabackup.read(anOutput({ stdout, stderr: begin + end }))).toMatchObject({ warnings: 0 })
})

test.each([
  [banner, '11.4.2-MariaDB'],
  ['xtrabackup version 8.0.35-30 based on MySQL server 8.0.35 Linux (x86_64) (revision id: 6beb4b49)\n', '8.0.35-30'],
  [begin, null],
])('the version is that of the program: %s', (stderr, version) => {
  expect(mariabackup.read(anOutput({ stderr })).version).toBe(version)
})

test('what it recognizes is all but what it says without its banner and its first line', () => {
  const unknown = recordedCases('mariabackup').filter(
    recorded => !mariabackup.recognizes(recordedOutput('mariabackup', recorded)),
  )
  expect(unknown.map(recorded => recorded.case)).toEqual(['mariabackup-10.11.19-usage'])
})
