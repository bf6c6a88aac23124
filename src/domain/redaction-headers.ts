import { endOfLine, endOfMatch, type Rule, type Scan } from './redaction-scan.ts'
import { isMasked, longestHarmless, looksMade, readQuoted } from './redaction-values.ts'

const behindName = /(?:\\*["'])?[ \t]{0,8}[:=][ \t]{0,8}\[?(?:\\*["'])?/y
const scheme = /(?:bearer|basic|oauth|token|apikey|negotiate|ntlm)[ \t]{1,8}(?!\w{1,64}=["\w])/iy
const schemeOfMany = /(?:digest|hawk|signature|oauth|aws4-hmac-sha256)[ \t]{1,8}/iy
const word = /[^\s"'`\\,;&\])}<>]*/y

/** Hides the credentials of `Authorization: scheme credentials` (RFC 9110, 11.6.2), but not the scheme. */
export const hideAuthorization: Rule = (scan, at, end) => {
  const { text } = scan
  const value = endOfMatch(behindName, text, end)
  if (value === undefined) return undefined
  const credentials = endOfMatch(scheme, text, value)
  if (credentials !== undefined) return hideWord(scan, credentials)
  const parameters = endOfMatch(schemeOfMany, text, value)
  return parameters === undefined
    ? hideMadeWord(scan, value)
    : hideHeader(scan, { name: at, value, secret: parameters })
}

const spaceOfBearer = /[ \t]{1,8}/y

/** Hides what follows `Bearer` where it stands alone (RFC 6750, 2.1). */
export const hideBearer: Rule = (scan, at, end) => {
  const start = endOfMatch(spaceOfBearer, scan.text, end)
  return start === undefined || /\w/.test(scan.text[at - 1] ?? '') ? undefined : hideMadeWord(scan, start, 16)
}

const behindCookie = /(?:\\*["'])?:[ \t]{0,8}(?:\\*["'])?(?=[\w.-]{1,64}=)/y

/** Hides the value of `Cookie: …` and `Set-Cookie: …`: a cookie is a session. */
export const hideCookie: Rule = (scan, at, end) => {
  const value = endOfMatch(behindCookie, scan.text, end)
  return value === undefined ? undefined : hideHeader(scan, { name: at, value, secret: value })
}

function hideWord(scan: Scan, start: number): number {
  const end = endOfMatch(word, scan.text, start) ?? start
  const isSecret = end - start > longestHarmless || !isMasked(scan.text.slice(start, end))
  return isSecret ? scan.hide(start, end) : start
}

function hideMadeWord(scan: Scan, start: number, least = 0): number | undefined {
  const end = endOfMatch(word, scan.text, start) ?? start
  const isMade = end - start > longestHarmless || looksMade(scan.text.slice(start, end))
  return isMade && end - start >= least ? hideWord(scan, start) : undefined
}

/** Hides the rest of a header, which ends with the quotes that it or its value is in, else with its line. */
function hideHeader(scan: Scan, { name, value, secret }: { name: number; value: number; secret: number }): number {
  const { text } = scan
  let quote = value
  if (!isQuote(text[quote - 1])) for (quote = name; name - quote < 16 && isNameLetter(text[quote - 1]);) quote -= 1
  let end = endOfLine(scan, secret)
  if (isQuote(text[quote - 1])) {
    quote -= 1
    while (quote > 0 && name - quote < 32 && text[quote - 1] === '\\') quote -= 1
    end = Math.min(end, readQuoted(scan, quote)?.end ?? end)
  }
  return scan.hide(secret, end)
}

function isQuote(letter: string | undefined): boolean {
  return letter === '"' || letter === "'"
}

function isNameLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\w-]/.test(letter)
}
