import { toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import type { KopiaSnapshot } from './kopia-manifest.ts'
import { readMailTime } from './run-times.ts'

/** Whether the lines are a notification in Kopia's own words: webhooks and mails hold one. */
export function isKopiaNotification(lines: readonly string[]): boolean {
  const isSigned = lines.some(line => /^Generated at .{1,60} by Kopia /.test(line))
  return isSigned && lines.some(line => statusLine.test(line))
}

const statusLine = /^ {2}Status: +(\S.{0,40})$/

/**
 * The snapshots of a notification, each in a block that begins with its path. The subject says "Successfully created"
 * of snapshots with warnings, too; the status of the block does not. It says when a snapshot
 * began, and not when it ended.
 */
export function readKopiaNotification(lines: readonly string[]): KopiaSnapshot[] {
  const blocks: string[][] = []
  for (const line of lines) {
    if (line.startsWith('Path: ')) blocks.push([])
    blocks.at(-1)?.push(line)
  }
  return blocks.filter(block => block.some(line => statusLine.test(line))).map(toSnapshot)
}

function toSnapshot(block: readonly string[]): KopiaSnapshot {
  const valueOf = (pattern: RegExp) => block.map(line => pattern.exec(line)?.[1]).find(value => value !== undefined)
  const status = valueOf(statusLine) ?? ''
  const error = valueOf(/^ {2}Error: +(\S.{0,900})/)
  const failed = block.filter(line => /^ {2}- /.test(line)).map(line => line.slice(4))
  const files = valueOf(/^ {2}Files: +(\d[\d,]{0,20})(?: |$)/)
  const start = readMailTime(valueOf(/^ {2}Start: +(\S.{0,60})/) ?? '')
  const isFatal = !['success', 'warnings', 'incomplete'].includes(status)
  return {
    files: files === undefined || isFatal ? null : toCount(Number(files.replaceAll(',', ''))),
    newFiles: null,
    bytes: null,
    failed: isFatal ? Math.max(1, failed.length) : 0,
    ignored: isFatal ? 0 : Math.max(status === 'warnings' ? 1 : 0, failed.length),
    items: error === undefined ? failed : [error, ...failed],
    isIncomplete: status === 'incomplete',
    startedAt: start && start.at > 0 ? start : null,
    endedAt: null,
  }
}

/** Whether a JSON document is a notification of the template in JSON: a report of snapshots. */
export function isKopiaReport(document: unknown): document is JsonObject {
  return isJsonObject(document) && typeof document['kopiaVersion'] === 'string' && Array.isArray(document['snapshots'])
}

/** The snapshots of a notification in JSON. What is no snapshot was not backed up. */
export function readKopiaReport(report: JsonObject): KopiaSnapshot[] {
  const { snapshots } = report
  return Array.isArray(snapshots) ? snapshots.map(snapshot => toReported(isJsonObject(snapshot) ? snapshot : {})) : []
}

function toReported(snapshot: JsonObject): KopiaSnapshot {
  const { status, error, totalFiles, failedEntries, start } = snapshot
  const entries = Array.isArray(failedEntries) ? failedEntries.filter(isJsonObject) : []
  const items = entries.map(entry => `${textIn(entry['path'])}: ${textIn(entry['error'])}`)
  const isFatal = !['success', 'warnings', 'incomplete'].includes(textIn(status)) || textIn(error) !== ''
  const startedAt = readMailTime(textIn(start))
  return {
    files: isFatal ? null : toCount(totalFiles),
    newFiles: null,
    bytes: null,
    failed: isFatal ? Math.max(1, items.length) : 0,
    ignored: isFatal ? 0 : Math.max(status === 'warnings' ? 1 : 0, items.length),
    items: textIn(error) === '' ? items : [textIn(error), ...items],
    isIncomplete: status === 'incomplete',
    startedAt: startedAt && startedAt.at > 0 ? startedAt : null,
    endedAt: null,
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
