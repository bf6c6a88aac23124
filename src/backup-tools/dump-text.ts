/** The first and the last line of a kind of dump in plain text. */
export type DumpBorders = { start: RegExp; end: RegExp }

/**
 * Whether what begins in `lines` also ends: of every kind of dump the last one has its last line. Null when none begins.
 * Takes time in proportion to the lines.
 */
export function isDumpComplete(lines: readonly string[], kinds: readonly DumpBorders[]): boolean | null {
  const begun = kinds
    .map(({ start, end }) => ({ at: lines.findLastIndex(line => start.test(line)), end }))
    .filter(({ at }) => at >= 0)
  if (begun.length === 0) return null
  return begun.every(({ at, end }) => lines.findLastIndex(line => end.test(line)) > at)
}

/** What is said of a dump that lacks its last line. */
export const incompleteDump = 'The dump ends before its last line: it is not complete.'

/** How archives begin, as decoded from UTF-8: custom, tar of a dump and of a base backup, gzip, zstd and LZ4. */
const archiveStarts = [
  'PGDMP',
  'toc.dat\0',
  'backup_label\0',
  'tablespace_map\0',
  '\u001F\uFFFD\b',
  '(\uFFFD/\uFFFD',
  '\u0004"M\u0018',
]

/** Whether a stream is an archive or compressed, and so no text to be read. */
export function isArchive(text: string): boolean {
  return archiveStarts.some(start => text.startsWith(start))
}
