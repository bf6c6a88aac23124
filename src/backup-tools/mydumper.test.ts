import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { mydumper } from './mydumper.ts'

// What mydumper shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const message = (text: string) => `** Message: 07:13:14.493: ${text}\n`
const critical = '\n** (mydumper:9095): CRITICAL **: 14:21:39.518: Error connecting to database: refused\n'
const started = message('Started dump at: 2026-11-23 07:13:14')
const finished = message('Finished dump at: 2026-11-23 07:13:14')

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['COMPLETED']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['its last line', started + finished, 0, 'backup', 'finished', ['COMPLETED']],
    ['its last line without exit status', started + finished, null, 'backup', 'finished', ['COMPLETED']],
    ['its last line and a failing status', started + finished, 1, 'backup', 'failed', ['ERRORS']],
    ['no last line', started, 0, 'backup', 'finished', ['WARNINGS']],
    ['no last line and no exit status', started, null, 'backup', 'crashed', ['EXCEPTION']],
    ['an error that a pipe hid', critical, 0, 'backup', 'failed', ['ERRORS']],
    ['an error and no exit status', critical, null, 'backup', 'failed', ['ERRORS']],
    ['an error of an old GLib', '** (mydumper:1): CRITICAL **: x', 0, 'backup', 'failed', ['ERRORS']],
    ['an error of GLib itself', '(mydumper:1): GLib-CRITICAL **: 14:21:39.518: x', 0, 'backup', 'failed', ['ERRORS']],
    ['a warning', '** (mydumper:1): WARNING **: 14:21:39.570: Broken table', 0, 'backup', 'finished', ['WARNINGS']],
    ['an unknown option', 'option parsing failed: Unknown option -x', 1, 'backup', 'failed', ['ERRORS']],
    ['an error of myloader', critical.replace('mydumper', 'myloader'), 1, 'restore', 'failed', ['ERRORS']],
    ['a dump and a restore', finished + message('4 threads created'), 0, 'backup', 'finished', ['COMPLETED']],
    ['a kill', started, 137, 'backup', 'crashed', ['EXCEPTION']],
  ])('by %s', (_, stderr, exitStatus, type, state, types) => {
    const reading = mydumper.read(anOutput({ stderr, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['lines that tell nothing', message('Connected to a MySQL server'), null],
    ['text of another program', 'sh: 1: mydumper: not found', 0],
  ])('that only %s tells is not to be read', (_, stderr, exitStatus) => {
    expect(() => mydumper.read(anOutput({ stderr, exitStatus }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test('the version is known where it is printed', () => {
  const stdout = 'mydumper 0.10.0, built against MySQL 10.11.14\n'
  expect(mydumper.read(anOutput({ stdout, stderr: started + finished })).version).toBe('0.10.0')
})

test('what it recognizes is all that names it, and what tells of a dump', () => {
  const unknown = recordedCases('mydumper').filter(
    recorded => !mydumper.recognizes(recordedOutput('mydumper', recorded)),
  )
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'mydumper-0.10.0-silent',
    'mydumper-0.10.0-usage',
    'myloader-0.10.0-load',
  ])
})
