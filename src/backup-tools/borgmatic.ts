import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { readBorgCommand } from './borg-commands.ts'
import { borg, readBorgCounts } from './borg.ts'
import { readBorgTimes } from './borg-counts.ts'
import { archiveOf, type BorgLine, readBorgLines, says } from './borg-lines.ts'
import { joinPatterns } from './join-patterns.ts'
import { type BorgTroubles, isBorgTroubleText, readBorgTroubles } from './borg-troubles.ts'
import { toRunMessages } from './run-messages.ts'
import { removing, looking } from './tool-usage.ts'
import { readToolEnd, toEndMessages, type ToolEnd, toTally, type Verdict } from './verdict.ts'

/**
 * Reads borgmatic 1.7: the text of borg that `--stats`, `--list` or `--verbosity 1` let through, the array of documents
 * of `--json`, and its own lines. borgmatic ends with 0 when borg warns, so the warnings are counted; and without one of
 * these options it hides them, also that every source is missing: then a success is not known to be one.
 * Format and exit codes: borgmatic documentation, "Inspect your backups"; borgmatic 1.7.7 with borg 1.2.4 as run.
 */
export const borgmatic: BackupTool = {
  name: 'borgmatic',
  usage: {
    programs: ['borgmatic'],
    notBackups: { ...removing, ...looking, extract: 'restore' },
    debianPackage: 'borgmatic',
    example: { set: 'Documents', command: 'borgmatic --verbosity 1 create --stats' },
    ownReport: 'its hook `healthchecks`',
  },

  recognizes(output) {
    return isBorgmaticOutput(readBorgLines(output), output)
  },

  read(output) {
    const lines = readBorgLines(output).filter(line => !isRepeated(line))
    const own = lines.filter(isOwnText)
    const type = typeOf(lines, own)
    const troubles = readBorgTroubles(lines)
    const failures = failuresIn(own)
    const end = readToolEnd(output, {
      tool: 'borgmatic',
      statuses: new Map(),
      said: verdictsOf(lines, own, troubles, failures),
      isClosed: lines.some(line => archiveOf(line) !== null || isTable(line)),
      isOwn: lines.some(isOwnLine),
    })
    const isUnclear = end.state === 'finished' && type === 'backup' && !lines.some(isOfBorg)
    const judged = isUnclear ? { ...end, isIncomplete: true, text: unclear } : end
    return {
      type,
      plugin: 'file',
      state: judged.state,
      ...readBorgTimes(lines),
      ...readBorgCounts(type, lines, troubles, output.isCut ?? false),
      ...toTally(judged, {
        errors: end.state === 'failed' ? failures.length : troubles.errors.length,
        warnings: troubles.warnings.length,
      }),
      messages: toMessages(judged, troubles, failures, lines),
      version: null,
    }
  },

  needs(line) {
    return neededText.test(line) || line === logging || line === help ? 'each' : (borg.needs?.(line) ?? null)
  },
}

const unclear = 'The output does not tell whether borg warned: add --stats or --verbosity 1 to borgmatic.'
const repositoryFailed = /^.+: Error running actions for repository$/
const configurationFailed = /^.+: (?:Error running|Error parsing|No valid) configuration files?\b/
const commandFailed = /^Command .+ returned non-zero exit status \d+\.$/
const succeeded = /^.+: Successfully ran configuration file$/
const logging = '--- Logging error ---'
const help = 'Need some help? https://torsion.org/borgmatic/#issues'
const actions = {
  dryRun: says(/^.+: Creating archives? \(dry run\b/, /^.+: Pruning archives \(dry run\b/),
  create: says(/^.+: Creating archives?$/),
  extract: says(/^.+: (?:Extracting|Exporting) archive\b/),
  prune: says(/^.+: Pruning archives$/),
  other: says(
    /^.+: (?:Running consistency checks|Compacting segments|Listing archives|Displaying .*summary info.*|Creating repository)$/,
  ),
} as const
const isTable = says(/^This archive: /)
const isOfBorgText = says(/^Creating archive at "/, /^Archive name: /, /^This archive: /)

/** Whether a line repeats another, because Python could not hand it to syslog (Python, "Logging", `Handler.handleError`). */
function isRepeated(line: BorgLine): boolean {
  return line.kind === 'text' && /^Message: ['"]/.test(line.text)
}

/** What was done, by what borgmatic says that it does, else by what borg says: of several actions the backup counts. */
function typeOf(lines: readonly BorgLine[], own: readonly BorgLine[]): RunType {
  if (own.some(actions.dryRun)) return 'maintenance'
  const { command, type } = readBorgCommand(lines)
  if (own.some(actions.create) || command === 'create') return 'backup'
  if (own.some(actions.extract)) return 'restore'
  if (own.some(actions.prune)) return 'delete'
  return own.some(actions.other) ? 'maintenance' : type
}

/** One for each repository that failed, else one for each configuration. */
function failuresIn(own: readonly BorgLine[]): string[] {
  const texts = own.flatMap(line => line.words)
  const repositories = [...new Set(texts.filter(text => repositoryFailed.test(text)))]
  return repositories.length > 0 ? repositories : [...new Set(texts.filter(text => configurationFailed.test(text)))]
}

function verdictsOf(
  lines: readonly BorgLine[],
  own: readonly BorgLine[],
  borg: BorgTroubles,
  failures: readonly string[],
): Verdict[] {
  // Its own handler of log messages may fail beside a run that goes on.
  const isLogging = lines.some(line => line.kind === 'text' && line.text === logging)
  const said = borg.said.filter(verdict => !(isLogging && verdict === 'crash'))
  const isFailed = failures.length > 0 || own.some(says(commandFailed))
  return [
    ...said.filter(verdict => verdict !== 'success'),
    ...(isFailed && !said.includes('canceled') ? (['failure'] as const) : []),
    ...(own.some(says(succeeded)) ? (['success'] as const) : []),
  ]
}

/** Whether a line shows that borg's own lines, and so its warnings, were let through. */
function isOfBorg(line: BorgLine): boolean {
  return line.kind === 'record' || archiveOf(line) !== null || line.status !== null || isOfBorgText(line)
}

const ownTextPatterns = [
  repositoryFailed,
  configurationFailed,
  commandFailed,
  succeeded,
  /^.+: (?:Pinging|Creating archive|Creating repository|Pruning archives|Running actions|Compacting segments|Running consistency|Extracting|Exporting|Listing|Displaying)/,
  /^(?:compaction freed about|Skipping (?:repository|archives) check due to) /,
  /^(?:usage: borgmatic\b|borgmatic: error: |Need some help\? https:\/\/torsion\.org\/borgmatic)/,
  /^(?:Keeping|Pruning) archive\b/,
]
const ownText = joinPatterns(ownTextPatterns)

function isOwnText(line: BorgLine): boolean {
  return line.kind === 'text' && ownText.test(line.text)
}

function isOwnLine(line: BorgLine): boolean {
  if (line.kind !== 'text') return true
  return ownText.test(line.text) || isOfBorg(line) || isBorgTroubleText(line.text)
}

// borg itself leaves an empty line between the two; borgmatic does not.
const closeTable = /^All archives: .{1,80}\r?\n +Unique chunks /m
const recognizedPatterns = [
  /^\S+\.ya?ml: (?:Successfully ran|Error running|Error parsing|No valid) configuration files?$/,
  /^\S+\.ya?ml: Pinging \S+ (?:start|finish|fail|topic)/,
]
const ownRecognized = joinPatterns(recognizedPatterns)

/** Whether `lines` are surely borgmatic's: its own summary, an array of borg's documents, or borg's table as it prints it. */
function isBorgmaticOutput(lines: readonly BorgLine[], { stdout, stderr }: ToolOutput): boolean {
  const isOwn = (line: BorgLine): boolean => {
    if (line.kind === 'text') return line.text === help || ownRecognized.test(line.text)
    return (
      line.kind === 'document' &&
      line.isInArray &&
      archiveOf(line) !== null &&
      Object.hasOwn(line.document, 'encryption')
    )
  }
  return (
    lines.some(isOwn) ||
    [stdout, stderr].some(text => /^Archive fingerprint: [0-9a-f]{64}\r?$/m.test(text) && closeTable.test(text))
  )
}

const otherCauses = /^(?:An error occurred while |At '|\[Errno \d+\] )/

const neededText = joinPatterns([...ownTextPatterns, ...recognizedPatterns, otherCauses])

function toMessages(
  end: ToolEnd,
  borg: BorgTroubles,
  failures: readonly string[],
  lines: readonly BorgLine[],
): RunMessage[] {
  const hasFailed = end.state === 'failed' || end.state === 'crashed'
  const level = hasFailed ? 'error' : 'warning'
  const why = says(commandFailed, /^borgmatic: error: /, otherCauses)
  const causes = lines.flatMap(line => (line.kind === 'text' && why(line) ? [line.text] : []))
  const told = [...borg.errors, ...causes, ...failures]
  return toRunMessages([
    ...told.map(text => ({ level, text }) as const),
    ...toEndMessages(end, end.text === unclear ? 0 : told.length + borg.warnings.length),
    ...borg.warnings.map(text => ({ level: 'warning', text }) as const),
  ])
}
