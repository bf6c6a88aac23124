import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { backupTools } from '../../../src/backup-tools/index.ts'
import { greenStatuses } from '../../support/adapter-promises.ts'
import { mutated } from '../mutations.ts'
import { assertServed, type FuzzServer, openFuzzServer } from '../fuzz-server.ts'
import { defineTarget } from '../target.ts'
import { bodyOf, queryOf, toolOutputs } from './requests.ts'

const runKey = '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f'
const report = {
  run_key: runKey,
  type: 'BACKUP',
  backupset_name: 'Documents',
  plugin: 'FILE',
  status: 'SUCCESS',
  exit_status: 0,
  signal: '',
  local_start: '2026-03-05T09:00:00-05:00',
  local_end: '2026-03-05T09:10:00-05:00',
  total_files: 120,
  processed_files: 120,
  new_files: 7,
  bytes: 4096,
  errors: 0,
  warnings: 1,
  messages: [{ level: 'WARNING', text: '/srv/a: permission denied' }],
  log: 'backing up\nhttps://me:secret@host/\ndone\n',
}
const { run_key: _, ...withoutKey } = report
const reports = [
  report,
  withoutKey,
  { ...withoutKey, status: 'RUNNING', local_end: '' },
  { ...withoutKey, status: undefined, exit_status: 3 },
  { ...withoutKey, type: 'RESTORE', status: 'ERROR', errors: 2 },
]
const batches = [{ list: reports }, { list: [] }, { list: [report, report] }, { list: [{}] }]
const toText = (values: readonly unknown[]) => values.map(value => JSON.stringify(value))

type Sent = { status: number; row: Record<string, unknown> }

/** Posts to the runs of the computer; throws when the answer is a fault or the report cannot be read behind it. */
async function post(server: FuzzServer, query: string, body: { payload: Buffer; headers: object }): Promise<Sent> {
  const headers = { ...body.headers, ...server.authorized }
  const answer = await server.send({
    method: 'POST',
    url: `${server.url}/runs${query}`,
    payload: body.payload,
    headers,
  })
  assertServed(answer)
  await server.rows()
  return { status: answer.statusCode, row: answer.body.startsWith('{') ? answer.json() : {} }
}

/** One structured report. */
export const runTarget = defineTarget(
  'run',
  bodyOf(mutated(toText(reports)), ['application/json', 'application/json; charset=utf-8', 'application/xml']),
  async () => {
    const server = await openFuzzServer()
    return {
      async check(body) {
        const { status, row } = await post(server, '', body)
        const told = readObject(body.payload)
        if (status !== 201 || !told || told['exit_status'] === 0 || typeof told['exit_status'] !== 'number') return
        assert.notEqual(row['condition_status'], 'COMPLETED', 'a failing exit status is green')
      },
      close: server.close,
    }
  },
)

function readObject(payload: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    // Not JSON, or in gzip.
    return null
  }
}

/** Batches of reports: whatever one of them holds, the others are answered for. */
export const batchTarget = defineTarget('batch', bodyOf(mutated(toText(batches)), ['application/json']), async () => {
  const server = await openFuzzServer()
  return {
    async check(body) {
      const { status, row } = await post(server, '', body)
      const list = readObject(body.payload)?.['list']
      if (status === 200 && Array.isArray(list) && Array.isArray(row['list'])) {
        assert.equal(row['list'].length, list.length, 'not every report was answered for')
        for (const result of row['list'] as { status: number }[]) assert(result.status < 500, JSON.stringify(result))
      }
    },
    close: server.close,
  }
})

const boundary = 'lastgood-fuzz'
const partOf = (name: string, text: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`
const forms = toolOutputs
  .slice(0, 200)
  .map(text => `${partOf('stdout', text)}${partOf('stderr', 'warning: odd')}--${boundary}--\r\n`)
const rawTypes = ['text/plain', 'application/x-ndjson', 'application/octet-stream', 'application/x-www-form-urlencoded']
const exitStatuses = ['0', '1', '2', '3', '23', '77', '124', '130', '137', '255']

/** Raw output of tools: as one stream or in parts, with any parameters. A failing exit status or a signal is never green. */
export const rawRunTarget = defineTarget(
  'raw run',
  fc.record({
    query: queryOf({
      backupset: ['Documents', 'Mail'],
      exit_status: exitStatuses,
      tool: backupTools.map(tool => tool.name),
      command: ['restic backup', 'bup index', 'rsync', 'sh'],
      signal: ['SIGTERM', 'SIGKILL'],
      local_start: [report.local_start],
      local_end: [report.local_end],
    }),
    body: fc.oneof(
      { weight: 3, arbitrary: bodyOf(mutated(toolOutputs), rawTypes) },
      { weight: 1, arbitrary: bodyOf(mutated(forms), [`multipart/form-data; boundary=${boundary}`]) },
    ),
  }),
  async () => {
    const server = await openFuzzServer()
    return {
      async check({ query, body }) {
        const { status, row } = await post(server, query, body)
        if (status !== 201 || row['condition_status'] !== 'COMPLETED') return
        const told = new URLSearchParams(query)
        assert(!told.get('signal'), 'green with a signal')
        const exitStatus = Number(told.get('exit_status') ?? 0)
        assert(greenStatuses.has(exitStatus), `green with exit status ${exitStatus}`)
      },
      close: server.close,
    }
  },
)
