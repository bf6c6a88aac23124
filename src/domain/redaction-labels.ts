import type { Name } from './redaction-names.ts'
import { endOfLine, endOfMatch, type Scan } from './redaction-scan.ts'
import { hideValue, longestHarmless, looksMade, readValue, type Value } from './redaction-values.ts'

const colon = /(?:\\*["'`])?[ \t]{0,8}:(?!:|\/\/)[ \t]{0,8}/y
const whose = /(?: for | of )[^\n\r]{1,100}?:[ \t]{1,8}/y

/** Hides the value behind a name and a colon: `"name": "value"`, `name: value`, and what was typed at a prompt. */
export function hideLabelled(scan: Scan, name: Name): number | undefined {
  const { text } = scan
  if (name.kind === 'parameter') return undefined
  const at =
    endOfMatch(colon, text, name.end) ?? (name.kind === 'password' ? endOfMatch(whose, text, name.end) : undefined)
  if (at === undefined) return undefined
  // The name of a file, and what happened to it.
  if (text[name.start - 1] === '/' || /\.[a-z]{2,5}$/.test(name.text)) return undefined
  if (/["'`\\]/.test(text[name.end] ?? '')) return hideMember(scan, name, at)
  const value = readLabelled(scan, name, at)
  return isProse(scan, name, value) ? undefined : hideValue(scan, name, value)
}

/** Hides the value of a member of JSON. Of a list or an object the members are looked at. */
function hideMember(scan: Scan, name: Name, at: number): number | undefined {
  const value = readValue(scan, at, 'literal')
  if (!value.isQuoted && (/[[{]/.test(scan.text[at] ?? '') || !endsClause(scan.text, value.over))) return undefined
  return hideValue(scan, name, value)
}

/** Of a password that begins its line all that follows is its value, white space too. */
function readLabelled(scan: Scan, name: Name, at: number): Value {
  const value = readValue(scan, at, 'word')
  if (value.isQuoted || name.kind !== 'password' || !beginsLine(scan.text, name)) return value
  const end = endOfLine(scan, at)
  return { ...value, end, over: end }
}

const leadIn =
  /^[^A-Za-z]*(?:(?:debug|info|notice|warn|warning|please|enter|your|the|a|new|old|current|repeat|retype|confirm|repository|backup|encryption)\W+)*$/i

/** Whether a name begins its line, as the words of a prompt or a member of a YAML file do. */
function beginsLine(text: string, { start }: Name): boolean {
  const before = text.slice(Math.max(0, start - 80), start)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  return (line.length < before.length || before.length < 80) && leadIn.test(line)
}

const complaint =
  /\b(?:wrong|invalid|incorrect|bad|missing|using|unknown|no|empty|unexpected|expired|without|failed|read|reading|resolving)\W+$/i

/** Whether what follows a colon is a word about the name and not its value: `invalid token: expired`. */
function isProse(scan: Scan, name: Name, value: Value): boolean {
  const { text } = scan
  if (value.end - value.start > longestHarmless) return false
  const word = text.slice(value.start, value.end)
  if (isRemark(scan, value)) return true
  const isFirst = beginsLine(text, name)
  if (name.kind === 'password') {
    if (isFirst || value.isQuoted) return false
    return complaint.test(text.slice(Math.max(0, name.start - 16), name.start)) || !endsClause(text, value.over)
  }
  return isFirst ? !value.isQuoted && !endsLine(text, value.over) : !looksMade(word) || !endsClause(text, value.over)
}

const remark =
  /^(?:not? .*|set|unset|eof|ok|okay|done|fail(?:ed|ure)?|(?:in)?valid|(?:in)?correct|wrong|missing|expired|required|denied|rejected|accepted|empty|(?:un)?known|(?:un)?changed|(?:dis|en)abled|default|prompt|found|timeout|null|none|nil|true|false|yes|cancell?ed|open|try again.*|permission .*|cannot .*|authentication .*|access .*)\W*$/i

function isRemark(scan: Scan, { start, end, over }: Value): boolean {
  const rest = scan.text.slice(start, Math.min(end + 20, endOfLine(scan, over)))
  return remark.test(scan.text.slice(start, end)) || remark.test(rest)
}

const clauseEnd = /[ \t]*(?:[,;)}\]\n\r"'`<\\|]|$)|\t| {2}/y
const lineEnd = /[ \t]*(?:[#\n\r"'`<\\]|$)/y

function endsClause(text: string, at: number): boolean {
  return endOfMatch(clauseEnd, text, at) !== undefined
}

function endsLine(text: string, at: number): boolean {
  return endOfMatch(lineEnd, text, at) !== undefined
}
