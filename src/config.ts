import { readFileSync } from 'node:fs'
import { AppError, isAppError } from './domain/app-error.ts'
import { parseOwnPattern } from './domain/redaction-patterns.ts'
import { minutes, seconds } from './domain/instant.ts'
import { parseLogDays, parseRunDays } from './domain/retention.ts'
import { isPostgresUrl } from './storage/database-url.ts'
import type { SmtpSettings } from './smtp/context.ts'
import { toComparableDomain } from './smtp/mail-address.ts'
import { type XmlArrayStyle, xmlArrayStyles } from './wire/xml.ts'

/** One setting: an environment variable, what it means, its default, and how its text is read. */
type Setting<Value> = {
  variable: string
  meaning: string
  /** As it would be written; undefined where there is none. */
  default?: string
  /** A secret may also be given as a file: the variable with `_FILE` behind it names it. */
  isSecret?: boolean
  read: (text: string) => Value
}

const setting = <Value>(one: Setting<Value>): Setting<Value> => one

/** Every setting there is. */
export const settings = {
  database: setting({
    variable: 'LASTGOOD_DATABASE_URL',
    meaning: 'Where everything is kept: the path of an SQLite file, or `postgres://user:password@host/database`.',
    default: 'lastgood.sqlite',
    isSecret: true,
    read: readText,
  }),
  databaseConnections: setting({
    variable: 'LASTGOOD_DATABASE_CONNECTIONS',
    meaning:
      'How many connections to PostgreSQL requests share; judging has 2 more. See [PostgreSQL](operations.md#postgresql).',
    default: '8',
    read: readConnections,
  }),
  databaseTimeoutMs: setting({
    variable: 'LASTGOOD_DATABASE_TIMEOUT_SECONDS',
    meaning: 'How long a statement on PostgreSQL may take for a request; 0 for any time.',
    default: '30',
    read: readSeconds,
  }),
  databasePrepared: setting({
    variable: 'LASTGOOD_DATABASE_PREPARED',
    meaning:
      'Whether statements on PostgreSQL are prepared by name: `on`, `off`, or `auto`, unless there is a pooler. See [PgBouncer](operations.md#pgbouncer).',
    default: 'auto',
    read: readPrepared,
  }),
  databaseReadUrl: setting({
    variable: 'LASTGOOD_DATABASE_READ_URL',
    meaning:
      'A standby of the PostgreSQL database that reports are read from while it is new enough, `postgres://user:password@host/database`. See [replicas](scaling.md#replicas).',
    isSecret: true,
    read: readPostgresUrl,
  }),
  publicUrl: setting({
    variable: 'LASTGOOD_PUBLIC_URL',
    meaning: 'Where clients reach the server; links begin with it. Without it they begin as the request does.',
    read: readUrl,
  }),
  pingHost: setting({
    variable: 'LASTGOOD_PING_HOST',
    meaning:
      'A host name, such as `ping.example.net`, of which every path is that of a ping: `https://ping.example.net/<uuid>`.',
    read: readHostName,
  }),
  host: setting({
    variable: 'LASTGOOD_HOST',
    meaning: 'The address that the server listens on; `0.0.0.0` or `::` for every one.',
    default: '127.0.0.1',
    read: readText,
  }),
  port: setting({
    variable: 'LASTGOOD_PORT',
    meaning: 'The port that the server listens on; 0 for any that is free.',
    default: '8480',
    read: readPort,
  }),
  trustedProxies: setting({
    variable: 'LASTGOOD_TRUSTED_PROXIES',
    meaning:
      'Addresses and networks, separated by commas, of the proxies whose `Forwarded` and `X-Forwarded-*` are believed.',
    default: '',
    read: readList,
  }),
  rateLimit: setting({
    variable: 'LASTGOOD_RATE_LIMIT',
    meaning:
      'How many requests a minute one client, or one token or agent key without a client, may make; 0 for any number. See [limits](api.md#limits).',
    default: '6000',
    read: readRate,
  }),
  addressRateLimit: setting({
    variable: 'LASTGOOD_ADDRESS_RATE_LIMIT',
    meaning:
      'How many requests a minute without a token, such as pings, one address may make; a wrong secret counts as 100. 0 for any number.',
    default: '30000',
    read: readRate,
  }),
  xmlConditionTypes: setting({
    variable: 'LASTGOOD_XML_CONDITION_TYPES',
    meaning:
      'How XML writes condition types: `repeat` (`<condition_type>` for each), `wrap` (those within `<condition_types>`) or `plural` (`<condition_types>` for each).',
    default: 'repeat',
    read: readXmlArrayStyle,
  }),
  catchUpMs: setting({
    variable: 'LASTGOOD_CATCH_UP_MINUTES',
    meaning:
      'How long after the server was away nothing counts as missed that fell into that time, so that clients can deliver what they could not.',
    default: '15',
    read: readMinutes,
  }),
  redact: setting({
    variable: 'LASTGOOD_REDACT',
    meaning:
      'What else is secret in the logs of runs: regular expressions as RE2 has them, one a line. See [secrets in logs](operations.md#secrets-in-logs).',
    default: '',
    isSecret: true,
    read: readPatterns,
  }),
  runDays: setting({
    variable: 'LASTGOOD_RUN_DAYS',
    meaning:
      'How many days runs are kept where their account says nothing, 31 at least; 0 for ever. See [what is kept](operations.md#what-is-kept).',
    default: '1095',
    read: text => parseRunDays(readCount(text), 'it'),
  }),
  logDays: setting({
    variable: 'LASTGOOD_LOG_DAYS',
    meaning: 'How many days the logs of runs are kept where their account says nothing; 0 as long as the runs.',
    default: '90',
    read: text => parseLogDays(readCount(text), 'it'),
  }),
  smtpPort: setting({
    variable: 'LASTGOOD_SMTP_PORT',
    meaning:
      'The port that report mails are taken on, such as 25; 0 for any that is free. Without it none are. See [mail](mail.md).',
    read: readPort,
  }),
  smtpHost: setting({
    variable: 'LASTGOOD_SMTP_HOST',
    meaning: 'The address that report mails are taken on; `0.0.0.0` or `::` for every one.',
    default: '127.0.0.1',
    read: readText,
  }),
  smtpDomains: setting({
    variable: 'LASTGOOD_SMTP_DOMAIN',
    meaning:
      'The domains of the addresses that report mails are sent to, separated by commas. The first is the one that is shown.',
    default: '',
    read: readDomains,
  }),
  smtpCertificate: setting({
    variable: 'LASTGOOD_SMTP_TLS_CERT',
    meaning: 'The file of the certificate for STARTTLS, in PEM. It is read anew every hour.',
    read: readText,
  }),
  smtpKey: setting({
    variable: 'LASTGOOD_SMTP_TLS_KEY',
    meaning: 'The file of the key of that certificate, in PEM.',
    read: readText,
  }),
  smtpMaxBytes: setting({
    variable: 'LASTGOOD_SMTP_MAX_MEGABYTES',
    meaning: 'The largest report mail, in megabytes of 1,048,576 bytes.',
    default: '10',
    read: readMegabytes,
  }),
  smtpTakesAnyLogin: setting({
    variable: 'LASTGOOD_SMTP_LOGIN',
    meaning:
      'What senders of report mails that insist on signing in are offered: `none`, or `any` name and password, which nobody looks at.',
    default: 'none',
    read: readLogin,
  }),
  logLevel: setting({
    variable: 'LASTGOOD_LOG_LEVEL',
    meaning: 'How much is logged: `debug` (every request), `info`, `warn`, `error` or `silent`.',
    default: 'info',
    read: readLogLevel,
  }),
  url: setting({
    variable: 'LASTGOOD_URL',
    meaning:
      'For `lastgood run`: the server that runs are reported to. For `lastgood report`: the server that is asked where there is no database.',
    read: readUrl,
  }),
  key: setting({
    variable: 'LASTGOOD_KEY',
    meaning: 'For `lastgood run` and `lastgood report`: the agent key of the computer.',
    isSecret: true,
    read: readText,
  }),
  clientId: setting({
    variable: 'LASTGOOD_CLIENT_ID',
    meaning: 'For `lastgood report`: the client that asks a server, as `lastgood client add` printed it.',
    read: readText,
  }),
  clientSecret: setting({
    variable: 'LASTGOOD_CLIENT_SECRET',
    meaning: 'For `lastgood report`: the secret of that client.',
    isSecret: true,
    read: readText,
  }),
  spool: setting({
    variable: 'LASTGOOD_SPOOL',
    meaning:
      'For `lastgood run`: the folder in which reports are kept until the server has them. [In front of a backup](run.md#when-the-server-is-away) names the usual one.',
    read: readText,
  }),
  spoolMegabytes: setting({
    variable: 'LASTGOOD_SPOOL_MEGABYTES',
    meaning: 'For `lastgood run`: how much that folder may hold.',
    default: '64',
    read: readText,
  }),
  spoolDays: setting({
    variable: 'LASTGOOD_SPOOL_DAYS',
    meaning: 'For `lastgood run`: how old a report may become in it.',
    default: '30',
    read: readText,
  }),
  agentConfig: setting({
    variable: 'LASTGOOD_CONFIG',
    meaning:
      'For `lastgood run`: the [settings file](run.md#the-settings-file) of the computer, in place of those in the usual places.',
    read: readText,
  }),
} as const satisfies Record<string, Setting<unknown>>

type SettingName = keyof typeof settings

/** The settings of the server and of administration, checked. */
export type Config = {
  database: string
  publicUrl: string | null
  pingHost: string | null
  host: string
  port: number
  trustedProxies: string[]
  rateLimit: number
  addressRateLimit: number
  xmlConditionTypes: XmlArrayStyle
  catchUpMs: number
  databaseConnections: number
  databaseTimeoutMs: number
  databasePrepared: 'auto' | 'on' | 'off'
  /** Null: everything is read from the database itself. */
  databaseReadUrl: string | null
  redact: string[]
  runDays: number
  logDays: number
  /** Null: no mail is taken. */
  smtp: SmtpSettings | null
  logLevel: string
}

/** What the command line says in place of the environment. */
export type ConfigFlags = { [Name in SettingName]?: string | undefined }

/** The environment that settings are read from. */
export type Environment = Record<string, string | undefined>

/** Reads every setting of the server. Throws `invalid` that tells every problem at once. */
export function readConfig(environment: Environment, flags: ConfigFlags = {}): Config {
  const problems: string[] = []

  function read<Value>(name: SettingName, one: Setting<Value>): Value | undefined {
    try {
      const text = flags[name] ?? readVariable(environment, one)
      return text === undefined ? undefined : one.read(text)
    } catch (error) {
      if (!isAppError(error)) throw error
      problems.push(`${one.variable}: ${error.message}`)
      return undefined
    }
  }

  const config = {
    database: read('database', settings.database) ?? '',
    databaseConnections: read('databaseConnections', settings.databaseConnections) ?? 0,
    databaseTimeoutMs: read('databaseTimeoutMs', settings.databaseTimeoutMs) ?? 0,
    databasePrepared: read('databasePrepared', settings.databasePrepared) ?? 'auto',
    databaseReadUrl: read('databaseReadUrl', settings.databaseReadUrl) ?? null,
    publicUrl: read('publicUrl', settings.publicUrl) ?? null,
    pingHost: read('pingHost', settings.pingHost) ?? null,
    host: read('host', settings.host) ?? '',
    port: read('port', settings.port) ?? 0,
    trustedProxies: read('trustedProxies', settings.trustedProxies) ?? [],
    rateLimit: read('rateLimit', settings.rateLimit) ?? 0,
    addressRateLimit: read('addressRateLimit', settings.addressRateLimit) ?? 0,
    xmlConditionTypes: read('xmlConditionTypes', settings.xmlConditionTypes) ?? 'repeat',
    catchUpMs: read('catchUpMs', settings.catchUpMs) ?? 0,
    redact: read('redact', settings.redact) ?? [],
    runDays: read('runDays', settings.runDays) ?? 0,
    logDays: read('logDays', settings.logDays) ?? 0,
    smtp: toSmtpSettings({
      port: read('smtpPort', settings.smtpPort),
      host: read('smtpHost', settings.smtpHost) ?? '',
      domains: read('smtpDomains', settings.smtpDomains),
      certificateFile: read('smtpCertificate', settings.smtpCertificate),
      keyFile: read('smtpKey', settings.smtpKey),
      maxBytes: read('smtpMaxBytes', settings.smtpMaxBytes) ?? 0,
      takesAnyLogin: read('smtpTakesAnyLogin', settings.smtpTakesAnyLogin) ?? false,
    }),
    logLevel: read('logLevel', settings.logLevel) ?? 'info',
  }
  if (config.databaseReadUrl !== null && config.database !== '' && !isPostgresUrl(config.database)) {
    problems.push(`${settings.databaseReadUrl.variable}: an SQLite database has no standby; unset it.`)
  }
  if (problems.length > 0) throw new AppError('invalid', problems.join('\n'))
  return config

  /** The settings of mail belong together. */
  function toSmtpSettings({ port, domains, certificateFile, keyFile, ...others }: GivenSmtp): SmtpSettings | null {
    if (port === undefined) return null
    if (domains?.length === 0) {
      problems.push(`${settings.smtpDomains.variable}: must name the domain of the addresses that mails are sent to.`)
    }
    const hasBoth = certificateFile !== undefined && keyFile !== undefined
    if (!hasBoth && certificateFile !== keyFile) {
      problems.push(`${settings.smtpCertificate.variable} and ${settings.smtpKey.variable}: set both or none of them.`)
    }
    return { port, domains: domains ?? [], tls: hasBoth ? { certificateFile, keyFile } : null, ...others }
  }
}

type GivenSmtp = Pick<SmtpSettings, 'host' | 'maxBytes' | 'takesAnyLogin'> & {
  port: number | undefined
  domains: string[] | undefined
  certificateFile: string | undefined
  keyFile: string | undefined
}

/** The text of a setting: its variable, for a secret else the file that `…_FILE` names, else its default. */
export function readVariable(environment: Environment, one: Setting<unknown>): string | undefined {
  const { variable, isSecret } = one
  const text = environment[variable]
  if (text !== undefined && text !== '') return text
  const file = isSecret ? environment[`${variable}_FILE`] : undefined
  if (file === undefined || file === '') return one.default
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new AppError('invalid', `${variable}_FILE names ${file}, which cannot be read.`, { cause: error })
  }
}

function readText(text: string): string {
  if (text.trim() === '') throw new AppError('invalid', 'must not be empty.')
  return text
}

function readUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new AppError('invalid', `must be an address such as https://backup.example.net, not ${JSON.stringify(text)}.`)
  }
  return url.href.replace(/\/+$/, '')
}

function readHostName(text: string): string {
  if (/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(text)) return text.toLowerCase()
  throw new AppError('invalid', `must be a host name such as ping.example.net, not ${JSON.stringify(text)}.`)
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new AppError('invalid', `must be a port from 0 to 65535, not ${JSON.stringify(text)}.`)
}

function readRate(text: string): number {
  const count = Number(text)
  if (/^\d{1,10}$/.test(text) && count <= 1_000_000_000) return count
  throw new AppError('invalid', `must be a number of requests from 0 to 1000000000, not ${JSON.stringify(text)}.`)
}

function readDomains(text: string): string[] {
  return readList(text).map(domain => toComparableDomain(readHostName(domain)))
}

function readMegabytes(text: string): number {
  const count = Number(text)
  if (/^\d{1,3}$/.test(text) && count >= 1 && count <= 100) return count * 1024 * 1024
  throw new AppError('invalid', `must be a number of megabytes from 1 to 100, not ${JSON.stringify(text)}.`)
}

function readLogin(text: string): boolean {
  if (text === 'none' || text === 'any') return text === 'any'
  throw new AppError('invalid', `must be none or any, not ${JSON.stringify(text)}.`)
}

function readMinutes(text: string): number {
  const count = Number(text)
  if (/^\d{1,5}$/.test(text) && count <= 10_080) return minutes(count)
  throw new AppError('invalid', `must be a number of minutes from 0 to 10080, not ${JSON.stringify(text)}.`)
}

function readCount(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

function readConnections(text: string): number {
  const count = Number(text)
  if (/^\d{1,4}$/.test(text) && count >= 1 && count <= 1000) return count
  throw new AppError('invalid', `must be a number of connections from 1 to 1000, not ${JSON.stringify(text)}.`)
}

function readSeconds(text: string): number {
  const count = Number(text)
  if (/^\d{1,4}$/.test(text) && count <= 3600) return seconds(count)
  throw new AppError('invalid', `must be a number of seconds from 0 to 3600, not ${JSON.stringify(text)}.`)
}

function readPostgresUrl(text: string): string {
  // It may hold a password, which no message repeats.
  if (isPostgresUrl(text) && URL.canParse(text)) return text
  throw new AppError('invalid', 'must be an address such as postgres://user@host/database.')
}

function readPrepared(text: string): 'auto' | 'on' | 'off' {
  if (text === 'auto' || text === 'on' || text === 'off') return text
  throw new AppError('invalid', `must be auto, on or off, not ${JSON.stringify(text)}.`)
}

function readList(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(Boolean)
}

/** One pattern a line; empty lines and those that begin with `#` are none. */
function readPatterns(text: string): string[] {
  const patterns = text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('#'))
  const problems = patterns.flatMap(pattern => {
    try {
      parseOwnPattern(pattern)
      return []
    } catch (error) {
      if (!isAppError(error)) throw error
      return [error.message]
    }
  })
  if (problems.length > 0) throw new AppError('invalid', problems.join(' '))
  return patterns
}

function readXmlArrayStyle(text: string): XmlArrayStyle {
  const style = xmlArrayStyles.find(known => known === text)
  if (style) return style
  throw new AppError('invalid', `must be one of ${xmlArrayStyles.join(', ')}, not ${JSON.stringify(text)}.`)
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent']

function readLogLevel(text: string): string {
  if (logLevels.includes(text)) return text
  throw new AppError('invalid', `must be one of ${logLevels.join(', ')}, not ${JSON.stringify(text)}.`)
}
