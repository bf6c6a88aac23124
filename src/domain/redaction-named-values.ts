import { hideLabelled } from './redaction-labels.ts'
import { isVariable, type Name, readName } from './redaction-names.ts'
import { endOfLine, endOfMatch, type Rule, type Scan } from './redaction-scan.ts'
import { hideValue, longestHarmless, readQuoted, readValue, type Value } from './redaction-values.ts'

/**
 * Hides the value behind a secret's name: `NAME=value`, `"name": "value"`, `Name: value`, `--name value`,
 * `NAME 'value'`, `<name>value</name>`.
 */
export const hideNamedValue: Rule = (scan, at, end) => {
  const name = readName(scan.text, at, end)
  if (!name) return undefined
  return hideAssigned(scan, name) ?? hideLabelled(scan, name) ?? hideSpaced(scan, name) ?? hideElement(scan, name)
}

const assignment = /(?:\\*["'`])?\]?(?:[ \t]{0,8}(?:=>|:=)[ \t]{0,8}|[ \t]{1,8}=(?!=)[ \t]{0,8}|=)/y

/** `NAME=value`, `name = "value"`, `'name' => 'value'`, `?name=value&…`. */
function hideAssigned(scan: Scan, name: Name): number | undefined {
  const { text } = scan
  const at = endOfMatch(assignment, text, name.end)
  if (at === undefined) return undefined
  const before = text[name.start - 1] ?? '\n'
  const isParameter = before === '?' || before === '&'
  if (name.kind !== 'parameter') {
    return (
      hideVariable(scan, name, at) ?? hideValue(scan, name, readValue(scan, at, isParameter ? 'parameter' : 'pair'))
    )
  }
  // The first field of a form is told by the second.
  if (!isParameter && !/[\s"']/.test(before)) return undefined
  const value = readValue(scan, at, isParameter ? 'parameter' : 'pair')
  const isSecret = isParameter || text[value.over] === '&' || value.end - value.start > longestHarmless
  return isSecret ? hideValue(scan, name, value) : undefined
}

/**
 * Hides the value of a variable whose surroundings say where it ends, white space in it or not: a quote stands before
 * its name (`-e "NAME=value"`), or it has a line of its own among others, as `env` prints them.
 */
function hideVariable(scan: Scan, name: Name, at: number): number | undefined {
  const { text } = scan
  const before = text[name.start - 1] ?? '\n'
  if (!isVariable(name.text) || /["'`\\\s]/.test(text[at] ?? ' ')) return undefined
  if (before === '"' || before === "'") {
    let quote = name.start - 1
    while (text[quote - 1] === '\\' && name.start - quote < 8) quote -= 1
    const around = readQuoted(scan, quote)
    return around && hideUnlessCommand(scan, name, { ...around, start: at })
  }
  if (before !== '\n' || !isAmongVariables(scan, name)) return undefined
  const end = endOfLine(scan, at)
  return hideUnlessCommand(scan, name, { start: at, end, isQuoted: false, over: end })
}

/** What has an option or a path in it is a command that the variable is set for: `NAME=value restic backup /srv`. */
function hideUnlessCommand(scan: Scan, name: Name, value: Value): number | undefined {
  const { start, end } = value
  const isCommand = end - start <= longestHarmless && /\s(?:-|\S*\/|\w+=)/.test(scan.text.slice(start, end))
  return isCommand ? undefined : hideValue(scan, name, value)
}

const variable = /[A-Za-z_]\w{0,64}=/y

function isAmongVariables(scan: Scan, { start, end }: Name): boolean {
  const before = scan.text.slice(Math.max(0, start - 2_000), Math.max(0, start - 1))
  if (endOfMatch(variable, before, before.lastIndexOf('\n') + 1) !== undefined) return true
  const lineEnd = endOfLine(scan, end)
  return endOfMatch(variable, scan.text, lineEnd + (scan.text.startsWith('\r\n', lineEnd) ? 2 : 1)) !== undefined
}

const space = /[ \t]{1,8}|(?:\\*["']),[ \t]{0,8}(?=\\*["'])/y
const spaceBeforeQuote = /[ \t]{1,8}(?=["'])/y
/** What follows the name of an option where people write about it. */
const aboutOptions =
  /^(?:[-=|].*|to|is|or|and|an?|the|options?|flags?|not|was|must|for|with|if|in|on|are|as|from|via|by|instead|argument|parameter|requires?d?|should|can|cannot|has|have|will|when|value|string|text|password|passphrase|token|secret|key|name|file)\W*$/i

/** `--name value`, also as the members of a list; of a password also `PASSWORD 'value'`, as SQL has it. */
function hideSpaced(scan: Scan, name: Name): number | undefined {
  const { text } = scan
  const isOption = text[name.start - 1] === '-'
  if (name.kind === 'parameter' || (!isOption && name.kind !== 'password')) return undefined
  const at = endOfMatch(isOption ? space : spaceBeforeQuote, text, name.end)
  if (at === undefined) return undefined
  const value = readValue(scan, at, 'word')
  if (value.end - value.start <= longestHarmless && aboutOptions.test(text.slice(value.start, value.end))) {
    return undefined
  }
  return hideValue(scan, name, value)
}

const nextElement = /</g

/** `<name>value</name>`. */
function hideElement(scan: Scan, name: Name): number | undefined {
  const { text } = scan
  if (name.kind === 'parameter' || text[name.end] !== '>' || !/[<:]/.test(text[name.start - 1] ?? '')) return undefined
  const start = name.end + 1
  const end = scan.next(nextElement, start)
  if (text[end + 1] !== '/' || end > endOfLine(scan, start)) return undefined
  return hideValue(scan, name, { start, end, isQuoted: true, over: end })
}

/** `IDENTIFIED BY 'value'`, as SQL has it. */
export const hideIdentified: Rule = (scan, _at, end) => {
  const at = endOfMatch(spaceBeforeQuote, scan.text, end)
  const value = at === undefined ? undefined : readQuoted(scan, at)
  return value && scan.hide(value.start, value.end)
}
