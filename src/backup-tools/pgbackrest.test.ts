import { describe, expect, test } from 'vitest'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { pgbackrest } from './pgbackrest.ts'

// What pgBackRest shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const texts = (reading: ToolReading): string[] => reading.messages.map(message => message.text)
const log = (text: string, level = '  INFO') => `2026-11-23 07:10:02.394 P00 ${level}: ${text}\n`
const begin = (command = 'backup') => log(`${command} command begin 2.50: --stanza=main`)
const end = (command = 'backup') => log(`${command} command end: completed successfully (3218ms)`)
const label = log('new backup label = 20261123-071003F')
const files = log('full backup size = 30.7MB, file total = 1270')
const aBackup = begin() + label + files + end()
const aStanza = (members: object = {}, backup: object = {}) =>
  JSON.stringify([
    {
      name: 'main',
      db: [],
      status: { code: 0, message: 'ok' },
      backup: [
        {
          label: '20261123-071003F',
          error: false,
          timestamp: { start: 1_795_417_803, stop: 1_795_417_805 },
          info: { size: 9, delta: 9, repository: { delta: 5 } },
          ...backup,
        },
      ],
      ...members,
    },
  ])

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['COMPLETED']],
    ['silence and failure', '', 82, 'backup', 'failed', ['ERRORS']],
    ['silence and 63, which may be another than its own', '', 63, 'backup', 'failed', ['ERRORS']],
    ['a whole backup', aBackup, 0, 'backup', 'finished', ['COMPLETED']],
    ['a whole backup without exit status', aBackup, null, 'backup', 'finished', ['COMPLETED']],
    ['a whole backup and a failing status', aBackup, 1, 'backup', 'failed', ['ERRORS']],
    ['a backup without end', begin() + label, 0, 'backup', 'finished', ['WARNINGS']],
    ['a backup without end and exit status', begin() + label, null, 'backup', 'crashed', ['EXCEPTION']],
    ['a backup whose expire did not end', aBackup + begin('expire'), 0, 'backup', 'finished', ['WARNINGS']],
    ['lines without begin and end', label, 0, 'backup', 'finished', ['WARNINGS']],
    ['a warning', 'WARN: option x', 0, 'backup', 'finished', ['WARNINGS']],
    ['a warning in the log', aBackup + log('x', '  WARN'), 0, 'backup', 'finished', ['WARNINGS']],
    ['an error that a pipe hid', 'ERROR: [056]: unable to find primary cluster', 0, 'backup', 'failed', ['ERRORS']],
    ['an error in the log', aBackup + log('[045]: x', ' ERROR'), 0, 'backup', 'failed', ['ERRORS']],
    [
      'an exception',
      begin() + log('backup command end: aborted with exception [082]'),
      0,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    ['an end that nobody knows', begin() + log('backup command end: oh'), 0, 'backup', 'finished', ['WARNINGS']],
    [
      'a signal',
      begin() + log('backup command end: terminated on signal [SIGTERM]'),
      63,
      'backup',
      'canceled',
      ['CANCELED'],
    ],
    ['a signal that a pipe hid', 'ERROR: [063]: terminated on signal [SIGINT]', 0, 'backup', 'canceled', ['CANCELED']],
    [
      'a signal to another process',
      'ERROR: [063]: raised from remote-0 ssh protocol: terminated on signal [SIGINT]',
      63,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    [
      'a signal after an error',
      `ERROR: [050]: x\n${log('backup command end: terminated on signal [SIGINT]')}`,
      63,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    ['a restore', begin('restore') + end('restore'), 0, 'restore', 'finished', ['COMPLETED']],
    ['a deletion', begin('stanza-delete') + end('stanza-delete'), 0, 'delete', 'finished', ['NO_DATA_DELETED']],
    ['a check', begin('check') + end('check'), 0, 'maintenance', 'finished', ['COMPLETED']],
    ['a command that nobody knows', begin('repo-new') + end('repo-new'), 0, 'maintenance', 'finished', ['COMPLETED']],
    ['a check and a backup', begin('check') + end('check') + aBackup, 0, 'backup', 'finished', ['COMPLETED']],
    [
      'a missing option of a restore',
      'ERROR: [037]: restore command requires option: pg1-path',
      37,
      'restore',
      'failed',
      ['ERRORS'],
    ],
    [
      'a missing option of a check',
      'ERROR: [037]: check command requires option: stanza',
      37,
      'maintenance',
      'failed',
      ['ERRORS'],
    ],
    ['no stanza at all', 'No stanzas exist in the repository.', 0, 'maintenance', 'finished', ['COMPLETED']],
  ])('by %s', (_, stdout, exitStatus, type, state, types) => {
    const reading = pgbackrest.read(anOutput({ stdout, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['text of another program', 'backup done', 0],
    ['an empty list', '[]', 0],
    ['other JSON', '[{"name":"main"}]', 0],
  ])('that only %s tells is not to be read', (_, stdout, exitStatus) => {
    expect(() => pgbackrest.read(anOutput({ stdout, exitStatus }))).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    )
  })
})

test('silence is good, and says how to have more', () => {
  expect(pgbackrest.read(anOutput({})).messages).toEqual([
    { level: 'info', text: 'The output does not tell what was backed up: add --log-level-console=info to pgbackrest.' },
  ])
})

test('a dry run of expire deletes nothing and is maintenance', () => {
  const stdout = begin('expire').replace('expire command', '[DRY-RUN] expire command')
  expect(pgbackrest.read(anOutput({ stdout: stdout + end('expire').replace('expire', '[DRY-RUN] expire') })).type).toBe(
    'maintenance',
  )
})

describe('the answer of info after a backup', () => {
  const read = (json: string, stdout = aBackup) => pgbackrest.read(anOutput({ stdout: `${stdout}${json}` }))

  test('tells times and bytes', () => {
    expect(read(aStanza())).toMatchObject({
      type: 'backup',
      bytes: 5,
      processedFiles: 1270,
      startedAt: { at: Date.parse('2026-11-23T07:10:03Z'), offsetMinutes: 0 },
      endedAt: { at: Date.parse('2026-11-23T07:10:05Z'), offsetMinutes: 0 },
      warnings: 0,
      version: '2.50',
    })
  })

  test('is worth a warning where the backup has errors', () => {
    expect(conditionOf(read(aStanza({}, { error: true }))).types).toEqual(['WARNINGS'])
  })

  test('is a failure where the stanza is not well', () => {
    const reading = read(aStanza({ status: { code: 4, message: 'different across repos' } }))
    expect(reading).toMatchObject({ state: 'failed', errors: 1 })
    expect(texts(reading)).toEqual(['Stanza main: different across repos'])
  })

  test('says nothing where it tells of other backups', () => {
    const other = aStanza(
      { status: { code: 2, message: 'no valid backups' } },
      { label: '20261122-071003F', error: true },
    )
    expect(read(other)).toMatchObject({ state: 'finished', warnings: 0, bytes: null, startedAt: null })
  })

  test.each([
    ['a negative time', { timestamp: { start: -1, stop: 'x' } }, { startedAt: null, endedAt: null, bytes: 5 }],
    ['a time beyond all', { timestamp: { start: 1e15, stop: 1 } }, { startedAt: null }],
    ['no size', { info: null }, { bytes: null }],
  ])('may have %s', (_, backup, facts) => {
    expect(read(aStanza({}, backup))).toMatchObject(facts)
  })
})

test('messages show the cause with its hints', () => {
  const locked = recordedCases('pgbackrest').find(recorded => recorded.case.endsWith('backup-locked'))
  expect(locked && texts(pgbackrest.read(recordedOutput('pgbackrest', locked)))).toEqual([
    "ERROR: [050]: unable to acquire lock on file '/srv/pg/run/main-backup.lock': Resource temporarily unavailable",
    'HINT: is another pgBackRest process running?',
  ])
})

test('what it recognizes is its log and its stanzas', () => {
  const unknown = recordedCases('pgbackrest').filter(
    recorded => !pgbackrest.recognizes(recordedOutput('pgbackrest', recorded)),
  )
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'pgbackrest-2.45-backup-dry-run-invalid',
    'pgbackrest-2.45-backup-quiet',
    'pgbackrest-2.45-backup-wrong-stanza',
    'pgbackrest-2.45-info-text',
    'pgbackrest-2.45-usage',
  ])
})
