import type { LocalTime } from '../domain/local-time.ts'
import { sumCounts, toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import { readZonedTime } from './zoned-time.ts'

/** What Kopia says of one snapshot. */
export type KopiaSnapshot = {
  files: number | null
  newFiles: number | null
  bytes: number | null
  /** Items that could not be read and make the snapshot a failed one, and those that a policy says to ignore. */
  failed: number
  ignored: number
  /** Items with the reason. */
  items: string[]
  isIncomplete: boolean
  startedAt: LocalTime | null
  endedAt: LocalTime | null
}

/** Whether a JSON document is the manifest of one snapshot. */
export function isKopiaManifest(document: unknown): document is JsonObject {
  if (!isJsonObject(document)) return false
  const { source, startTime, endTime, rootEntry } = document
  return (
    isJsonObject(source) &&
    typeof source['path'] === 'string' &&
    typeof source['userName'] === 'string' &&
    typeof startTime === 'string' &&
    typeof endTime === 'string' &&
    isJsonObject(rootEntry)
  )
}

/** Reads the manifest of one snapshot. A member that is zero may be left out where others of its kind are stated. */
export function readKopiaManifest(manifest: JsonObject): KopiaSnapshot {
  const rootEntry = toObject(manifest['rootEntry'])
  const summary = toObject(rootEntry['summ'])
  const stats = toObject(manifest['stats'])
  const stored = toObject(toObject(manifest['storageStats'])['newData'])
  const incomplete = [manifest['incomplete'], summary['incomplete']]
  return {
    files: rootEntry['type'] === 'f' ? 1 : toCount(summary['files']),
    newFiles: toNewFiles(stats),
    bytes: toCount(stored['packedContentBytes']),
    failed: Math.max(toCount(summary['numFailed']) ?? 0, toCount(stats['errorCount']) ?? 0),
    ignored: Math.max(toCount(summary['numIgnoredErrors']) ?? 0, toCount(stats['ignoredErrorCount']) ?? 0),
    items: toItems(summary['errors']),
    isIncomplete: incomplete.some(reason => typeof reason === 'string' && reason !== ''),
    startedAt: readZonedTime(manifest['startTime']),
    endedAt: readZonedTime(manifest['endTime']),
  }
}

/** Files that were hashed, because nothing was known of them or they had changed. */
function toNewFiles(stats: JsonObject): number | null {
  const known = sumCounts([toCount(stats['cachedFiles']), toCount(stats['nonCachedFiles'])])
  return known === null ? null : toCount(stats['nonCachedFiles'])
}

function toItems(errors: unknown): string[] {
  if (!Array.isArray(errors)) return []
  return errors.filter(isJsonObject).map(({ path, error }) => `${toText(path)}: ${toText(error)}`)
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function toObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
