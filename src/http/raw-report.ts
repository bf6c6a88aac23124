import { readOutput } from '../backup-tools/read-output.ts'
import { AppError } from '../domain/app-error.ts'
import type { Redact } from '../domain/redaction.ts'
import type { ReportedRun } from '../domain/run-report.ts'
import type { ToolReport } from '../wire/tool-report.ts'

// curl calls whatever it is given a form unless told otherwise; a body of unknown type is read as text too.
const rawTypes =
  /^(?:$|text\/(?!xml\b)|application\/(?:x-ndjson|x-www-form-urlencoded|octet-stream)\b|multipart\/form-data\b)/i

/** What raw output comes as, for the documentation. */
export const rawOutputTypes = {
  'text/plain': 'What the tool printed: one stream, or both as they came.',
  'application/x-ndjson': 'The same, of tools that print one JSON message a line.',
  'multipart/form-data': 'The parts `stdout` and `stderr`.',
}

/** Whether a body of this type is the raw output of a backup tool. */
export function isRawOutput(contentType: string): boolean {
  return rawTypes.test(contentType.trim())
}

/** A body that is raw output. */
export type RawOutput = { contentType: string; bytes: Buffer }

/**
 * Reads raw output: the body as one stream, or `multipart/form-data` with the parts `stdout` and `stderr`; how the tool
 * ended is told beside it, what it did by its adapter. The log is whole and as it came, the messages are without
 * secrets. Throws `invalid`, naming the part.
 */
export async function readRawReport(
  { signal, command, timeLimit, isOutputDropped, ...said }: ToolReport,
  { contentType, bytes }: RawOutput,
  redact: Redact,
): Promise<ReportedRun> {
  const streams = await readStreams(contentType, bytes)
  const { tool, reading } = readOutput(
    { tool: said.tool, command },
    { ...streams, exitStatus: said.exitStatus, signal },
    redact,
  )
  const { version, ...facts } = reading
  return withDoubts(
    { timeLimit, isOutputDropped },
    {
      ...facts,
      ...said,
      startedAt: said.startedAt ?? reading.startedAt,
      endedAt: said.endedAt ?? reading.endedAt,
      tool: version === null ? tool : `${tool} ${version}`,
      log: joinStreams(streams),
    },
  )
}

/** What the reporter knows beside the output: neither leaves a run that looks as if all had gone well. */
function withDoubts(
  { timeLimit, isOutputDropped }: Pick<ToolReport, 'timeLimit' | 'isOutputDropped'>,
  run: ReportedRun,
): ReportedRun {
  const messages = [...run.messages]
  if (timeLimit !== null) {
    messages.push({ level: 'error', text: `The command was ended after its time limit of ${timeLimit} seconds.` })
  }
  if (isOutputDropped) {
    const text = 'The output of the command was dropped on its computer, which had no room for it: judged without it.'
    messages.push({ level: 'warning', text })
  }
  return {
    ...run,
    messages,
    state: timeLimit === null ? run.state : 'crashed',
    warnings: isOutputDropped ? Math.max(1, run.warnings ?? 0) : run.warnings,
  }
}

type Streams = { stdout: string; stderr: string }

async function readStreams(contentType: string, body: Buffer): Promise<Streams> {
  if (!/^\s*multipart\/form-data\b/i.test(contentType)) return { stdout: body.toString('utf8'), stderr: '' }
  const form = await readForm(contentType, body)
  const other = [...form.keys()].find(name => name !== 'stdout' && name !== 'stderr')
  if (other !== undefined) {
    throw new AppError('invalid', `${JSON.stringify(other.slice(0, 80))} is not a known part; send stdout and stderr.`)
  }
  return { stdout: await textOf(form.getAll('stdout')), stderr: await textOf(form.getAll('stderr')) }
}

const mostParts = 10

async function readForm(contentType: string, body: Buffer): Promise<FormData> {
  if (countDelimiters(contentType, body) > mostParts + 1) {
    throw new AppError('invalid', `The body has more than ${mostParts} parts; send stdout and stderr.`)
  }
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw new AppError('invalid', 'The body is not valid multipart/form-data.', { cause: error })
  }
}

/** How often the delimiter of parts occurs (RFC 2046, 5.1.1), counted no further than it matters. */
function countDelimiters(contentType: string, body: Buffer): number {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`
  let count = 0
  for (let at = body.indexOf(delimiter); at >= 0 && count <= mostParts + 1; at = body.indexOf(delimiter, at + 1))
    count += 1
  return count
}

async function textOf(parts: (string | Blob)[]): Promise<string> {
  const texts = await Promise.all(parts.map(async part => (typeof part === 'string' ? part : part.text())))
  return texts.join('')
}

function joinStreams({ stdout, stderr }: Streams): string {
  if (stdout === '' || stderr === '') return stdout + stderr
  return `${stdout}${stdout.endsWith('\n') ? '' : '\n'}${stderr}`
}
