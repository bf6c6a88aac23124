import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { sumCounts } from './counts.ts'
import { deriveReading } from './derive-reading.ts'
import { isLaidOutJson, readJsonDocuments } from './json-documents.ts'
import { isKopiaManifest, type KopiaSnapshot, readKopiaManifest } from './kopia-manifest.ts'
import { isKopiaNotification, isKopiaReport, readKopiaNotification, readKopiaReport } from './kopia-notification.ts'
import { isTellingKopiaText, type KopiaText, readKopiaText } from './kopia-text.ts'
import { toOutputLines } from './output-lines.ts'
import { earliestTime, latestTime } from './run-times.ts'

/**
 * Reads Kopia 0.8 to 0.23: `kopia snapshot create --json` (the manifest of each source, laid out over many lines), the
 * text that it prints without, its other commands, and its notifications in text or JSON. Items that failed make a run a
 * failed one whatever the exit status: with `--json` older versions end with 0. An incomplete snapshot was stopped.
 * Format: Kopia documentation, "Command-Line Reference" and "Notifications"; source of `snapshot create` and `restore`.
 */
export const kopia: BackupTool = {
  name: 'kopia',
  usage: {
    programs: ['kopia'],
    debianPackage: null,
    example: { set: 'Documents', command: 'kopia snapshot create --json /home' },
  },

  recognizes(output) {
    const { snapshots, text, notification } = readAll(output)
    return snapshots.length > 0 || text.created > 0 || notification.length > 0
  },

  read(output) {
    const { lines, snapshots, hasList, text, notification } = readAll(output)
    const all = [...snapshots, ...notification]
    const failed = sum(all.map(snapshot => snapshot.failed)) || (all.length > 0 ? 0 : text.failed)
    const ignored = sum(all.map(snapshot => snapshot.ignored)) || (all.length > 0 ? 0 : text.ignored)
    const isClosed = all.length > 0 || text.isClosed || hasList
    const isFailed = failed > 0 || (text.causes.length > 0 && !isClosed)
    const isStopped = text.isStopped || all.some(snapshot => snapshot.isIncomplete)
    return deriveReading(output, {
      ...toCounts(all, text),
      type: all.length > 0 ? 'backup' : (text.type ?? (hasList ? 'maintenance' : 'backup')),
      isClosed,
      ended: isFailed ? 'failed' : isStopped ? 'canceled' : text.isPanic ? 'crashed' : null,
      problems: failed > 0 || !isClosed ? failed : text.causes.length,
      warnings: ignored,
      messages: [
        ...text.causes.map(cause => ({ level: 'error' as const, text: cause })),
        ...toItemMessages(all, text, failed > 0 ? 'error' : 'warning'),
      ],
      lastWords: lines.slice(-3),
      silence: 'The output does not tell what was backed up: add --json to kopia snapshot create.',
      startedAt: earliestTime(all.map(snapshot => snapshot.startedAt)),
      endedAt: latestTime(all.map(snapshot => snapshot.endedAt)),
      version: text.version,
    })
  },

  needs(line) {
    return isLaidOutJson(line) || isTellingKopiaText(line) ? 'each' : null
  },
}

function readAll({ stdout, stderr }: ToolOutput) {
  const lines = [stdout, stderr].flatMap(toOutputLines)
  const { documents, texts } = readJsonDocuments(lines)
  return {
    lines,
    snapshots: documents.filter(isKopiaManifest).map(readKopiaManifest),
    hasList: documents.some(document => Array.isArray(document)),
    text: readKopiaText(texts),
    notification: [
      ...documents.filter(isKopiaReport).flatMap(readKopiaReport),
      ...(isKopiaNotification(texts) ? readKopiaNotification(texts) : []),
    ],
  }
}

type Counts = Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>

/** Of the manifests, which state them exactly; else of the text. */
function toCounts(snapshots: readonly KopiaSnapshot[], text: KopiaText): Counts {
  if (snapshots.length === 0) return { ...text.counts }
  const processedFiles = sumCounts(snapshots.map(snapshot => snapshot.files))
  const missed = sum(snapshots.map(snapshot => snapshot.failed + snapshot.ignored))
  return {
    totalFiles: processedFiles === null ? null : processedFiles + missed,
    processedFiles,
    // A source that does not say what is new may hold something new.
    newFiles: snapshots.every(snapshot => snapshot.newFiles !== null)
      ? sumCounts(snapshots.map(snapshot => snapshot.newFiles))
      : null,
    bytes: sumCounts(snapshots.map(snapshot => snapshot.bytes)) ?? text.counts.bytes,
  }
}

/** A manifest names ten items at most; the text names all, but may have gone to a stream that nobody kept. */
function toItemMessages(snapshots: readonly KopiaSnapshot[], { items }: KopiaText, level: 'error' | 'warning') {
  const named = snapshots.flatMap(snapshot => snapshot.items)
  return (items.length >= named.length ? items : named).map(text => ({ level, text }))
}

function sum(counts: readonly number[]): number {
  return sumCounts(counts) ?? 0
}
