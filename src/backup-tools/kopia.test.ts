import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { kopia } from './kopia.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'

const aManifest = (given: Record<string, unknown> = {}, summary: Record<string, unknown> = {}): string =>
  JSON.stringify(
    {
      id: 'beda41fb',
      source: { host: 'nas01', userName: 'svc', path: '/srv/data' },
      startTime: '2026-11-23T02:00:00Z',
      endTime: '2026-11-23T02:00:02Z',
      stats: { cachedFiles: 30, nonCachedFiles: 3, errorCount: 0, ignoredErrorCount: 0 },
      rootEntry: { name: 'data', type: 'd', obj: 'k23', summ: { files: 33, numFailed: 0, ...summary } },
      ...given,
    },
    undefined,
    2,
  )
const started = 'Snapshotting svc@nas01:/srv/data ...'
const made = 'Created snapshot with root k23cf and ID beda41fb in 2s'

describeAdapter(kopia, {
  pieces: [
    aManifest(),
    aManifest({ incomplete: 'canceled' }),
    aManifest({}, { numFailed: 2 }),
    started,
    made,
    '{',
    '}',
  ],
})

describe('a manifest', () => {
  test.each([
    ['is green', {}, {}, 0, ['COMPLETED']],
    ['is green where the exit status is unknown', {}, {}, null, ['COMPLETED']],
    ['that is incomplete was stopped', { incomplete: 'checkpoint' }, {}, 0, ['CANCELED']],
    ['whose root is incomplete was stopped', {}, { incomplete: 'canceled' }, 0, ['CANCELED']],
    ['with failed items failed, whatever the exit status', {}, { numFailed: 2 }, 0, ['ERRORS']],
    ['with failed items in its statistics failed', { stats: { errorCount: 1 } }, {}, 0, ['ERRORS']],
    ['with ignored items has warnings', {}, { numIgnoredErrors: 2 }, 0, ['WARNINGS']],
    [
      'without a new file is green, and says so',
      { stats: { cachedFiles: 3, nonCachedFiles: 0 } },
      {},
      0,
      ['NO_FILE_DATA_BACKED_UP'],
    ],
    ['without a file has read nothing', {}, { files: 0 }, 0, ['NO_FILE_DATA_BACKED_UP']],
    ['beside a failing exit status failed', {}, {}, 1, ['ERRORS']],
  ])('%s', (_, given, summary, exitStatus, types) => {
    const reading = kopia.read(anOutput({ stdout: aManifest(given, summary), exitStatus }))
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of a single file has one file', () => {
    const stdout = aManifest({ rootEntry: { name: 'a', type: 'f', obj: 'x' }, stats: {} })
    expect(kopia.read(anOutput({ stdout }))).toMatchObject({ processedFiles: 1, newFiles: null })
  })

  test('does not claim that nothing is new when another does not say', () => {
    const stdout = `${aManifest({ stats: { cachedFiles: 3, nonCachedFiles: 0 } })}\n${aManifest({ stats: {} })}`
    expect(kopia.read(anOutput({ stdout }))).toMatchObject({ processedFiles: 66, newFiles: null })
  })

  test('that was cut off is none', () => {
    const stdout = aManifest().slice(0, -2)
    expect(conditionOf(kopia.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
    expect(conditionOf(kopia.read(anOutput({ stdout, exitStatus: null }))).types).toEqual(['EXCEPTION'])
  })
})

describe('the text', () => {
  test.each([
    ['of one source', `${started}\n${made}`, null, ['COMPLETED']],
    ['of two sources, of which one is not done', `${started}\n${made}\n${started}`, null, ['EXCEPTION']],
    ['that says nothing', '', 0, ['WARNINGS']],
    ['of a failure that a pipe hid', 'ERROR unable to open repository: invalid repository password', 0, ['ERRORS']],
    ['of an error after the snapshot', `${started}\n${made}\nERROR maintenance failed`, 0, ['WARNINGS']],
    ['of a panic', 'panic: runtime error\n\ngoroutine 1 [running]:', 2, ['ERRORS']],
    ['of fatal errors that a pipe hid', `${made}\nFound 2 fatal error(s) while snapshotting a@b:/c.`, 0, ['ERRORS']],
  ])('%s', (_, stderr, exitStatus, types) => {
    expect(conditionOf(kopia.read(anOutput({ stderr, exitStatus }))).types).toEqual(types)
  })

  test('of the last line of progress counts, not that of those before', () => {
    const progress = [10, 20]
      .map(files => ` | 1 hashing, ${files} hashed (1 MB), 5 cached (1 MB), uploaded 1 MB, estimating...`)
      .join('\r')
    const last = ' * 0 hashing, 30 hashed (3 MB), 7 cached (1 MB), uploaded 1.5 MB, estimated 4 MB (100.0%) 0s left'
    const reading = kopia.read(anOutput({ stderr: `${started}\n${progress}\r${last}\n${made}` }))
    expect(reading).toMatchObject({ processedFiles: 37, newFiles: 30, bytes: 1_500_000 })
  })
})

test('a notification is believed by its blocks, not by its subject', () => {
  const { stdout } = outputOf(kopia, 'kopia-0.23.0-notification-fatal-documented')
  const reading = kopia.read(anOutput({ stdout, exitStatus: null }))
  expect(reading).toMatchObject({ state: 'failed', errors: 1 })
  expect(textsOf(reading)).toEqual(['some top-level error'])
})
