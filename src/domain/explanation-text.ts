import type { ExplainedDue, ExplainedRule, ExplainedRun, Explanation } from './explain.ts'
import { stateWords, tellCount, tellTime } from './explain-words.ts'
import type { Instant } from './instant.ts'
import type { TimeZone } from './time-zone.ts'

const width = 100

/**
 * An explanation as plain text for a ticket: headings, lines of at most 100 characters, each ended by a line feed, no
 * markup. What would turn the set green comes last.
 */
export function formatExplanation(explanation: Explanation): string {
  const sections: [heading: string, lines: string[]][] = [
    ['What is expected', expectedLines(explanation)],
    ['Runs', runLines(explanation)],
    ['Rules', toVerdicts(explanation.rules).flatMap(verdictLines)],
    ['What would turn it green', explanation.green.flatMap(sentence => wrap(sentence, '  - '))],
  ]
  const blocks = sections.map(([heading, lines]) => [heading, ...lines].join('\n'))
  return [wrap(titleOf(explanation), '').join('\n'), ...blocks].join('\n\n') + '\n'
}

function titleOf({ name, at, zone, condition }: Explanation): string {
  const standing = condition ? `${condition.status} (${condition.types.join(', ')})` : 'no condition'
  return `${name}: ${standing} at ${tellTime(at, zone)}`
}

function expectedLines({ schedule, due, nextDueAt, runLimitAt, occurrence, zone }: Explanation): string[] {
  const tell = (at: Instant | null) => (at === null ? 'none' : tellTime(at, zone))
  return [
    ...labelled('Schedule', `due ${schedule}`),
    ...labelled('Newest due time', due ? tellDue(due, zone) : 'none'),
    ...labelled('Next due time', tell(nextDueAt)),
    ...(runLimitAt === null ? [] : labelled('Run limit ends', tell(runLimitAt))),
    ...labelled('Judged is', tellJudged(occurrence, zone)),
  ]
}

function tellDue({ dueAt, graceEndsAt, answeredBy }: ExplainedDue, zone: TimeZone): string {
  const grace =
    graceEndsAt === null
      ? 'grace not over: the computer was not seen for it'
      : `grace until ${tellTime(graceEndsAt, zone)}`
  const answer = answeredBy ? `answered by the run of ${tellTime(answeredBy.startedAt, zone)}` : 'answered by no run'
  return `${tellTime(dueAt, zone)}, ${grace}, ${answer}`
}

function tellJudged(occurrence: Explanation['occurrence'], zone: TimeZone): string {
  if (occurrence.kind === 'none') return 'nothing yet'
  if (occurrence.kind === 'run') return `the run of ${tellTime(occurrence.startedAt, zone)}`
  return `what was due at ${tellTime(occurrence.dueAt, zone)}`
}

function runLines({ runs, zone }: Explanation): string[] {
  const tell = (run: ExplainedRun | null) => (run ? tellRun(run, zone) : 'none')
  return [
    ...labelled('Newest run', tell(runs.newest)),
    ...labelled('Open run', tell(runs.open)),
    ...labelled('Last good backup', tell(runs.lastGood)),
  ]
}

function tellRun({ startedAt, endedAt, state, errors, warnings }: ExplainedRun, zone: TimeZone): string {
  const facts = [
    `started ${tellTime(startedAt, zone)}`,
    endedAt === null ? undefined : `ended ${tellTime(endedAt, zone)}`,
    state === null ? undefined : stateWords[state],
    errors === null ? undefined : tellCount(errors, 'error'),
    warnings === null ? undefined : tellCount(warnings, 'warning'),
  ]
  return facts.filter(fact => fact !== undefined).join(', ')
}

/** Rules that look at the same facts, and whether they hold. */
type Verdict = { holds: boolean; names: string[]; facts: string }

/** First the rules that hold, then the others; those that share their facts in one. */
function toVerdicts(rules: readonly ExplainedRule[]): Verdict[] {
  const verdicts = new Map<string, Verdict>()
  for (const { rule, type, status, holds, facts } of rules.toSorted((a, b) => Number(b.holds) - Number(a.holds))) {
    const key = `${holds} ${facts}`
    const standing = rule === type ? status : `${status}, listed as ${type}`
    const name = holds ? `${rule} (${standing})` : rule
    const known = verdicts.get(key)
    if (known) known.names.push(name)
    else verdicts.set(key, { holds, names: [name], facts })
  }
  return [...verdicts.values()]
}

function verdictLines({ holds, names, facts }: Verdict): string[] {
  return [...wrap(names.join(', '), holds ? '  yes  ' : '  no   '), ...wrap(facts, ' '.repeat(7))]
}

function labelled(label: string, text: string): string[] {
  return wrap(text, `  ${label}: `.padEnd(20))
}

/** Text in lines that fit, the first after `lead`, the others indented as far. Words that do not fit a line are cut. */
function wrap(text: string, lead: string): string[] {
  const room = width - lead.length
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap(word => cut(word, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line)
}

function cut(word: string, room: number): string[] {
  if (word.length <= room) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece.length + character.length > room) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}
