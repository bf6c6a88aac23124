import { endOfMatch, type Rule, type Scan } from './redaction-scan.ts'

/** Hides the password of `scheme://user:password@host`; the trigger is the `://`. */
export const hideUrlPassword: Rule = (scan, _at, end) => hideUserPassword(scan, end, true)

/** Hides the password of `sftp:user:password@host`, as backup tools write their repositories. */
export const hidePlacePassword: Rule = (scan, at, end) => {
  const { text } = scan
  if (/\w/.test(text[at - 1] ?? '') || /[/\\]/.test(text[end] ?? '')) return undefined
  return hideUserPassword(scan, end, false)
}

/** How far is read where nothing says for sure that there is a URL. */
const furthest = 256

/** Hides what stands between the first colon and the last `@` of the authority (RFC 3986, 3.2) that begins at `start`. */
function hideUserPassword(scan: Scan, start: number, isUrl: boolean): number | undefined {
  const text = isUrl ? scan.text : scan.text.slice(0, start + furthest)
  if (!isUrl && !text.includes('@', start)) return undefined
  const end = endOfAuthority(text, start)
  const authority = text.slice(start, end)
  const colon = authority.indexOf(':')
  const at = authority.lastIndexOf('@')
  // Without a password, an address of IPv6, or an image by its digest.
  if (colon < 0 || authority.startsWith('[') || authority.startsWith('sha256:', at + 1)) return undefined
  if (at >= 0) return colon < at ? scan.hide(start + colon + 1, start + at) : undefined
  // What is no port is the beginning of a password: of one that was cut off, or that has a slash in it.
  if (!isUrl || /^\d{0,5}$/.test(authority.slice(colon + 1))) return undefined
  if (end >= text.length || text[end] === '…') return scan.hide(start + colon + 1, end)
  const later = /^[^\s"'<>]*?@/.exec(text.slice(end, end + furthest))
  return later ? scan.hide(start + colon + 1, end + later[0].length - 1) : undefined
}

const inAuthority = /[^\s\0-\x1F\x7F-\x9F/?#<>\\…"'`]*/y
const innerQuote = /["'`](?![\s,;:)\]}>&|\\<"'`]|$)/y

/** A quote ends what it stands in only where what follows shows it. */
function endOfAuthority(text: string, start: number): number {
  let end = endOfMatch(inAuthority, text, start) ?? start
  for (let quote = endOfMatch(innerQuote, text, end); quote !== undefined; quote = endOfMatch(innerQuote, text, end)) {
    end = endOfMatch(inAuthority, text, quote) ?? quote
  }
  return end
}

/** Addresses whose path is the secret, by what tells them: what of them stays readable, and what is hidden then. */
const secretPaths: Record<string, { kept: RegExp; secret: RegExp }> = {
  'hc-ping.com': { kept: /hc-ping\.com\\?\//iy, secret: /[\w-]{10,}/y },
  'hooks.slack.com': { kept: /hooks\.slack\.com\\?\/\w{1,20}\\?\//iy, secret: /[\w\\/-]+(?<!\\)/y },
  discord: { kept: /discord(?:app)?\.com\\?\/api\\?\/(?:v\d+\\?\/)?webhooks\\?\//iy, secret: /[\w\\/-]+(?<!\\)/y },
  'webhook.office.com': { kept: /webhook\.office\.com\\?\/\w{1,20}\\?\//iy, secret: /[\w\\/@.-]+(?<!\\)/y },
  'outlook.office': { kept: /outlook\.office(?:365)?\.com\\?\/webhook\\?\//iy, secret: /[\w\\/@.-]+(?<!\\)/y },
  'api.telegram.org': { kept: /api\.telegram\.org\\?\/bot/iy, secret: /[\w:%-]+/y },
  '/hooks/': { kept: /\/hooks\/[a-z-]{1,20}\//iy, secret: /[\w-]{22,}/y },
  'api/push/': { kept: /api\/push\//iy, secret: /[\w-]{10,}/y },
}

/** What an address with a secret path is told by. */
export const secretPathTriggers = Object.keys(secretPaths)

/** Hides the path of an address that whoever knows it may post to, such as a webhook of Slack. */
export const hideSecretPath: Rule = (scan, at, end) => {
  const known = secretPaths[scan.text.slice(at, end).toLowerCase()]
  const start = known && endOfMatch(known.kept, scan.text, at)
  const over = start && endOfMatch(known.secret, scan.text, start)
  return over && scan.hide(start, over)
}

// A slash may have a backslash before it, as some write it in JSON.
const pingPath = /\\?\/(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\w-])|[\w-]{22}(?=\\?\/))/iy

/** Hides what names the check in the address of a ping: `/ping/<uuid>`, `/ping/<ping key>/<slug>`. */
export const hidePingKey: Rule = (scan, at, end) => {
  const { text } = scan
  if (text[at - 1] !== '/') return undefined
  const over = endOfMatch(pingPath, text, end)
  return over && scan.hide(text.indexOf('/', end) + 1, over)
}
