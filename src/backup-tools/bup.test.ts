import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { bup } from './bup.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'

const unread = "b'/srv/a': [Errno 13] Permission denied: '/srv/a'"
const saved = (errors: number) => `WARNING: ${errors} errors encountered while saving.`

describeAdapter(bup, {
  isSilent: true,
  pieces: [unread, saved(2), 'WARNING: 1 errors encountered.', 'error: x', 'KeyboardInterrupt'],
})

describe('the end', () => {
  test.each([
    ['nothing said', '', 0, null, ['COMPLETED']],
    ['nothing said and no exit status', '', null, null, ['EXCEPTION']],
    ['files that could not be read', `${unread}\n${saved(1)}`, 1, null, ['WARNINGS']],
    ['files that could not be read, hidden by a script', `${unread}\n${saved(1)}`, 0, null, ['WARNINGS']],
    ['files that could not be read, without an exit status', saved(1), null, null, ['WARNINGS']],
    ['an index that could not read a file', `${unread}\nWARNING: 1 errors encountered.`, 0, null, ['WARNINGS']],
    ['an index after which nothing was saved', `${unread}\nWARNING: 1 errors encountered.`, 1, null, ['ERRORS']],
    ['an error that a script hid', 'error: repository does not exist', 0, null, ['ERRORS']],
    ['the status 1 of another command', 'sh: no', 1, null, ['ERRORS']],
    ['a trace', 'Traceback (most recent call last):\nIndexError: x', 1, null, ['EXCEPTION']],
    [
      'an interrupt that only the trace tells',
      'Traceback (most recent call last):\nKeyboardInterrupt',
      1,
      null,
      ['CANCELED'],
    ],
    ['an interrupt', '', 130, 'SIGINT', ['CANCELED']],
    ['a usage error', 'usage: bup save\nerror: option --frob not recognized', 97, null, ['ERRORS']],
  ])('with %s', (_, stderr, exitStatus, signal, types) => {
    const reading = bup.read(anOutput({ stderr, exitStatus, signal }))
    expect(conditionOf(reading).types.filter(type => type !== 'WARNINGS' || types.includes(type))).toEqual(types)
  })
})

test('messages name the files that could not be read', () => {
  expect(textsOf(bup.read(outputOf(bup, 'bup-0.33-save-unreadable'))).slice(0, 2)).toEqual([
    "read Linux attr: [Errno 13] Permission denied: '/srv/data/documents/private.key'",
    "b'/srv/data/documents/private.key': [Errno 13] Permission denied: '/srv/data/documents/private.key'",
  ])
})
