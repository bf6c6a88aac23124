import { describe, expect, test } from 'vitest'
import type { BackupTool, ToolOutput, ToolReading } from '../../backup-tools/backup-tool.ts'
import { backupTools, detectBackupTool } from '../../backup-tools/index.ts'
import { readWith } from '../../backup-tools/read-output.ts'
import { type NeedingTool, toolsOfProgram } from '../../backup-tools/tools-of-program.ts'
import { recordedCases, recordedOutput } from '../../../test/support/recorded-cases.ts'
import { buildNeededLines } from './needed-lines.ts'
import { buildOutputCapture } from './output-capture.ts'

const asItIs = (text: string) => text

/** What each tool lists when it is asked to be verbose, and what its progress looks like: nothing of it is needed. */
const verboseLines: Readonly<Record<string, readonly string[]>> = {
  restic: [
    '{"message_type":"verbose_status","action":"unchanged","item":"/srv/data/letters/2019/March.odt","duration":0}',
    'unchanged /srv/data/letters/2019/March.odt',
  ],
  borg: [
    '{"type": "file_status", "status": "U", "path": "srv/data/letters/2019/March.odt"}',
    '{"original_size": 1476519, "nfiles": 7, "path": "srv/a", "type": "archive_progress", "finished": false}',
  ],
  borgmatic: ['U /srv/data/letters/2019/March.odt'],
  rclone: [
    '{"level":"debug","msg":"Unchanged skipping","object":"March.odt","objectType":"*local.Object","source":"sync/sync.go:1","time":"2026-11-23T02:00:00Z"}',
    '2026/11/23 02:00:00 DEBUG : letters/2019/March.odt: Unchanged skipping',
  ],
  rsync: ['letters/2019/March.odt', '>f+++++++++ letters/2019/April.odt', '     32,768 100%   31.25MB/s    0:00:00'],
  rsnapshot: ['letters/2019/March.odt', 'letters/2019/'],
  tar: ['srv/data/letters/2019/March.odt', 'srv/data/letters/2020/'],
  duplicity: ['A letters/2019/March.odt', 'Comparing letters and None'],
  'rdiff-backup': ['* Processing changed file letters/2019/March.odt'],
  dar: ['Adding file to archive: /srv/data/letters/2019/March.odt'],
  bup: ['/srv/data/letters/2019/March.odt'],
  kopia: [' / 1 hashing, 12 hashed (3.4 MB), 5 cached (1 MB), uploaded 2.1 MB, estimated 9 MB (37.2%) 1s left'],
  pg_dump: ['pg_dump: reading column information', 'pg_dump: finding the columns of table "public.letters"'],
  pg_basebackup: ['  52030/92030 kB (56%), 0/1 tablespace (...v/backup/base/pg_wal/000000010000000000000002)'],
  mysqldump: ["INSERT INTO `letters` VALUES (1,'March'),(2,'April');"],
  mariabackup: ['[01] 2026-11-23 07:13:12         ...done', '[00] 2026-11-23 07:13:12 >> log scanned up to (47127)'],
  mydumper: ['** Message: 07:13:14.493: Thread 1 shutting down'],
  pgbackrest: ['2026-11-23 07:10:02.394 P01 DETAIL: backup file /srv/pg/base/1/1259 (88KB, 2%) checksum 6c1b'],
  barman: ['Copying the base backup.'],
  walg: ['INFO: 2026/11/23 02:00:01.123456 /global/pg_control'],
  sqlite3: ["INSERT INTO letters VALUES(1,'March');"],
  vzdump: ['INFO:  37% (12.1 GiB of 32.0 GiB) in 1m 12s, read: 170.2 MiB/s, write: 165.1 MiB/s'],
  robocopy: ['\t    New File  \t\t   12345\tMarch.odt', '  5.3%'],
}

/** Tools that count what they list, so that of a cut list the counts are not known. */
const countingLists = new Set(['tar', 'borg', 'borgmatic', 'rclone'])

const needing = backupTools.filter((tool): tool is BackupTool & NeedingTool => tool.needs !== undefined)
// Notifications come by webhook or mail: no command writes them.
const cases = needing.flatMap(tool =>
  recordedCases(tool.name)
    .filter(one => !one.case.includes('notification'))
    .map(one => ({ tool, name: one.case, output: recordedOutput(tool.name, one) })),
)

test('every tool that says what it needs has lines that it does not', () => {
  expect(Object.keys(verboseLines).toSorted()).toEqual(needing.map(tool => tool.name).toSorted())
  const needed = needing.flatMap(tool => linesFor(tool).filter(line => tool.needs(line) === 'each'))
  expect(needed).toEqual([])
})

describe('an output that is cut is read as the whole one', () => {
  test.each(cases.map(one => [one.name, one] as const))('%s', (_, { tool, output }) => {
    for (const tools of [[tool], toolsOfProgram('backup.sh')]) {
      const cut = { ...output, stdout: cutMiddle(output.stdout, tools), stderr: cutMiddle(output.stderr, tools) }
      expectSame(tool, readWith(tool, output, asItIs).reading, readWith(tool, cut, asItIs).reading)
      expect(detectBackupTool(cut).name, 'detected').toBe(detectBackupTool(output).name)
    }
  })
})

describe('an output that is made long by what the tool lists is read as with one such line', () => {
  test.each(cases.map(one => [one.name, one] as const))('%s', async (_, { tool, output }) => {
    await expectSameWhenLong(tool, output, 500_000)
  })
})

describe('tens of megabytes are read as one such line', () => {
  const everyday = new Set(['restic', 'borg', 'rsync', 'rclone', 'tar', 'pg_dump'])
  const longest = needing
    .filter(({ name }) => everyday.has(name))
    .map(tool => {
      const own = cases.filter(one => one.tool === tool)
      return own.reduce((one, other) => (other.output.stderr.length > one.output.stderr.length ? other : one))
    })
  test.each(longest.map(one => [one.name, one] as const))('%s', async (_, { tool, output }) => {
    await expectSameWhenLong(tool, output, 20_000_000)
  })
})

async function expectSameWhenLong(tool: BackupTool & NeedingTool, output: ToolOutput, bytes: number): Promise<void> {
  const name = output.stdout.length > output.stderr.length ? 'stdout' : 'stderr'
  const pieces = splitInMiddle(output[name])
  const short = { ...output, [name]: pieces.join(fewLinesFor(tool)) }
  const long = { ...output, [name]: await captured(tool, pieces, bytes) }
  expectSame(tool, readWith(tool, short, asItIs).reading, readWith(tool, long, asItIs).reading)
}

/** A text in two, between lines; in one where there is no place for others. */
function splitInMiddle(text: string): string[] {
  const lines = text.split(/(?<=\n)/)
  // A document laid out over many lines is written in one go.
  const places = lines.flatMap((line, index) => (index > 1 && !/^[ {}[\]]/.test(line) ? [index] : []))
  const at = places[Math.floor(places.length / 2)]
  return at === undefined ? [text] : [lines.slice(0, at).join(''), lines.slice(at).join('')]
}

/** What is captured of a text with `bytes` of others in its middle. */
async function captured(tool: NeedingTool, [first = '', second]: string[], bytes: number): Promise<string> {
  if (second === undefined) return first
  const few = fewLinesFor(tool)
  const bulk = Buffer.from(few.repeat(Math.ceil(100_000 / few.length)))
  const capture = buildOutputCapture(() => Promise.resolve(buildNeededLines([tool])))
  await capture.add(Buffer.from(first))
  for (let added = 0; added < bytes; added += bulk.length) await capture.add(bulk)
  await capture.add(Buffer.from(second))
  return capture.end().toString()
}

function fewLinesFor(tool: NeedingTool): string {
  return linesFor(tool)
    .map(line => `${line}\n`)
    .join('')
}

function linesFor(tool: NeedingTool): readonly string[] {
  return verboseLines[tool.name] ?? []
}

/** What is left of a text of which only the first and the last line are kept whatever they say. */
function cutMiddle(text: string, tools: readonly NeedingTool[]): string {
  const lines = text.split(/(?<=\n)/)
  if (lines.length < 5) return text
  const middle = buildNeededLines(tools)
  middle.add(Buffer.from(lines.slice(2, -1).join('')))
  const { before } = middle.end()
  return [
    ...lines.slice(0, 2),
    '… 9 bytes left out, but for the lines that tell how the run went …\n',
    ...before.map(line => `${line}\n`),
    lines.at(-1),
  ].join('')
}

function expectSame(tool: BackupTool, whole: ToolReading, cut: ToolReading): void {
  expect(toFacts(cut)).toEqual(toFacts(whole))
  for (const count of ['totalFiles', 'processedFiles', 'newFiles', 'bytes'] as const) {
    if (countingLists.has(tool.name) && cut[count] === null) continue
    expect(cut[count], count).toBe(whole[count])
  }
}

function toFacts({ type, state, errors, warnings, version }: ToolReading) {
  return { type, state, hasErrors: errors > 0, hasWarnings: warnings > 0, version }
}
