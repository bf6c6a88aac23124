import type { BackupTool, ToolReading } from '../src/backup-tools/backup-tool.ts'
import { generic } from '../src/backup-tools/generic.ts'
import { backupTools } from '../src/backup-tools/index.ts'
import { isAppError } from '../src/domain/app-error.ts'
import { recordedCases, recordedOutput } from '../test/support/recorded-cases.ts'
import { readPage, withPart, writeTable } from './page-parts.ts'

/** Writes the table of tools and what is known of each into `docs/backup-tools.md`; the rest stays as it is. */
export function writeBackupToolsPage(): string {
  const page = readPage('docs/backup-tools.md')
  const withTools = backupTools.reduce((text, tool) => withPart(text, tool.name, writeTool(tool)), page)
  return withPart(withTools, 'tools', writeContents(withTools))
}

/** The line of a shell that has `lastgood run` make and report the backup of the example. */
export function toRunLine({ name, usage: { example } }: BackupTool): string {
  const tool = name === generic.name ? '' : ` --tool ${name}`
  return example === null ? '' : `lastgood run --set ${example.set}${tool} -- ${example.command}`
}

/** The line that does the same with curl and the ping URL of the set; none where the shell is not that of Unix. */
export function toPingLine({ usage: { example } }: BackupTool): string {
  if (example === null || example.shell !== undefined) return ''
  const ping = 'curl -fsS -m 10 --retry 5 --data-binary @backup.log "$PING_URL/$?"'
  return `${example.command} > backup.log 2>&1; ${ping}`
}

/** One row for each tool, in the order of the page. */
function writeContents(page: string): string {
  const rows = backupTools
    .map(tool => ({ tool, at: page.indexOf(`<!-- ${tool.name}: begin -->`) }))
    .sort((one, other) => one.at - other.at)
    .map(({ tool, at }) => [toLink(headingBefore(page, at)), toWays(tool), tellsOf(tool).join(', ') || '–'])
  return writeTable(['tool', 'reports by', 'tells'], rows)
}

function headingBefore(page: string, at: number): string {
  return [...page.slice(0, at).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? ''
}

function toLink(heading: string): string {
  const section = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
  return `[${heading}](#${section})`
}

function toWays({ usage }: BackupTool): string {
  const wrapper = usage.example === null ? [] : ['`lastgood run`']
  const ping = usage.example === null || usage.example.shell ? [] : ['a ping']
  return [...wrapper, ...ping, ...(usage.ownReport === undefined ? [] : [usage.ownReport])].join(', ')
}

function writeTool(tool: BackupTool): string {
  const lines = [toRunLine(tool), toPingLine(tool)].filter(line => line !== '')
  const example = ['```' + (tool.usage.example?.shell ?? 'sh'), ...lines, '```', '']
  const facts = tool === generic ? [] : toFacts(tool)
  return [...(lines.length > 0 ? example : []), ...facts].join('\n').trim()
}

function toFacts(tool: BackupTool): string[] {
  const { programs, debianPackage, successes = [0], warnings = [] } = tool.usage
  const names = programs.map(name => `\`${name}\``).join(', ')
  const inDebian = debianPackage === null ? '' : `${names && '; '}in Debian the package \`${debianPackage}\``
  const tells = tellsOf(tool)
  const done = `${toRanges(successes)} done${warnings.length > 0 ? `; ${toRanges(warnings)} done, with something amiss` : ''}`
  return [
    ...(names + inDebian === '' ? [] : [`- Programs: ${names}${inDebian}.`]),
    ...(programs.length > 0 ? [`- Exit status: ${done}.`] : []),
    ...(tells.length > 0 ? [`- Tells: ${tells.join(', ')}.`] : []),
    `- Read: ${toVersions(tool)}.`,
  ]
}

const members: readonly { name: string; isTold: (reading: ToolReading) => boolean }[] = [
  { name: 'files', isTold: ({ totalFiles, processedFiles }) => totalFiles !== null || processedFiles !== null },
  { name: 'new files', isTold: ({ newFiles }) => newFiles !== null },
  { name: 'bytes', isTold: ({ bytes }) => bytes !== null },
  { name: 'times', isTold: ({ startedAt, endedAt }) => startedAt !== null || endedAt !== null },
  { name: 'its version', isTold: ({ version }) => version !== null },
]

/** What any recorded backup of the tool tells besides how it ended. */
function tellsOf(tool: BackupTool): string[] {
  const readings = recordedCases(tool.name).flatMap(recorded => {
    try {
      return [tool.read(recordedOutput(tool.name, recorded))]
    } catch (error) {
      if (isAppError(error, 'invalid')) return []
      throw error
    }
  })
  const backups = readings.filter(({ type }) => type === 'backup')
  return members.filter(({ isTold }) => backups.some(isTold)).map(({ name }) => name)
}

/** The versions that the names of the recorded cases bear, apart by whether they were run or found in documentation. */
function toVersions(tool: BackupTool): string {
  const isDocumented = (name: string) => name.endsWith('-documented')
  const names = recordedCases(tool.name).map(({ case: name }) => name)
  const run = versionsIn(names.filter(name => !isDocumented(name)))
  const documented = versionsIn(names.filter(isDocumented)).filter(version => !run.includes(version))
  return [
    ...(run.length > 0 ? [`${run.join(', ')} as run`] : []),
    ...(documented.length > 0 ? [`${documented.join(', ')} as documented`] : []),
  ].join('; ')
}

function versionsIn(names: readonly string[]): string[] {
  const versions = names.map(name => /-v?(\d+(?:\.\d+)*)(?:-|$)/.exec(name)?.[1] ?? '')
  return [...new Set(versions)].filter(Boolean).sort(new Intl.Collator('en', { numeric: true }).compare)
}

/** Numbers in rising order as text, neighbours as a range. */
function toRanges(numbers: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const number of numbers) {
    const range = ranges.at(-1)
    if (range && number === range.last + 1) range.last = number
    else ranges.push({ first: number, last: number })
  }
  const toText = ({ first, last }: { first: number; last: number }) => {
    if (first === last) return `${first}`
    return last - first > 1 ? `${first} to ${last}` : `${first}, ${last}`
  }
  return ranges.map(toText).join(', ')
}
