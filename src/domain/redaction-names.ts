import { endOfMatch } from './redaction-scan.ts'

/**
 * What a name says of its value. `password` and `secret`: it is secret wherever it stands; `parameter`: it is secret in
 * the query of a URL or in a form; `command`: it is a command that prints a secret.
 */
export type NameKind = 'password' | 'secret' | 'parameter' | 'command'

/** A name in a text whose value may be secret. */
export type Name = { text: string; start: number; end: number; kind: NameKind }

/**
 * The kinds of names, by the words of a name in lower case with `_` between them; of those that match the first holds.
 * Null: the value is no secret, though the name sounds so (`RESTIC_PASSWORD_FILE`, `token_type`, `max_tokens`).
 */
const kinds: [RegExp, NameKind | null][] = [
  [/pass(?:word|phrase)?_?(?:command|cmd)$/, 'command'],
  [
    /_(?:files?|paths?|dir|directory|folder|command|cmd|fd|prompt|type|ur[il]|endpoint|host|length|len|size|count|expir(?:es|y|ation)(?:_(?:in|at))?|ttl|age|policy|names?|algorithm|format|mode|method|status|required|enabled|iterations|limit|timeout|manager|provider|store|version)$/,
    null,
  ],
  [/^(?:no|ask|use|has|is|max|min|num|total|insecure_no)_/, null],
  [/passw(?:or[dt]|d)|pass_?phrase|kennwort/, 'password'],
  [
    /(?:^|_)(?:\w{0,12}pwd|(?:db|ssh|ftp|smtp|mail|user|root|admin|login|http|proxy|key|store)?pass)(?:$|_)/,
    'password',
  ],
  [/secret|credential|token(?:$|_)/, 'secret'],
  [/(?:api|access|private|account|application|encryption|auth|master|storage|shared|signing|service)_?key/, 'secret'],
  [/(?:^|_)(?:key|sig|signature|auth|session)$/, 'parameter'],
]

/** What the name of a setting, option, member or variable says of its value; undefined: nothing. */
export function kindOfName(name: string): NameKind | undefined {
  // The directory that a shell is in.
  if (name === 'PWD' || name === 'OLDPWD') return undefined
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[-. ]+/g, '_')
  const kind = kinds.find(([pattern]) => pattern.test(words))?.[1] ?? undefined
  // Of the variables of programs every key is one: ST_KEY, LASTGOOD_KEY.
  return kind === 'parameter' && isVariable(name) && name.endsWith('_KEY') ? 'secret' : kind
}

/** Whether a name is that of an environment variable: upper case throughout. */
export function isVariable(name: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/.test(name)
}

const longestName = 64
const nameLetters = /[\w.-]{0,64}/y
const firstOfTwo = /\b(?:api|secret|access|account|private|recovery|encryption) $/i
/** What parts a name from its value; white space alone does so behind an option and before a quote. */
const behindName = /[=:>"'`\\\]]|[ \t]{1,8}(?:[=:"']|for |of )/y
const behindOption = /[=:>"'`\\\]]|[ \t]/y

/** The whole name that some letters of it, `from` to `to`, were found in; undefined when its value is no secret. */
export function readName(text: string, from: number, to: number): Name | undefined {
  const end = endOfMatch(nameLetters, text, to) ?? to
  let start = from
  while (from - start < longestName && isNameLetter(text.charCodeAt(start - 1))) start -= 1
  while (start < from && /[-.]/.test(text[start] ?? '')) start += 1
  if (endOfMatch(text[start - 1] === '-' ? behindOption : behindName, text, end) === undefined) return undefined
  if (end - start === 3 && text[start - 1] === ' ') {
    start -= firstOfTwo.exec(text.slice(Math.max(0, start - 12), start))?.[0].length ?? 0
  }
  const name = text.slice(start, end)
  const kind = kindOfName(name)
  return kind && { text: name, start, end, kind }
}

/** Whether a letter by its code is one of `[\w.-]`. */
function isNameLetter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 57 && code !== 47) ||
    code === 95
  )
}
