import type { ToolOutput } from './backup-tool.ts'
import { toOutputLines } from './output-lines.ts'

/**
 * What one line of tar's output is: a message about an item (`warning`: tar goes on and ends with 1; `note`: it ends with
 * 0 all the same), one that ends a failing run, its totals, a difference that `--compare` found, or anything else: names
 * that `-v` lists, and what the compressor says.
 */
export type TarLine = {
  kind: 'error' | 'warning' | 'note' | 'failed' | 'totals' | 'difference' | 'long-name' | 'version' | 'other'
  text: string
}

const message = /^(?:\S*\/)?(?:bsd|g)?tar(?: \(child\))?: (.+)$/
const totals = /^Total bytes (?:written|read|deleted): \d/
const longName = /^[-dlhbcpsC][-rwxsStT]{9}[+.@]? \S+\/\S+ +[\d,]+ \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)? /
const difference =
  /^.+: (?:(?:Mod time|Size|Mode|Uid|Gid|Contents?|File type|Device number|Symlink|Owner|Group) differs?|Not linked to .+)$/
const version = /^(?:tar \(GNU tar\)|bsdtar) \d+\.\d+/

const kinds: readonly { kind: TarLine['kind']; says: RegExp }[] = [
  {
    kind: 'failed',
    says: /^(?:Exiting with failure status due to previous errors|Error is not recoverable: exiting now|Error exit delayed from previous errors)/i,
  },
  {
    kind: 'warning',
    says: /: (?:file changed as we read it|File removed before we read it|File shrank by \d+ bytes|Warning: )/,
  },
  {
    kind: 'note',
    says: /^Removing leading |^(?:Write|Read) checkpoint \d|^Record size = \d|^Ignoring unknown extended header keyword |^A lone zero block at /,
  },
  {
    kind: 'note',
    says: /: (?:socket ignored|door ignored|file is the archive; not dumped|file is unchanged; not dumped|file is on a different filesystem; not dumped|contains a cache directory tag|Directory is new|Directory has been renamed from |implausibly old time stamp |time stamp .+ in the future)/,
  },
]

/** The lines of both streams. Source: GNU tar manual, "warning"; GNU tar 1.34 as run. */
export function readTarLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): TarLine[] {
  return [...toOutputLines(stdout), ...toOutputLines(stderr)].map(text => ({ kind: kindOfTarLine(text), text }))
}

/** What one line is. */
export function kindOfTarLine(text: string): TarLine['kind'] {
  // Both patterns go through the whole of a path first.
  const [, words] = text.includes('tar') ? (message.exec(text) ?? []) : []
  if (words !== undefined) return kinds.find(({ says }) => says.test(words))?.kind ?? 'error'
  if (totals.test(text)) return 'totals'
  if (longName.test(text)) return 'long-name'
  if (version.test(text)) return 'version'
  return text.includes(': ') && difference.test(text) ? 'difference' : 'other'
}

/**
 * How many files `-v` lists, directories left out. Null when there is no list, or when a line may be none of it: every
 * name must be a directory's, which ends with a slash, or stand in a directory that was listed before.
 */
export function countListedFiles(lines: readonly TarLine[]): number | null {
  const long = lines.filter(({ kind }) => kind === 'long-name')
  if (long.length > 0) return long.filter(({ text }) => /^[-hC]/.test(text)).length
  const names = lines.flatMap(({ kind, text }) => (kind === 'other' && !text.startsWith('Verify ') ? [text] : []))
  const directories = new Set<string>()
  let files = 0
  for (const name of names) {
    if (name.endsWith('/')) directories.add(name)
    else if (directories.has(name.slice(0, name.lastIndexOf('/') + 1))) files += 1
    else return null
  }
  return names.length === 0 ? null : files
}

/** Whether a line that is no message may be a name: tar lists whatever names there are. */
export function mayBeName({ kind, text }: TarLine): boolean {
  return kind === 'other' && (/^[^\s:]+$/.test(text) || (text.includes('/') && !text.includes(': ')))
}
