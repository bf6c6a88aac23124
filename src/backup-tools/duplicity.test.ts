import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { duplicity } from './duplicity.ts'

const aBlock = (given: Record<string, string> = {}): string => {
  const numbers = {
    StartTime: '1795417524.86 (Mon Nov 23 08:05:24 2026)',
    EndTime: '1795417526.02 (Mon Nov 23 08:05:26 2026)',
    SourceFiles: '12',
    NewFiles: '2',
    ChangedFiles: '1',
    RawDeltaSize: '400 (400 bytes)',
    TotalDestinationSizeChange: '1000 (1000 bytes)',
    Errors: '0',
    ...given,
  }
  const lines = Object.entries(numbers).map(([name, value]) => `${name} ${value}`)
  return ['--------------[ Backup Statistics ]--------------', ...lines, '-'.repeat(49), ''].join('\n')
}

describeAdapter(duplicity, {
  pieces: [aBlock(), aBlock({ Errors: '3' }), 'Main action: inc', 'Args: duplicity --dry-run', 'ERROR 31 GPGError'],
})

describe('the statistics', () => {
  test('give the times on the clock that they show in words', () => {
    const { startedAt, endedAt } = duplicity.read(anOutput({ stdout: aBlock() }))
    expect(startedAt).toEqual({ at: 1_795_417_524_860, offsetMinutes: 60 })
    expect(endedAt).toEqual({ at: 1_795_417_526_020, offsetMinutes: 60 })
  })

  test('with a clock that makes no sense are read in UTC', () => {
    const stdout = aBlock({ StartTime: '1795417524.86 (yesterday)', EndTime: '-5 (never)' })
    expect(duplicity.read(anOutput({ stdout }))).toMatchObject({ startedAt: { offsetMinutes: 0 }, endedAt: null })
  })

  test('of several backups of a script add up, and one that the machine log repeats counts once', () => {
    const other = aBlock({ StartTime: '1795417600.00 (Mon Nov 23 08:06:40 2026)' })
    const log = aBlock().replaceAll(/^/gm, '. ')
    const reading = duplicity.read(anOutput({ stdout: `${aBlock()}NOTICE 1\n${log}\n${other}` }))
    expect(reading).toMatchObject({ processedFiles: 24, newFiles: 6, bytes: 2_000 })
  })

  test.each([
    ['nothing but the source itself', { SourceFiles: '1', RawDeltaSize: '0', NewFiles: '1' }, 'WARNING'],
    ['nothing new', { NewFiles: '0', ChangedFiles: '0' }, 'COMPLETED'],
  ])('tell %s', (_, given, status) => {
    const reading = duplicity.read(anOutput({ stdout: aBlock(given) }))
    expect(conditionOf(reading)).toMatchObject({ status, types: ['NO_FILE_DATA_BACKED_UP'] })
  })

  test('that were cut off tell nothing', () => {
    const stdout = aBlock().slice(0, -20)
    expect(conditionOf(duplicity.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
    expect(conditionOf(duplicity.read(anOutput({ stdout, exitStatus: null }))).types).toEqual(['EXCEPTION'])
  })

  test('make a backup finished where the exit status is unknown', () => {
    expect(conditionOf(duplicity.read(anOutput({ stdout: aBlock(), exitStatus: null }))).types).toEqual(['COMPLETED'])
  })

  test('of which nothing reached the destination are those of a dry run, unless a real backup stands beside it', () => {
    const dry = aBlock({ TotalDestinationSizeChange: '0 (0 bytes)', StartTime: '1795410000.00 (x)' })
    expect(duplicity.read(anOutput({ stdout: dry }))).toMatchObject({ type: 'maintenance', processedFiles: null })
    expect(duplicity.read(anOutput({ stdout: dry + aBlock() }))).toMatchObject({ type: 'backup', processedFiles: 12 })
  })
})

describe('the end', () => {
  test.each([
    ['a trace', 'Traceback (most recent call last):\nValueError: x', 30, null, ['EXCEPTION']],
    ['a lock', 'Another duplicity instance is already running with this archive directory', 23, null, ['ERRORS']],
    ['a cause that a pipe hid', 'GPGError: GPG Failed, see log below:', 0, null, ['ERRORS']],
    ['a cause of the machine log', 'ERROR 31 GPGError\n. GPGError: x', null, null, ['ERRORS']],
    ['an interrupt that nobody saw', '', 4, null, ['ERRORS']],
    ['an interrupt', '', 4, 'SIGINT', ['CANCELED']],
    ['an unknown status', '', 44, null, ['ERRORS']],
    ['a cause beside a backup', `GPGError: x\n${aBlock()}`, 0, null, ['WARNINGS']],
    ['a signal that came too late', aBlock(), 0, 'SIGTERM', ['WARNINGS']],
    ['a signal beside a failure', aBlock(), 4, 'SIGTERM', ['CANCELED']],
  ])('with %s', (_, stdout, exitStatus, signal, types) => {
    const reading = duplicity.read(anOutput({ stdout, exitStatus, signal }))
    expect(conditionOf(reading).types).toEqual(types)
    expect(reading.messages).not.toEqual([])
  })

  test('shows the last lines of a failure that nothing explains', () => {
    const reading = duplicity.read(anOutput({ stderr: 'Something odd\nhappened', exitStatus: 38 }))
    expect(textsOf(reading)).toEqual(['Something odd', 'happened', 'The command ended with exit status 38.'])
  })
})

test('messages name each file that could not be read once', () => {
  const reading = duplicity.read(outputOf(duplicity, 'duplicity-0.8.22-full-progress'))
  expect(textsOf(reading)).toEqual(['Error accessing possibly locked file /srv/data/documents/private.key'])
})
