import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { vzdump } from './vzdump.ts'

const begin = (vmid: number) =>
  `INFO: Starting Backup of VM ${vmid} (qemu)\nINFO: Backup started at 2026-11-23 02:00:01`
const finish = (vmid: number, size = '1.00GB') =>
  `INFO: archive file size: ${size}\nINFO: Finished Backup of VM ${vmid} (00:00:10)`
const fail = (vmid: number) => `ERROR: Backup of VM ${vmid} failed - no space left`
const aLog = (...lines: string[]) => ['INFO: starting new backup job: vzdump --all 1', ...lines].join('\n')
const done = 'INFO: Backup job finished successfully'

describeAdapter(vzdump, {
  pieces: [begin(100), finish(100), fail(100), done, 'TASK OK', 'TASK WARNINGS: 2', 'TASK ERROR: job errors'],
})

describe('a job', () => {
  test.each([
    ['that is done', [begin(1), finish(1), done, 'TASK OK'], null, ['COMPLETED']],
    ['that is done, by its own words', [begin(1), finish(1), done], null, ['COMPLETED']],
    ['that is done, by its exit status', [begin(1), finish(1)], 0, ['WARNINGS']],
    ['whose end nobody knows', [begin(1), finish(1)], null, ['EXCEPTION']],
    ['that says it is done, while a guest is not', [begin(1), done, 'TASK OK'], null, ['EXCEPTION', 'WARNINGS']],
    ['of which one guest failed', [begin(1), fail(1), begin(2), finish(2), done, 'TASK OK'], 0, ['ERRORS']],
    ['with warnings', [begin(1), finish(1), done, 'TASK WARNINGS: 3'], null, ['WARNINGS']],
    ['that failed before its first guest', ['ERROR: Backup job failed - storage is offline'], 255, ['ERRORS']],
    ['that was stopped', [begin(1), 'TASK ERROR: received interrupt'], null, ['CANCELED']],
    ['that was stopped by a signal', [begin(1)], 130, ['CANCELED']],
    ['without a guest', [done, 'TASK OK'], null, ['NO_FILE_DATA_BACKED_UP']],
    ['beside a failing exit status', [begin(1), finish(1), done], 255, ['ERRORS']],
  ])('%s', (_, lines, exitStatus, types) => {
    expect(conditionOf(vzdump.read(anOutput({ stdout: aLog(...lines), exitStatus }))).types).toEqual(types)
  })

  test('counts its guests, and the bytes of their archives', () => {
    const stdout = aLog(begin(1), finish(1, '512MB'), begin(2), finish(2, '1.5 GiB'), done, 'TASK OK')
    expect(vzdump.read(anOutput({ stdout }))).toMatchObject({
      totalFiles: 2,
      processedFiles: 2,
      bytes: 512 * 2 ** 20 + 1.5 * 2 ** 30,
    })
  })

  test('of which no size is known has none: a Proxmox Backup Server tells no size', () => {
    const stdout = aLog(begin(1), 'INFO: Finished Backup of VM 1 (00:00:10)', done, 'TASK OK')
    expect(vzdump.read(anOutput({ stdout }))).toMatchObject({ processedFiles: 1, bytes: null, state: 'finished' })
  })
})

test('a text that is no log is refused, unless an exit status tells the end', () => {
  const stdout = 'Virtual Environment 8.2'
  expect(() => vzdump.read(anOutput({ stdout, exitStatus: null }))).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  )
  expect(conditionOf(vzdump.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
})

test('a table tells which guests are not backed up, whatever the log says', () => {
  const header = 'VMID    Name    Status    Time    Size    Filename'
  const row = (status: string) => `100     web 01    ${status}    1m 1s    1.0 GiB    /dump/a.vma.zst`
  const read = (...lines: string[]) => vzdump.read(anOutput({ stdout: lines.join('\n'), exitStatus: null }))
  expect(read(header, row('ok'))).toMatchObject({ state: 'finished', processedFiles: 1, bytes: 2 ** 30, warnings: 0 })
  expect(read(header, row('err'))).toMatchObject({ state: 'failed', errors: 1, processedFiles: 0 })
  expect(read(header, row('todo'))).toMatchObject({ state: 'failed', errors: 1 })
  expect(read('ERROR: unable to activate storage', header)).toMatchObject({ state: 'failed', errors: 1 })
})
