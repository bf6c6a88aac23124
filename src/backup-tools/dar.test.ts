import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { dar } from './dar.ts'

const aBlock = ({ saved = 9, unchanged = 0, failed = 0, changed = 0, ignored = 0 } = {}): string =>
  [
    ` ${saved} inode(s) saved`,
    ` ${changed} inode(s) changed at the moment of the backup and could not be saved properly`,
    ' 0 inode(s) with only metadata changed',
    ` ${unchanged} inode(s) not saved (no inode/file change)`,
    ` ${failed} inode(s) failed to be saved (filesystem error)`,
    ` ${ignored} inode(s) ignored (excluded by filters)`,
    ` Total number of inode(s) considered: ${saved + unchanged + failed + ignored}`,
  ].join('\n')

describeAdapter(dar, {
  pieces: [
    aBlock(),
    aBlock({ failed: 1 }),
    aBlock({ saved: 0, unchanged: 3 }),
    'Received signal: 2',
    'FATAL error, aborting operation: x',
  ],
})

describe('the end', () => {
  test.each([
    ['a clean backup', aBlock(), 0, null, ['COMPLETED']],
    ['a clean backup without an exit status', aBlock(), null, null, ['COMPLETED']],
    ['nothing new', aBlock({ saved: 0, unchanged: 9 }), 0, null, ['NO_FILE_DATA_BACKED_UP']],
    ['all excluded', aBlock({ saved: 0, ignored: 9 }), 0, null, ['NO_FILE_DATA_BACKED_UP']],
    ['a file that failed', aBlock({ failed: 1 }), 5, null, ['WARNINGS']],
    ['a file that failed, hidden by a script', aBlock({ failed: 1 }), 0, null, ['WARNINGS']],
    ['a file that changed', aBlock({ changed: 2 }), 11, null, ['WARNINGS']],
    ['the status 5 of another command', 'sh: cannot read', 5, null, ['ERRORS']],
    ['a quiet run', '', 0, null, ['WARNINGS']],
    ['half of the block', aBlock().slice(0, 200), null, null, ['EXCEPTION']],
    [
      'a question that nobody answered',
      'Aborting program. User refused to continue while asking: x',
      4,
      null,
      ['ERRORS'],
    ],
    ['an answer that nobody explains', '', 4, null, ['ERRORS']],
    ['a signal that only the output tells', `Received signal: 15\n${aBlock()}`, 4, null, ['CANCELED']],
    ['a signal that a script hid', `Received signal: 15\n${aBlock()}`, 0, null, ['CANCELED']],
    ['an error of another run of the script', `FATAL error, aborting operation: x\n${aBlock()}`, 0, null, ['WARNINGS']],
    ['a bug', aBlock(), 3, null, ['ERRORS']],
    [
      'a test that found a corrupt file',
      ' 3 item(s) treated\n 1 item(s) with error\n Total number of items considered: 4',
      5,
      null,
      ['ERRORS'],
    ],
  ])('with %s', (_, stdout, exitStatus, signal, types) => {
    const reading = dar.read(anOutput({ stdout, exitStatus, signal }))
    expect(conditionOf(reading).types).toEqual(types)
    if (types.some(type => !['COMPLETED', 'NO_FILE_DATA_BACKED_UP'].includes(type) && !stdout.includes('inode'))) {
      expect(reading.messages).not.toEqual([])
    }
  })
})

test('what was deleted since the last backup is no part of the source', () => {
  const reading = dar.read(outputOf(dar, 'dar-2.7.8-create-differential'))
  expect(reading).toMatchObject({ totalFiles: 10, processedFiles: 10, newFiles: 2, bytes: null })
})

test('messages name the file that could not be saved', () => {
  expect(textsOf(dar.read(outputOf(dar, 'dar-2.7.8-create-unreadable-merged')))).toContain(
    'Error while saving /srv/data/documents/private.key: Permission denied',
  )
})
