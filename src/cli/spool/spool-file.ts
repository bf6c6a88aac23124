import { createHash } from 'node:crypto'
import { AppError } from '../../domain/app-error.ts'
import type { Instant } from '../../domain/instant.ts'
import { type Report, type ReportKind, reportKinds } from './report.ts'

/** A report as it is kept. The agent key is not in it: only a fingerprint of it, which says whose report this is. */
export type SpooledReport = Report & { server: string; keyFingerprint: string; spooledAt: Instant }

const magic = 'lastgood-spool-1'
const newline = 0x0a

/**
 * The bytes of a file of the spool: a line with a checksum of all that follows, a line of JSON that says what the report
 * is, and its body.
 */
export function toSpoolBytes({ content, ...head }: SpooledReport): Buffer {
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify({ ...head, headers: content.headers })}\n`), content.body])
  return Buffer.concat([Buffer.from(`${magic} ${rest.length} ${checksumOf(rest)}\n`), rest])
}

/** Reads a file of the spool. Throws `invalid` for one that is cut, damaged, or not ours. */
export function parseSpoolFile(bytes: Buffer): SpooledReport {
  const [label, rest] = splitLine(bytes, 'It is empty, or does not begin as a report does.')
  const [, length, checksum] = /^lastgood-spool-1 (\d{1,12}) ([\da-f]{64})$/.exec(label) ?? []
  if (length === undefined) throw damaged('It does not begin as a report does.')
  if (Number(length) !== rest.length) throw damaged(`It has ${rest.length} bytes in place of ${length}.`)
  if (checksum !== checksumOf(rest)) throw damaged('Its checksum is wrong.')
  const [head, body] = splitLine(rest, 'It has no head.')
  return { ...readHead(head), ...readContent(head, body) }
}

/** A line of at most some hundred kilobytes and what follows it. */
function splitLine(bytes: Buffer, problem: string): [string, Buffer] {
  const end = bytes.indexOf(newline)
  if (end < 0) throw damaged(problem)
  return [bytes.toString('utf8', 0, end), bytes.subarray(end + 1)]
}

function readHead(text: string): Omit<SpooledReport, 'content'> {
  const { kind, runKey, set, path, query, server, keyFingerprint, spooledAt } = readObject(text)
  const isKnown = reportKinds.includes(kind as ReportKind)
  const texts = [runKey, set, path, server, keyFingerprint]
  if (
    !isKnown ||
    !texts.every(text => typeof text === 'string') ||
    !isTexts(query) ||
    !Number.isSafeInteger(spooledAt)
  ) {
    throw damaged('Its head is not that of a report.')
  }
  if (!path?.toString().startsWith('/')) throw damaged('Its path is none.')
  // Checked member by member above.
  return { kind, runKey, set, path, query, server, keyFingerprint, spooledAt } as Omit<SpooledReport, 'content'>
}

function readContent(head: string, body: Buffer): Pick<SpooledReport, 'content'> {
  const { headers } = readObject(head)
  if (!isTexts(headers)) throw damaged('Its head has no headers.')
  const isHeader = ([name, value]: [string, string]) => /^[\w-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)
  if (!Object.entries(headers).every(isHeader)) throw damaged('Its headers cannot be sent.')
  return { content: { headers, body } }
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw damaged('Its head is not JSON.', error)
  }
  throw damaged('Its head is not an object.')
}

function isTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(text => typeof text === 'string')
}

function checksumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damaged(reason: string, cause?: unknown): AppError {
  return new AppError('invalid', reason, { cause })
}
