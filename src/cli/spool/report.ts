import { createHash } from 'node:crypto'
import type { Content } from '../run/content.ts'

/** The kinds of reports. When the spool is too full those that stand first are the first to be dropped. */
export const reportKinds = ['progress', 'start', 'result'] as const
export type ReportKind = (typeof reportKinds)[number]

/** A report of a run, as it is handed over for delivery. */
export type Report = {
  kind: ReportKind
  /** The name of the run: the server takes all reports of one `run_key` for one run, however often they come. */
  runKey: string
  set: string
  path: string
  query: Record<string, string>
  content: Content
}

const fingerprintDigits = 12

/** What tells one agent key from another without giving it away: the first digits of a hash. */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(`lastgood agent key ${key}`).digest('hex').slice(0, fingerprintDigits)
}

/**
 * A result without what the command wrote. The server is told so, and never takes it for a run that is known to have
 * gone well: see `output` in `docs/api.md`, "Raw output".
 */
export function withoutOutput(report: Report): Report {
  const content = { headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(0) }
  return { ...report, query: { ...report.query, output: 'dropped' }, content }
}
