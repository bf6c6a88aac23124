import type { Instant } from '../../domain/instant.ts'
import type { ReportKind } from './report.ts'
import type { SpoolFile } from './spool.ts'

/** How much a spool may hold, and how old it may become. */
export type SpoolLimits = { mostBytes: number; longestMs: number }

/** What is to be done to a file of the spool: away with all of it, or with what the command wrote. */
export type Drop = { name: string; kind: ReportKind; what: 'report' | 'output' }

/** A result that is no larger has no output worth dropping. */
export const smallestOutput = 4 * 1024
/** What is left of a result without its output, at most. */
const bareResultBytes = 2 * 1024

/**
 * What has to go so that the limits are kept: all that is too old; then, until the rest fits, progress, then starts, then
 * the outputs of results, and only then results, of each the oldest first. `files` are in order, oldest first.
 */
export function deriveDrops(files: readonly SpoolFile[], limits: SpoolLimits, now: Instant): Drop[] {
  const isOld = ({ writtenAt }: SpoolFile) => now - writtenAt > limits.longestMs
  const old = files.filter(isOld)
  const fresh = files.filter(file => !isOld(file))
  const ofKind = (kind: ReportKind) => fresh.filter(file => file.kind === kind)
  const steps = [
    ...ofKind('progress').map(file => ({ ...toDrop(file), frees: file.bytes })),
    ...ofKind('start').map(file => ({ ...toDrop(file), frees: file.bytes })),
    ...ofKind('result')
      .filter(({ bytes }) => bytes > smallestOutput)
      .map(file => ({ ...toDrop(file), what: 'output' as const, frees: file.bytes - bareResultBytes })),
    ...ofKind('result').map(file => ({
      ...toDrop(file),
      frees: file.bytes > smallestOutput ? bareResultBytes : file.bytes,
    })),
  ]
  let excess = fresh.reduce((sum, { bytes }) => sum + bytes, 0) - limits.mostBytes
  const needed = steps.filter(({ frees }) => {
    if (excess <= 0) return false
    excess -= frees
    return true
  })
  const gone = new Set(needed.filter(({ what }) => what === 'report').map(({ name }) => name))
  return [
    ...old.map(toDrop),
    ...needed
      // Of what goes as a whole nothing has to go before.
      .filter(({ name, what }) => what === 'report' || !gone.has(name))
      .map(({ name, kind, what }) => ({ name, kind, what })),
  ]
}

function toDrop({ name, kind }: SpoolFile): Drop {
  return { name, kind, what: 'report' }
}
