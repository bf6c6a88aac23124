import { AppError } from '../domain/app-error.ts'
import type { RunMessage } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { toCount } from './counts.ts'
import { deriveReading, type ToolClaim } from './derive-reading.ts'
import { toHtmlTexts } from './html-text.ts'
import { toBytes } from './size-text.ts'

/**
 * Reads the report mail of Veeam Backup & Replication and of the Veeam agents: its subject (`[Warning] Nightly VMs …`)
 * and its table in HTML or as text. What it counts as files are machines or objects; bytes are what was transferred. The
 * worse of subject and counts is believed. Times stand without a zone, and are not read.
 * Throws `invalid` for a mail without a result when no exit status tells how it ended.
 * Format: Veeam Backup & Replication User Guide, "Email notifications" and "Job reports".
 */
export const veeam: BackupTool = {
  name: 'veeam',
  usage: {
    programs: [],
    debianPackage: null,
    example: null,
    ownReport: 'mail of the job',
  },
  readsSubject: true,

  recognizes(output) {
    const texts = readTexts(output)
    const isSigned = texts.some(text => /^Veeam (?:Backup|Agent)\b/.test(text))
    return (
      isSigned &&
      readCounts(texts) !== null &&
      ['Start time', 'End time', 'Duration'].every(name => texts.includes(name))
    )
  },

  read(output) {
    const texts = readTexts(output)
    const counts = readCounts(texts)
    const results = resultsIn(texts, counts)
    if (results.length === 0 && output.exitStatus === null && output.signal === null) {
      throw new AppError('invalid', 'This is not a report of a job of Veeam: it has no result.')
    }
    const isStopped = texts.some(text => /\b(?:stopped|cancell?ed|terminated) by (?:the )?user\b/i.test(text))
    const isFailed = results.includes('Failed')
    return deriveReading(output, {
      ...toClaim(texts, counts),
      isClosed: results.length > 0,
      ended: isFailed ? failureState(isStopped) : null,
      problems: isFailed && !isStopped ? (counts?.error ?? 0) : 0,
      warnings: isFailed ? (counts?.warning ?? 0) : Math.max(results.includes('Warning') ? 1 : 0, counts?.warning ?? 0),
      messages: toMessages(texts, isFailed),
      silence: 'The mail holds no result of a job.',
    })
  },
}

type Counts = { success: number; warning: number; error: number }
const resultNames = ['Success', 'Warning', 'Failed'] as const
type Result = (typeof resultNames)[number]

function readTexts({ stdout, stderr }: ToolOutput): string[] {
  return toHtmlTexts(`${stdout}\n${stderr}`)
}

function failureState(isStopped: boolean): 'canceled' | 'failed' {
  return isStopped ? 'canceled' : 'failed'
}

/** The three counts of the table: how many machines ended in which way. */
function readCounts(texts: readonly string[]): Counts | null {
  const success = numberAfter(texts, 'Success')
  const warning = numberAfter(texts, 'Warning')
  const error = numberAfter(texts, 'Error')
  return success === null || warning === null || error === null ? null : { success, warning, error }
}

/** The number below or behind a name: in a cell of its own, or in the same line. */
function numberAfter(texts: readonly string[], name: string): number | null {
  for (const [index, text] of texts.entries()) {
    const own = text === name ? texts[index + 1] : text.startsWith(`${name} `) ? text.slice(name.length + 1) : undefined
    if (own !== undefined && /^\d{1,9}$/.test(own)) return toCount(Number(own))
  }
  return null
}

/** Every result that the mail states: by its subject, and by its counts. */
function resultsIn(texts: readonly string[], counts: Counts | null): Result[] {
  const subjects = new Set(texts.map(text => /^(?:Subject: {0,3})?\[(Success|Warning|Failed)\] /.exec(text)?.[1]))
  const named = resultNames.filter(name => subjects.has(name))
  if (counts === null) return named
  if (counts.error > 0) return [...named, 'Failed']
  if (counts.warning > 0) return [...named, 'Warning']
  return counts.success > 0 || named.length > 0 ? [...named, 'Success'] : []
}

function toClaim(
  texts: readonly string[],
  counts: Counts | null,
): Pick<ToolClaim, 'type' | 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes' | 'version'> {
  const title = texts
    .map(text => /^([A-Z][\w ]{2,60}?)(?: job)?: \S/.exec(text)?.[1] ?? '')
    .find(text => /backup|replica|restore|copy/i.test(text))
  const transferred = texts[texts.indexOf('Transferred') + 1]
  return {
    type: title?.startsWith('SureBackup') ? 'maintenance' : title?.startsWith('Restore') ? 'restore' : 'backup',
    totalFiles: counts && counts.success + counts.warning + counts.error,
    processedFiles: counts && counts.success + counts.warning,
    newFiles: null,
    bytes: texts.includes('Transferred') ? toBytes(transferred ?? '', 1_024) : null,
    version: texts.map(text => /^Veeam .{1,60}? (\d{1,3}\.\d{1,3}[\d.]{0,30})/.exec(text)?.[1]).find(Boolean) ?? null,
  }
}

/** The subject, and each machine that did not end well, with what its row says at the end. */
function toMessages(texts: readonly string[], isFailed: boolean): RunMessage[] {
  const subject = texts.find(text => /^(?:Subject: {0,3})?\[(?:Warning|Failed)\] /.test(text))
  const details = texts.filter(
    text =>
      /^(?:Error|Warning|Failed)(?:: | to )\S/.test(text) || /^(?:Processing|Unable to|Cannot) \S.{10}/.test(text),
  )
  const level = isFailed ? ('error' as const) : ('warning' as const)
  return [
    ...(subject === undefined ? [] : [{ level, text: subject.replace(/^Subject: {0,3}/, '') }]),
    ...details.map(text => ({ level: text.startsWith('Warning') ? ('warning' as const) : level, text })),
  ]
}
