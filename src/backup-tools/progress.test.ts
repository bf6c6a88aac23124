import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toOutputLines } from './output-lines.ts'
import { readProgress } from './progress.ts'

const fixture = (name: string) => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')
const readAll = (name: string) => toOutputLines(fixture(name)).map(readProgress)

test.each([
  [
    'a backup of restic',
    '{"message_type":"status","seconds_elapsed":3,"seconds_remaining":9,"percent_done":0.25,"total_files":40,"files_done":8,"total_bytes":400,"bytes_done":100,"current_files":["/srv/a"]}',
    { fraction: 0.25, files: 8, totalFiles: 40, bytes: 100, totalBytes: 400, secondsLeft: 9, storedBytes: null },
  ],
  [
    'a restore of restic',
    '{"message_type":"status","percent_done":0.5,"total_files":4,"files_restored":1,"files_skipped":1,"total_bytes":8,"bytes_restored":4}',
    { fraction: 0.5, files: 2, totalFiles: 4, bytes: 4, totalBytes: 8 },
  ],
  ['restic at its start', '{"message_type":"status","percent_done":0}', { fraction: 0, files: null, totalFiles: null }],
  [
    'an archive of borg',
    '{"original_size": 600, "compressed_size": 500, "deduplicated_size": 400, "nfiles": 7, "path": "srv/a", "time": 1.5, "type": "archive_progress", "finished": false}',
    { fraction: null, files: 7, bytes: 600, storedBytes: 400 },
  ],
  [
    'a part of the work of borg',
    '{"operation": 1, "msgid": "extract", "type": "progress_percent", "finished": false, "current": 3, "total": 4}',
    { fraction: 0.75, files: null },
  ],
  [
    'a total that is not known',
    '{"operation": 1, "type": "progress_percent", "finished": true, "current": 0, "total": 0}',
    { fraction: null },
  ],
  [
    'a message of borg',
    '{"message": "Reading files", "type": "progress_message", "finished": false}',
    { fraction: null },
  ],
  [
    'rsync with the files that are left',
    '      6,000,000  71%  711.35MB/s    0:01:05 (xfr#1, to-chk=2/4)',
    { fraction: 0.71, files: 2, totalFiles: 4, secondsLeft: 65, bytes: null },
  ],
  ['rsync in the middle of a file', '         32,768   0%    0.00kB/s    0:00:00  ', { fraction: 0, files: null }],
  [
    'rsync for people',
    '          6.00M 100%   12.3kB/s   12:00:00 (xfr#1, ir-chk=2/4)',
    { fraction: 1, secondsLeft: null },
  ],
])('the progress of %s', (_, line, progress) => {
  expect(readProgress(line)).toMatchObject(progress)
})

test.each([
  '',
  'Files: 3 new',
  '{"message_type":"summary","files_new":1}',
  '{"message_type":"verbose_status","action":"new","item":"/a"}',
  '{"type": "log_message", "levelname": "ERROR", "message": "x"}',
  '{"type":"archive_progress"',
  '[{"message_type":"status"}]',
  '  100% done',
])('no progress: %s', line => {
  expect(readProgress(line)).toBeNull()
})

test('all of the progress that the tools really wrote is read, and nothing of what they report in the end', () => {
  const last = (name: string) => readAll(name).findLast(progress => progress !== null)
  expect(last('restic/restic-0.14.0-backup-progress.stdout.jsonl')?.files).toBeGreaterThan(0)
  expect(readAll('borg/borg-1.2.4-create-sigint.stderr.jsonl').some(progress => (progress?.bytes ?? 0) > 0)).toBe(true)
  expect(last('rsync/rsync-3.5.0-progress2.stdout.txt')).toMatchObject({ fraction: 1, files: 4, totalFiles: 4 })
  expect(readAll('rsync/rsync-3.5.0-first.stdout.txt').every(progress => progress === null)).toBe(true)
})

test('whatever the line, what is read is possible', () => {
  const json = fc
    .record({
      message_type: fc.constantFrom('status', 'summary'),
      type: fc.constantFrom('archive_progress', 'progress_percent', 'progress_message', 'x'),
      percent_done: fc.anything(),
      total_files: fc.anything(),
      files_done: fc.anything(),
      nfiles: fc.anything(),
      current: fc.double(),
      total: fc.double(),
      deduplicated_size: fc.anything(),
    })
    .map(value => JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member)))
  const rsync = fc
    .tuple(fc.nat(), fc.nat({ max: 999 }), fc.nat(), fc.nat())
    .map(
      ([bytes, percent, left, total]) => `  ${bytes}  ${percent}%  1.00MB/s  0:00:01 (xfr#1, to-chk=${left}/${total})`,
    )
  fc.assert(
    fc.property(fc.oneof(json, rsync, fc.string({ unit: 'binary' })), line => {
      const progress = readProgress(line)
      if (!progress) return
      const { fraction, ...counts } = progress
      if (fraction !== null) expect(fraction >= 0 && fraction <= 1).toBe(true)
      for (const count of Object.values(counts))
        if (count !== null) expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
    }),
  )
})
