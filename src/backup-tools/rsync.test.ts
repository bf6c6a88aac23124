import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { rsync } from './rsync.ts'
import { readRsyncNumber } from './rsync-stats.ts'

const cases = recordedCases('rsync')
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const stats = (members: { files?: string; transferred?: string; size?: string; end?: string } = {}): string =>
  [
    `Number of files: ${members.files ?? '44 (reg: 33, dir: 10, link: 1)'}`,
    `Number of regular files transferred: ${members.transferred ?? '3'}`,
    `Total file size: ${members.size ?? '2,006,042'} bytes`,
    'Total bytes sent: 9,017',
    'Total bytes received: 750',
    'sent 9,017 bytes  received 750 bytes  4,019,534.00 bytes/sec',
    `total size is ${members.size ?? '2,006,042'}  speedup is 1.00${members.end ?? ''}`,
    '',
  ].join('\n')
const ended = (code: number, word = 'error'): string =>
  `rsync ${word}: it ended (code ${code}) at main.c(1394) [sender=3.2.7]\n`
const peerGone = 'rsync: [generator] write error: Broken pipe (32)\n'
const unreadable = (name: string): string =>
  `rsync: [sender] send_files failed to open "${name}": Permission denied (13)\n`

describe('recorded and documented runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = rsync.read(recordedOutput('rsync', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('rsync', recorded)
    const apart = rsync.read(output)
    const merged = output.stdout + output.stderr
    expect(rsync.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(rsync.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
    expect(rsync.read({ ...output, stdout: output.stderr + output.stdout, stderr: '' })).toEqual(apart)
  })
})

describe('the exit status', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['COMPLETED']],
    ['nothing printed, partial', '', 23, null, 'failed', ['ERRORS']],
    ['nothing printed, vanished', '', 24, null, 'finished', ['WARNINGS']],
    ['partial, files were there', stats(), 23, null, 'finished', ['WARNINGS']],
    ['partial, no file was there', stats({ files: '1 (dir: 1)' }), 23, null, 'failed', ['ERRORS']],
    [
      'partial, none could be read',
      stats({ files: '2 (reg: 1, dir: 1)' }) + unreadable('/a'),
      23,
      null,
      'failed',
      ['ERRORS'],
    ],
    ['deletions stopped', stats(), 25, null, 'finished', ['WARNINGS']],
    ['stopped, without a signal', stats(), 20, null, 'canceled', ['CANCELED']],
    ['stopped, and its other process noticed', `${ended(20)}${peerGone}`, 20, null, 'canceled', ['CANCELED']],
    [
      'stopped after an unreadable file',
      `${unreadable('/a')}${ended(20)}${peerGone}`,
      20,
      null,
      'canceled',
      ['CANCELED', 'WARNINGS'],
    ],
    ['its other process gone, nobody stopped it', `${peerGone}${ended(12)}`, 12, null, 'failed', ['ERRORS']],
    ['a usage error', '', 1, null, 'failed', ['ERRORS']],
    ['a time-out of the connection', stats(), 30, null, 'failed', ['ERRORS']],
    ['the remote shell', '', 255, null, 'failed', ['ERRORS']],
    ['an unknown status', stats(), 77, null, 'failed', ['ERRORS']],
    ['a time limit', stats(), 124, null, 'failed', ['ERRORS']],
    ['a missing rsync', 'sh: 1: rsync: not found', 127, null, 'failed', ['ERRORS']],
    ['a kill', stats(), 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', stats(), 0, 'SIGTERM', 'canceled', ['CANCELED']],
    ['success and an error line of a script', ended(12) + stats(), 0, null, 'failed', ['ERRORS']],
    ['success and a partial copy of a script', ended(23) + stats(), 0, null, 'finished', ['WARNINGS']],
    ['success and vanished files of a script', ended(24, 'warning') + stats(), 0, null, 'finished', ['WARNINGS']],
    ['success and a stop that a pipe hid', ended(20) + ended(19), 0, null, 'canceled', ['CANCELED']],
    ['success and an unreadable file', unreadable('/a') + stats(), 0, null, 'finished', ['WARNINGS']],
    ['vanished, and a failure of a script', ended(12) + stats(), 24, null, 'failed', ['ERRORS']],
    ['no status, all statistics', stats(), null, null, 'finished', ['WARNINGS']],
    ['no status, cut off', stats().slice(0, 200), null, null, 'crashed', ['EXCEPTION']],
    ['no status, an error line', ended(10), null, null, 'failed', ['ERRORS']],
  ])('%s', (_, stdout, exitStatus, signal, state, types) => {
    const reading = rsync.read(anOutput({ stdout, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output without a line of rsync is not read', () => {
    for (const stdout of ['hello', 'sent with love', 'Number of files: many']) {
      expect(() => rsync.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
      expect(() => rsync.read(anOutput({ stdout, exitStatus: null }))).toThrow(
        expect.objectContaining({ kind: 'invalid' }),
      )
    }
    expect(() => rsync.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('numbers', () => {
  test.each([
    ['2009017', 2_009_017],
    ['2,009,017', 2_009_017],
    ['2.009.017', 2_009_017],
    ['2\u00A0009\u202F017', 2_009_017],
    ["2'009'017", 2_009_017],
    ['30.00M', 30_000_000],
    ['30,01M', 30_010_000],
    ['1.25K', 1_250],
    ['0', 0],
    ['99999999999999999999', null],
  ])('%s', (text, number) => {
    expect(readRsyncNumber(text)).toBe(number)
  })

  test('nothing read and nothing new are told apart', () => {
    const none = rsync.read(anOutput({ stdout: stats({ files: '3 (dir: 2, link: 1)', transferred: '0' }) }))
    expect(none).toMatchObject({ totalFiles: 0, processedFiles: 0 })
    expect(conditionOf(none).status).toBe('WARNING')
    const unchanged = rsync.read(anOutput({ stdout: stats({ transferred: '0' }) }))
    expect(unchanged).toMatchObject({ totalFiles: 33, newFiles: 0 })
    expect(conditionOf(unchanged)).toMatchObject({ status: 'COMPLETED', types: ['NO_FILE_DATA_BACKED_UP'] })
  })

  test('of several runs add up, and one empty source among them is a warning', () => {
    const two = rsync.read(anOutput({ stdout: stats() + stats() }))
    expect(two).toMatchObject({ totalFiles: 66, newFiles: 6, bytes: 18_034, warnings: 0 })
    const oneEmpty = rsync.read(
      anOutput({ stdout: stats() + stats({ files: '1 (dir: 1)', transferred: '0', size: '0' }) }),
    )
    expect(oneEmpty).toMatchObject({ totalFiles: 33, warnings: 1 })
    expect(oneEmpty.messages).toEqual([{ level: 'warning', text: '1 of 2 sources held no data.' }])
  })

  test('of a source without any data are not green, also without --stats', () => {
    const stdout =
      'sending incremental file list\n\nsent 54 bytes  received 19 bytes  146.00 bytes/sec\ntotal size is 0  speedup is 0.00\n'
    expect(conditionOf(rsync.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
  })

  test('of a dry run count for nothing, and neither does it beside a real run', () => {
    const dry = stats({ end: ' (DRY RUN)' })
    expect(rsync.read(anOutput({ stdout: dry }))).toMatchObject({ type: 'maintenance', totalFiles: null })
    expect(rsync.read(anOutput({ stdout: dry + stats() }))).toMatchObject({ type: 'backup', totalFiles: 33 })
    expect(rsync.read(anOutput({ stdout: stats({ end: ' (BATCH ONLY)' }) })).type).toBe('maintenance')
  })
})

test('messages say what to do and why, the cause first', () => {
  const hint = rsync.read(anOutput({ stderr: unreadable('/a') + ended(23), exitStatus: 23 }))
  expect(hint.messages.map(message => message.text)).toEqual([
    unreadable('/a').trim(),
    ended(23).trim(),
    'The output does not tell whether any file was copied: add --stats to rsync.',
  ])
  const many = Array.from({ length: 250 }, (_, index) => unreadable(`/file ${index}`)).join('')
  const reading = rsync.read(
    anOutput({ stdout: stats({ files: '400 (reg: 400)' }), stderr: many + ended(23), exitStatus: 23 }),
  )
  expect(reading).toMatchObject({ warnings: 250, processedFiles: 150 })
  expect(reading.messages).toHaveLength(100)
})

test('it recognizes whole statistics and its closing error, and nothing of rsnapshot', () => {
  expect(rsync.recognizes(anOutput({ stdout: stats() }))).toBe(true)
  expect(rsync.recognizes(anOutput({ stderr: ended(12) }))).toBe(true)
  expect(rsync.recognizes(anOutput({ stdout: `echo 31677 > /run/rsnapshot.pid\n${stats()}` }))).toBe(false)
  expect(rsync.recognizes(anOutput({ stdout: 'sent 5 bytes  received 7 bytes  3.00 bytes/sec' }))).toBe(false)
})

test('whatever the text: only status 0 or none is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('rsync', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr])
  const number = fc.oneof(fc.nat().map(String), fc.constantFrom('0', '-1', '1,0', '9'.repeat(30), '3.5M', ''))
  const line = fc.oneof(
    fc.tuple(number, number).map(([files, reg]) => `Number of files: ${files} (reg: ${reg})`),
    number.map(count => `Number of regular files transferred: ${count}`),
    fc.tuple(number, number).map(([sent, got]) => `sent ${sent} bytes  received ${got} bytes  1.00 bytes/sec`),
    fc
      .tuple(number, fc.constantFrom('', ' (DRY RUN)'))
      .map(([size, end]) => `total size is ${size}  speedup is 1.00${end}`),
    fc.nat(40).map(code => ended(code)),
    fc.string().map(unreadable),
    fc.constantFrom(...pieces),
    fc.string(),
  )
  const output = fc.record({
    stdout: fc.array(line, { maxLength: 12 }).map(lines => lines.join('\n')),
    stderr: fc.array(line, { maxLength: 3 }).map(lines => lines.join('\r\n')),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 20, 23, 24, 25), fc.integer({ min: 0, max: 255 }))),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGKILL', 'odd'), { freq: 4 }),
  })
  fc.assert(
    fc.property(output, output => {
      try {
        const reading = rsync.read(output)
        const isGreen = conditionOf(reading).status === 'COMPLETED'
        if (isGreen) expect(output).toMatchObject({ exitStatus: 0, signal: null })
        for (const count of [reading.totalFiles, reading.processedFiles, reading.newFiles, reading.bytes]) {
          expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true)
        }
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
      }
    }),
    { numRuns: 500 },
  )
})
