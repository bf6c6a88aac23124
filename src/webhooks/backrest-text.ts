import { countOf, memberOf, readJsonObject, textOf, toObject } from './hook-text.ts'

/** What a notification of Backrest says of its event, in the words of a template. */
export type BackrestEvent = {
  /** `snapshot success`, `prune error`, …, as Backrest names it. */
  name: string
  /** Why it failed, or what was not read; empty: nothing. */
  error: string
  snapshotId: string
  /** When it was sent, as it says. */
  time: string
  counts: BackrestCounts | null
}

export type BackrestCounts = { processedFiles: number | null; newFiles: number | null; bytes: number | null }

/**
 * Reads the text of a notification: JSON of the template that docs/webhooks.md has, or the words of Backrest's own templates.
 * What stands before the JSON, such as a headline, is passed over. Null: neither.
 */
export function readBackrestText(text: string): BackrestEvent | null {
  const document = readJsonObject(text) ?? readJsonObject(text.slice(Math.max(0, text.indexOf('{'))))
  const name = textOf(document, 'event')
  if (document === null || name === '') return readWords(text)
  const stats = toObject(memberOf(document, 'stats'))
  return {
    name: name.toLowerCase(),
    error: textOf(document, 'error'),
    snapshotId: textOf(document, 'snapshot_id'),
    time: textOf(document, 'time'),
    // Without a summary Backrest marshals an empty one.
    counts: textOf(stats, 'message_type') === 'summary' ? toCounts(name => countOf(stats, name)) : null,
  }
}

function toCounts(count: (name: string) => number | null): BackrestCounts {
  const [added, changed] = [count('files_new'), count('files_changed')]
  return {
    processedFiles: count('total_files_processed'),
    newFiles: added === null && changed === null ? null : (added ?? 0) + (changed ?? 0),
    bytes: count('data_added_packed') ?? count('data_added'),
  }
}

const lines = {
  event: /^Event: {0,3}(\S.{0,60})$/m,
  error: /^(?:Error|Failed to create snapshot): {0,3}(\S.{0,2000})$/m,
  snapshot: /^Snapshot: {0,3}(\S{1,80})$/m,
  time: /^Task: .{0,400} at (\d{4}-\d\d-\d\dT\S{1,30})$/m,
}

/** The words count files; sizes are rounded, and not read. */
function readWords(text: string): BackrestEvent | null {
  const valueOf = (pattern: RegExp) => pattern.exec(text)?.[1]?.trim() ?? ''
  const name = valueOf(lines.event)
  if (name === '') return null
  const labels: Readonly<Record<string, RegExp>> = {
    files_new: /^- Files new: (\d{1,15})$/m,
    files_changed: /^- Files changed: (\d{1,15})$/m,
    total_files_processed: /^- Total files processed: (\d{1,15})$/m,
  }
  const count = (name: string) => {
    const digits = labels[name]?.exec(text)?.[1]
    return digits === undefined ? null : Number(digits)
  }
  const counts = toCounts(count)
  return {
    name: name.toLowerCase(),
    error: valueOf(lines.error),
    snapshotId: valueOf(lines.snapshot),
    time: valueOf(lines.time),
    counts: counts.processedFiles === null ? null : counts,
  }
}
