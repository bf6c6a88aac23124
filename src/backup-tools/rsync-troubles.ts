import type { Verdict } from './verdict.ts'

/** What rsync says went wrong. */
export type RsyncTroubles = {
  /** Files and directories that were not copied as they should, and other troubles, each once. */
  items: string[]
  /** How many listed files could not be read. */
  unread: number
  /** The lines in which rsync says with what status it ends. */
  ends: string[]
  /** The statuses in them. */
  codes: number[]
  /** Lines of the remote shell and of wrong use: why rsync failed, where it did. */
  reasons: string[]
  /** What a technician may want to see and counts for nothing. */
  notes: string[]
}

/** Exit statuses (rsync(1), "EXIT VALUES"). */
export const partial = 23
export const vanished = 24
export const maxDelete = 25
export const stopped = 20
const peerStopped = 19

const endLine = /^rsync (?:error|warning): .*\(code (\d{1,3})\) at /
const itemLines = [
  /^rsync: (?!-)/,
  /^(?:file|directory) has vanished: /,
  /^(?:ERROR|WARNING): .* failed verification/,
  /^@ERROR: /,
  /^cannot delete non-empty directory: /,
  /^could not make way for /,
  /^Deletions stopped due to --max-delete limit/,
  /^symlink has no referent: /,
]
/** What one process of rsync says when the other is gone: of a run that was stopped it tells nothing of the files. */
const peerLine = /^rsync: (?:\[\w+\] )?(?:(?:read|write) error: |connection unexpectedly closed )/
const unreadLines = [/^rsync: (?:\[\w+\] )?send_files failed to open /, /^file has vanished: /]
const noteLines = [/^IO error encountered -- skipping file deletion/, /^skipping non-regular file /]
const reasonLines = [
  /^rsync: -/,
  /^(?:ssh|kex_exchange_identification|bash|sh|zsh): /,
  /^(?:Permission denied|Host key verification failed|Connection (?:closed|reset|refused|timed out))/,
]

/** Whether a line tells of a file that was not copied as it should, or of another trouble. */
export function isRsyncTrouble(line: string): boolean {
  return itemLines.some(item => item.test(line))
}

/** The lines that tell of a trouble, and of anything else that goes with one. */
export const rsyncNotes: readonly RegExp[] = [endLine, ...itemLines, ...noteLines, ...reasonLines]

/** Reads what went wrong from all lines of a run of rsync. */
export function readRsyncTroubles(lines: readonly string[]): RsyncTroubles {
  const distinct = (patterns: readonly RegExp[]) => [
    ...new Set(lines.filter(line => patterns.some(pattern => pattern.test(line)))),
  ]
  const ends = lines.filter(line => endLine.test(line))
  const codes = ends.map(line => Number(endLine.exec(line)?.[1]))
  const items = distinct(itemLines)
  const ofPeers = codes.includes(stopped) ? items.filter(line => peerLine.test(line)) : []
  return {
    items: items.filter(line => !ofPeers.includes(line)),
    unread: distinct(unreadLines).length,
    ends: [...new Set(ends)],
    codes,
    reasons: distinct(reasonLines),
    notes: [...distinct(noteLines), ...ofPeers],
  }
}

/**
 * What the lines that announce a status say together. Either end of the connection may write one: a peer that was
 * stopped with the other (19) says nothing new.
 */
export function verdictsOf(codes: readonly number[], ofPartial: Verdict): Verdict[] {
  if (codes.includes(stopped) && codes.every(code => code === stopped || code === peerStopped)) return ['canceled']
  return codes.map(code => {
    if (code === partial) return ofPartial
    return code === vanished || code === maxDelete ? 'warning' : 'failure'
  })
}
