import { hideCommandPassword, programTriggers } from './redaction-commands.ts'
import { hideAuthorization, hideBearer, hideCookie } from './redaction-headers.ts'
import { hideIdentified, hideNamedValue } from './redaction-named-values.ts'
import { findOwnSecrets, type OwnPattern, parseOwnPattern } from './redaction-patterns.ts'
import { hideCutKey, hidePrivateKey } from './redaction-private-keys.ts'
import { buildScan, type Rule, replaceSpans, type Span } from './redaction-scan.ts'
import { hideToken, hideWebToken, tokenTriggers } from './redaction-tokens.ts'
import {
  hidePingKey,
  hidePlacePassword,
  hideSecretPath,
  hideUrlPassword,
  secretPathTriggers,
} from './redaction-urls.ts'

/** Replaces every secret in a text by `[redacted]`; what is around them stays. */
export type Redact = (text: string) => string

/** What is looked at more closely, by the letters that tell it, in any letter case. */
const rules: Record<string, Rule> = {
  ...ruleFor(hideNamedValue, [
    'pass',
    'pwd',
    'kennwort',
    'secret',
    'token',
    'credential',
    'key',
    'sig',
    'auth',
    'session',
  ]),
  ...ruleFor(hideIdentified, ['identified by']),
  ...ruleFor(hideUrlPassword, ['://', String.raw`:\/\/`]),
  ...ruleFor(hidePlacePassword, ['sftp:', 's3:', 'rest:', 'ftp:', 'scp:', 'ssh:', 'webdav:']),
  ...ruleFor(hideSecretPath, secretPathTriggers),
  ...ruleFor(hidePingKey, ['ping']),
  ...ruleFor(hideAuthorization, ['authorization']),
  ...ruleFor(hideBearer, ['bearer']),
  ...ruleFor(hideCookie, ['cookie']),
  ...ruleFor(hideToken, tokenTriggers),
  ...ruleFor(hideWebToken, ['eyj']),
  ...ruleFor(hidePrivateKey, ['-----begin']),
  ...ruleFor(hideCutKey, ['-----end']),
  ...ruleFor(hideCommandPassword, programTriggers),
}

function ruleFor(rule: Rule, triggers: readonly string[]): Record<string, Rule> {
  return Object.fromEntries(triggers.map(trigger => [trigger.toLowerCase(), rule]))
}

// Of triggers that begin alike the longest goes first.
const triggers = new RegExp(
  Object.keys(rules)
    .sort((one, other) => other.length - one.length)
    .map(trigger => RegExp.escape(trigger))
    .join('|'),
  'gi',
)

/** One search may uncover what the next one finds; more than a few never do. */
const mostSearches = 4

/**
 * Builds what redacts the logs and messages of runs: passwords, tokens and keys in the forms in which programs print
 * them, and what matches one of `ownPatterns` (regular expressions of RE2, each for one line). The time that it takes
 * grows with the text and no faster; redacting again changes nothing more. Throws `invalid`, naming the pattern that
 * cannot be used.
 */
export function buildRedaction(ownPatterns: readonly string[]): Redact {
  const own = ownPatterns.map(parseOwnPattern)
  return text => {
    let redacted = text
    for (let count = 0; count < mostSearches && redacted !== ''; count += 1) {
      const spans = findSecrets(redacted, own)
      const next = spans.length === 0 ? redacted : replaceSpans(redacted, spans)
      if (next === redacted) break
      redacted = next
    }
    return redacted
  }
}

function findSecrets(text: string, own: readonly OwnPattern[]): Span[] {
  const spans: Span[] = []
  for (const pattern of own) findOwnSecrets(text, pattern, spans)
  const scan = buildScan(text, spans)
  for (let from = 0; ;) {
    triggers.lastIndex = from
    const found = triggers.exec(text)
    if (!found) return spans
    const at = found.index
    from = rules[found[0].toLowerCase()]?.(scan, at, at + found[0].length) ?? at + 1
  }
}
