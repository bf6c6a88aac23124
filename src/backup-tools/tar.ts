import type { RunCounts, RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool } from './backup-tool.ts'
import { sumCounts, toCount } from './counts.ts'
import { toRunMessages } from './run-messages.ts'
import { countListedFiles, kindOfTarLine, mayBeName, readTarLines, type TarLine } from './tar-lines.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads GNU tar 1.2x and 1.3x: the names of `-v`, the line of `--totals` and the messages. tar prints nothing after a
 * success unless it is asked to, so silence with exit status 0 is a success of which nothing else is known. Status 1 is
 * an archive that is usable but incomplete; one that could not read a file ends with 2, and is a failure. bsdtar and
 * BusyBox end with 1 after every error: a message that GNU tar does not end with 1 after makes it a failure.
 * Format and exit codes: GNU tar manual, "Synopsis" and "warning"; GNU tar 1.34 as run.
 */
export const tar: BackupTool = {
  name: 'tar',
  usage: {
    programs: ['tar', 'gtar'],
    debianPackage: 'tar',
    example: { set: 'Documents', command: 'tar -czf /srv/backup/home.tgz --totals /home' },
    warnings: [1],
  },

  recognizes(output) {
    return readTarLines(output).some(({ text }) => ownLines.test(text))
  },

  read(output) {
    const lines = readTarLines(output)
    const type = typeOf(lines)
    const errors = textsOf(lines, 'error')
    const warnings = [...textsOf(lines, 'warning'), ...textsOf(lines, 'difference')]
    const said: Verdict[] = textsOf(lines, 'failed').length > 0 ? ['failure'] : []
    const names = lines.filter(({ kind }) => kind === 'other')
    const end = readToolEnd(output, {
      tool: 'tar',
      statuses: new Map([[someDiffer, errors.length > 0 ? 'failure' : 'warning']]),
      said,
      isClosed: textsOf(lines, 'totals').length > 0,
      isOwn: lines.some(({ kind }) => kind !== 'other') || (names.length > 0 && names.every(mayBeName)),
    })
    return {
      type,
      plugin: 'file',
      state: end.state,
      startedAt: null,
      endedAt: null,
      ...countsOf(type, lines, output.isCut ?? false),
      ...toTally(end, { errors: errors.length, warnings: warnings.length }),
      messages: toMessages(end, errors, warnings, lines),
      version: versionIn(lines),
    }
  },

  needs(line) {
    const kind = kindOfTarLine(line)
    if (kind === 'other') return null
    return kind === 'long-name' || kind === 'note' || kind === 'difference' ? `newest ${kind}` : 'each'
  },
}

const someDiffer = 1
const ownLines =
  /^tar: (?:Exiting with failure status due to previous errors|Error is not recoverable: exiting now|.+: (?:file changed as we read it|File removed before we read it))$|^Total bytes written: \d+ \([\d.]+[KMGTPE]?i?B, [\d.?]+(?:[KMGTPE]?i?B)?\/s\)$/

const restoring =
  /: (?:Not found in archive|Cannot open: File exists|Cannot (?:create (?:symlink|hard link)|mkdir|utime|change (?:ownership|mode))\b)|^tar: (?:Unexpected EOF in archive|This does not look like a tar archive|Skipping to next header)/

/**
 * tar does not name what it did. `-t -v` lists long lines, which `-c -v` does not; the short names of `-c`, `-x` and `-t`
 * are the same, so that an output of which nothing tells is taken for a backup.
 */
function typeOf(lines: readonly TarLine[]): RunType {
  const hasTotals = (word: string) =>
    lines.some(({ kind, text }) => kind === 'totals' && text.startsWith(`Total bytes ${word}:`))
  const has = (kind: TarLine['kind']) => lines.some(line => line.kind === kind)
  if (has('difference')) return 'maintenance'
  if (hasTotals('deleted')) return 'delete'
  if (hasTotals('written')) return 'backup'
  if (has('long-name')) return 'maintenance'
  if (hasTotals('read') || lines.some(({ kind, text }) => kind === 'error' && restoring.test(text))) return 'restore'
  return has('version') ? 'maintenance' : 'backup'
}

const unknown: RunCounts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

function countsOf(type: RunType, lines: readonly TarLine[], isCut: boolean): RunCounts {
  const listed = isCut ? null : countListedFiles(lines)
  if (type === 'restore') return { ...unknown, processedFiles: listed }
  if (type !== 'backup') return unknown
  const written = lines.map(({ text }) => /^Total bytes written: (\d+) /.exec(text))
  const bytes = sumCounts(written.map(match => match && toCount(Number(match[1]))))
  return { ...unknown, processedFiles: listed, bytes }
}

function textsOf(lines: readonly TarLine[], kind: TarLine['kind']): string[] {
  return [...new Set(lines.flatMap(line => (line.kind === kind ? [line.text] : [])))]
}

function toMessages(
  end: ToolEnd,
  errors: readonly string[],
  warnings: readonly string[],
  lines: readonly TarLine[],
): RunMessage[] {
  const hasFailed = end.state === 'failed'
  // What the compressor or the shell says stands between the lines of tar.
  const others = hasFailed ? textsOf(lines, 'other').filter(text => /^[\w./-]+: /.test(text)) : []
  const told = [...errors, ...others, ...(hasFailed ? textsOf(lines, 'failed') : [])]
  return toRunMessages([
    ...told.map(text => ({ level: hasFailed ? 'error' : 'warning', text }) as const),
    ...toEndMessages(end, told.length + warnings.length),
    ...warnings.map(text => ({ level: 'warning', text }) as const),
    ...textsOf(lines, 'note')
      .filter(text => !/checkpoint \d/.test(text))
      .map(text => ({ level: 'info', text }) as const),
  ])
}

function versionIn(lines: readonly TarLine[]): string | null {
  const [, version] =
    lines.map(({ text }) => /^(?:tar \(GNU tar\)|bsdtar) (\d+\.\d+[\w.]*)/.exec(text)).find(match => match !== null) ??
    []
  return version ?? null
}
