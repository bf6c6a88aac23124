import { endOfMatch, type Rule, type Scan } from './redaction-scan.ts'

/**
 * Tokens that show what they are, wherever they stand: by the letters that they begin with, what is behind those. Such a
 * pattern either matches all that it has read or reads little.
 */
const tokens: Record<string, RegExp> = {
  // Ids of keys of Amazon: IAM user guide, "Unique identifiers".
  AKIA: /[A-Z0-9]{16,}/y,
  ASIA: /[A-Z0-9]{16,}/y,
  // GitHub: "About authentication to GitHub", token formats.
  ghp_: /\w{20,}/y,
  gho_: /\w{20,}/y,
  ghu_: /\w{20,}/y,
  ghs_: /\w{20,}/y,
  ghr_: /\w{20,}/y,
  github_pat_: /\w{20,}/y,
  'glpat-': /[\w-]{16,}/y,
  // Slack: "Token types".
  'xoxa-': /[\w-]{8,}/y,
  'xoxb-': /[\w-]{8,}/y,
  'xoxe-': /[\w-]{8,}/y,
  'xoxe.': /[\w.-]{8,}/y,
  'xoxp-': /[\w-]{8,}/y,
  'xoxr-': /[\w-]{8,}/y,
  'xoxs-': /[\w-]{8,}/y,
  'xapp-': /[\w-]{8,}/y,
  // Google: keys, access tokens, client secrets.
  AIza: /[\w-]{30,}/y,
  'ya29.': /[\w-]{20,}/y,
  'GOCSPX-': /[\w-]{20,}/y,
  // Vault, npm, Docker, Stripe, SendGrid.
  'hvs.': /[\w-]{20,}/y,
  npm_: /[A-Za-z0-9]{30,}/y,
  dckr_pat_: /[\w-]{20,}/y,
  sk_live_: /\w{16,}/y,
  'SG.': /[\w-]{16,}\.[\w-]{16,}/y,
  // Our own agent keys and API keys.
  lgk_: /[\w-]{20,}/y,
  lgr_: /[\w-]{20,}/y,
}

/** What tokens are told by. */
export const tokenTriggers = Object.keys(tokens)

/** Hides a token but for the letters that say what kind it is. */
export const hideToken: Rule = (scan, at, end) => {
  const { text } = scan
  const begin = text.slice(at, end)
  const rest = tokens[begin]
  if (!rest || /[A-Za-z0-9]/.test(text[at - 1] ?? '')) return undefined
  const over = endOfMatch(rest, text, end)
  if (over === undefined) return undefined
  if (begin === 'AKIA' || begin === 'ASIA') hideKeyBehind(scan, over)
  return scan.hide(end, over)
}

/** How far behind its id a key may stand. */
const furthestKey = 120

/** Hides the 40 letters that are the key which goes with an id of Amazon, unless they are a hash in hexadecimal digits. */
function hideKeyBehind(scan: Scan, idEnd: number): void {
  const near = scan.text.slice(idEnd, idEnd + furthestKey + 41)
  const key = /(?<![A-Za-z0-9/+=])(?![0-9a-f]{40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/.exec(near)
  if (key && key.index <= furthestKey) scan.hide(idEnd + key.index, idEnd + key.index + 40)
}

const webToken = /[\w-]+\.[\w-]+\.[\w-]*(?:\.[\w-]*){0,2}/y

/** Hides a JSON web token (RFC 7519, 3.1): its first part is an object in base64url, which begins with `eyJ`. */
export const hideWebToken: Rule = (scan, at, end) => {
  const { text } = scan
  if (!text.startsWith('eyJ', at) || /[\w-]/.test(text[at - 1] ?? '')) return undefined
  const over = endOfMatch(webToken, text, end)
  return over === undefined || over - at < 20 ? undefined : scan.hide(end, over)
}
