import { expect, test } from 'vitest'
import { readProgress, type Progress } from '../../backup-tools/progress.ts'
import { aReader, rowsOf } from '../../../test/support/a-reader.ts'
import { aReport, recordReport } from '../../../test/support/builders.ts'
import { openReportReceiver } from '../../../test/support/report-receiver.ts'
import { someKey } from '../../../test/support/lastgood-process.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { readReportingSettings } from './agent-settings.ts'
import { buildRecentOutput } from './recent-output.ts'
import { findProgress, openProgressReports, toUpdate } from './report-progress.ts'
import { buildRunReporter } from './run-reporter.ts'
import { buildRunReports } from './run-reports.ts'
import { sayNothing } from './say.ts'

const status = (files: number) =>
  `{"message_type":"status","percent_done":0.5,"total_files":40,"files_done":${files},"bytes_done":9}\n`

test('the newest progress is found among other lines, also where its chunk was cut', () => {
  const stdout = buildRecentOutput()
  for (const chunk of ['one\n', status(1), status(2).slice(0, 30), status(2).slice(30), 'two\n', '{"message_']) {
    stdout.see(Buffer.from(chunk))
  }
  expect(findProgress([stdout, buildRecentOutput()])).toMatchObject({ files: 2, totalFiles: 40 })
  expect(findProgress([buildRecentOutput()])).toBeNull()
})

test('no more than the last chunks are remembered', () => {
  const output = buildRecentOutput()
  for (let chunk = 0; chunk < 1_000; chunk += 1) output.see(Buffer.from(status(chunk).repeat(100)))
  expect(Buffer.byteLength(output.toText())).toBe(32 * 1024)
  expect(findProgress([output])).toMatchObject({ files: 999 })
})

test('an update has the counts that are known, and the bytes that were stored', () => {
  const borg = readProgress('{"original_size": 600, "deduplicated_size": 400, "nfiles": 7, "type": "archive_progress"}')
  expect(borg && toUpdate(borg, '2026-03-05T09:30:00-05:00')).toEqual({
    local_end: '2026-03-05T09:30:00-05:00',
    processed_files: 7,
    bytes: 400,
  })
})

test('progress is sent while it grows, one report at a time, and never after the end', async () => {
  await using server = await openReportReceiver()
  using folder = temporaryFolder()
  const env = { LASTGOOD_SPOOL: folder.path, LASTGOOD_CONFIG: '/dev/null' }
  const settings = await readReportingSettings({ url: server.url, key: someKey, env })
  const run = { set: 'Documents', tool: undefined, command: ['restic'], timeoutMs: undefined, startedAt: Date.now() }
  const reporter = buildRunReporter(settings, buildRunReports({ ...run, onMissing: 'create' }), sayNothing)
  const output = buildRecentOutput()
  output.see(Buffer.from(status(1)))
  const reports = openProgressReports({
    everyMs: 1,
    outputs: [output],
    send: (progress, abort) => reporter.update(progress, abort),
  })
  await server.received(1)
  output.see(Buffer.from(status(2)))
  const [first, second] = await server.received(2)
  reports.stop()
  output.see(Buffer.from(status(3)))
  const { signal } = new AbortController()
  await reporter.start({ hurry: signal, abort: signal })
  expect(server.reports).toHaveLength(3)
  const bodies = [first, second].map(report => JSON.parse(report?.body.toString() ?? '') as Record<string, unknown>)
  expect(bodies.map(body => [body['status'], body['processed_files'], body['total_files']])).toEqual([
    ['RUNNING', 1, 40],
    ['RUNNING', 2, 40],
  ])
  expect(bodies[0]?.['run_key']).toBe(bodies[1]?.['run_key'])
})

test('what the server does not take is dropped, and what is on its way at the end is given up', async () => {
  const output = buildRecentOutput()
  output.see(Buffer.from(status(1)))
  const given = Promise.withResolvers<AbortSignal>()
  let calls = 0
  const send = (_: Progress, abort: AbortSignal): Promise<void> => {
    calls += 1
    output.see(Buffer.from(status(calls + 1)))
    if (calls < 3) return Promise.reject(new Error('The server is away.'))
    given.resolve(abort)
    return new Promise(() => undefined)
  }
  const reports = openProgressReports({ everyMs: 1, outputs: [output], send })
  const abort = await given.promise
  reports.stop()
  expect(abort.aborted).toBe(true)
  expect(calls).toBe(3)
})

test('an update is the last update of a run that goes on, and an end that arrived before it stands', async () => {
  const { server, computer, token } = await aReader()
  const run = { run_key: '1f7ac1a0-3a2c-4c1e-9e5c-6a1f35a8d0b1', local_start: '2026-03-05T09:00:00-05:00' }
  const update = { status: 'RUNNING' as const, local_end: '2026-03-05T09:30:00-05:00', processed_files: 7 }
  await recordReport(server, computer, aReport({ ...run, status: 'RUNNING', local_end: run.local_start }))
  await recordReport(server, computer, aReport({ ...run, ...update }))
  expect(await rowsOf(server, computer, token)).toMatchObject([
    { condition_types: ['RUNNING'], local_start: run.local_start, local_end: update.local_end },
  ])
  await recordReport(server, computer, aReport({ ...run, status: 'SUCCESS', local_end: '2026-03-05T09:20:00-05:00' }))
  await recordReport(server, computer, aReport({ ...run, ...update, local_end: '2026-03-05T09:40:00-05:00' }))
  expect(await rowsOf(server, computer, token)).toMatchObject([
    { condition_types: ['COMPLETED'], local_end: '2026-03-05T09:20:00-05:00' },
  ])
})
