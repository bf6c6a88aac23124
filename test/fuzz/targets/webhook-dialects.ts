import { readdirSync, readFileSync } from 'node:fs'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'

/** What was sent, as a person would read it: the parameters of the query, what stands behind the name of the set, and the body. */
export type Told = { query: URLSearchParams; rest: string; headers: Readonly<Record<string, string>>; text: string }

/**
 * A dialect as fuzzing sends it. In addresses and headers `{id}` stands for the UUID of a set, `{key}` for the ping key of its computer,
 * `{slug}` for its slug, `{basic}` and `{basicSlug}` for either as HTTP Basic.
 */
export type FuzzDialect = {
  /** Addresses of its own, besides those below `/hooks/`; their headers say whose they are. */
  native: readonly { path: string; headers?: Readonly<Record<string, string>> }[]
  rests: readonly string[]
  query: Readonly<Record<string, readonly string[]>>
  headers: Readonly<Record<string, readonly string[]>>
  types: readonly string[]
  bodies: readonly string[]
  /** What a request that is taken is answered, besides `OK`. */
  accepted: RegExp
  /** Whether anybody who reads it would say that it tells a failure, or tells nothing: then no backup is good. */
  isNoSuccess(told: Told): boolean
}

const fixtures = new URL('../../fixtures/', import.meta.url)
const webhookFixtures = readdirSync(new URL('webhooks/', fixtures)).map(name => ({
  name,
  text: readFileSync(new URL(`webhooks/${name}`, fixtures), 'utf8'),
}))
const sentBy = (tool: string) => webhookFixtures.filter(({ name }) => name.startsWith(tool)).map(({ text }) => text)

function recorded(tool: string): string[] {
  const outputs = recordedCases(tool).map(one => recordedOutput(tool, one))
  return outputs.map(({ stdout, stderr }) => `${stdout}${stderr}`).filter(text => text.length <= 20_000)
}

const toJson = (...values: readonly object[]) => values.map(value => JSON.stringify(value))
const json = ['application/json']

const proxmoxEvents = [
  ...recorded('vzdump').flatMap(message =>
    (['info', 'error'] as const).map(severity => ({ type: 'vzdump', severity, message })),
  ),
  { type: 'sync', severity: 'info', message: 'Job ID: s-1' },
  { type: 'verification', severity: 'error', message: 'damaged' },
  { type: 'prune', severity: 'notice', message: '' },
].map(({ type, severity, message }) => ({
  title: titleOf(type, severity),
  message,
  severity,
  timestamp: 1_772_722_800,
  fields: { type, hostname: 'pve1', 'job-id': 'backup-1' },
}))

function titleOf(type: string, severity: string): string {
  const word = severity === 'error' ? 'failed' : 'successful'
  return type === 'vzdump' ? `vzdump backup status (pve1): backup ${word}` : `Sync remote 'b' datastore 'a' ${word}`
}

const backrestEvents = ['start', 'success', 'warning', 'skipped', 'error', 'end'].map(word => ({
  event: `snapshot ${word}`,
  task: 'backup for plan "docs"',
  time: '2026-03-05T15:00:00Z',
  snapshot_id: word === 'error' ? '' : '5d5a8f0e',
  error: word === 'error' || word === 'warning' ? 'partial backup, 3 files may not have been read completely.' : '',
  stats: { message_type: 'summary', files_new: 2, files_changed: 1, total_files_processed: 40, data_added: 5_000 },
}))
const backrestBodies = [
  ...toJson(...backrestEvents, { ...backrestEvents[1], event: 'check error', error: 'damaged' }),
  ...sentBy('backrest'),
  ...sentBy('backrest').flatMap(text => toJson({ content: text }, { text }, { message: text, title: 'Backrest' })),
]

const messages = [
  ...toJson(
    { title: 'Backup failed', message: 'disk full', priority: 8 },
    { title: 'Backup done', message: 'all is well' },
    ...proxmoxEvents.map(({ title, message, severity }) => ({ title, message, priority: severity === 'info' ? 1 : 9 })),
  ),
  ...backrestBodies.filter(text => text.includes('"message"')),
  'title=Backup+failed&message=x&priority=5',
]

/** A member of the JSON object that a body is, as text; empty for anything else. */
function memberOf(text: string, ...path: readonly string[]): string {
  try {
    let value: unknown = JSON.parse(text)
    for (const name of path) value = (value as Record<string, unknown> | null)?.[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  } catch {
    // No JSON: there is no such member.
    return ''
  }
}

const hasOther = (values: readonly string[], ...good: readonly string[]) =>
  values.some(value => !good.includes(value.toLowerCase()))

/** The value of a line of metrics, which stands behind its labels. */
const valueOf = (line: string) => Number(/[ \t]([^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/.exec(line)?.[1])

/** Every dialect by its name: real requests of it, and what of them tells no success. */
export const fuzzDialects: Readonly<Record<string, FuzzDialect>> = {
  duplicati: {
    native: [],
    rests: [''],
    query: {},
    headers: {},
    types: [...json, 'application/x-www-form-urlencoded'],
    bodies: recorded('duplicati'),
    accepted: /^OK$/,
    isNoSuccess: ({ text }) => {
      const result = memberOf(text, 'Data', 'ParsedResult')
      return /^(?:Error|Fatal)$/.test(result) || !/success|examinedfiles/i.test(text)
    },
  },
  proxmox: {
    native: [],
    rests: ['', 'message'],
    query: { a: ['1'] },
    headers: {},
    types: json,
    bodies: toJson(...proxmoxEvents),
    accepted: /^OK$/,
    isNoSuccess: ({ text }) =>
      memberOf(text, 'severity') === 'error' || /\bfailed\b/.test(memberOf(text, 'title').slice(0, 200)),
  },
  backrest: {
    native: [],
    rests: ['', 'start', 'fail', 'log', 'message'],
    query: {},
    headers: {},
    types: [...json, 'text/plain'],
    bodies: backrestBodies,
    accepted: /^OK$/,
    isNoSuccess: ({ rest, text }) =>
      ['start', 'fail', 'log'].includes(rest) ? rest === 'fail' : !/snapshot (?:success|skipped|end)/i.test(text),
  },
  kopia: {
    native: [],
    rests: [''],
    query: {},
    headers: { subject: ['Successfully created a snapshot of /srv', 'Failed to create 1 of 2 snapshots on nas01'] },
    types: ['text/plain', ...json],
    bodies: [...recorded('kopia'), ...sentBy('kopia')],
    accepted: /^OK$/,
    isNoSuccess: ({ headers, text }) =>
      (headers['subject'] ?? '').startsWith('Failed to') || !/status|snapshots/i.test(text),
  },
  gotify: {
    native: [
      { path: '/message?token={id}' },
      { path: '/message', headers: { 'x-gotify-key': '{id}' } },
      { path: '/message', headers: { authorization: 'Bearer {key}/{slug}' } },
    ],
    rests: ['', 'message'],
    query: { title: ['Backup failed', 'done'], message: ['disk full'] },
    headers: {},
    types: [...json, 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'],
    bodies: messages,
    accepted: /^\{"id":\d+,/,
    isNoSuccess: ({ text }) => /\bfailed\b/.test(memberOf(text, 'title').slice(0, 200)) || !/success|skip/i.test(text),
  },
  'uptime-kuma': {
    native: [{ path: '/api/push/{id}' }, { path: '/api/push/{key}/{slug}' }],
    rests: ['', 'x'],
    query: { status: ['up', 'down', ''], msg: ['OK', 'disk full'], ping: ['', '60000', '-1', '8640000000000001'] },
    headers: {},
    types: ['text/plain'],
    bodies: ['', 'done'],
    accepted: /^\{"ok":true\}$/,
    isNoSuccess: ({ query }) => hasOther(query.getAll('status'), 'up', ''),
  },
  cronitor: {
    native: [{ path: '/p/{key}/{slug}' }, { path: '/p/{id}' }],
    rests: ['', 'run', 'complete', 'fail', 'ok'],
    query: {
      state: ['run', 'complete', 'fail', 'ok', 'pause'],
      status_code: ['0', '1', '255', '256'],
      series: ['a', '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f'],
      metric: ['error_count:2', 'count:9', 'duration:1.5'],
      message: ['disk full'],
      host: ['nas'],
    },
    headers: {},
    types: ['text/plain', ...json],
    bodies: ['', 'done', ...recorded('borgmatic')],
    accepted: /^OK$/,
    isNoSuccess: ({ query, rest }) =>
      [...query.getAll('state'), rest].some(state => state.toLowerCase() === 'fail') ||
      hasOther(query.getAll('status_code').slice(0, 1), '', '0', '00', '000'),
  },
  gatus: {
    native: [
      { path: '/api/v1/endpoints/any_thing/external', headers: { authorization: 'Bearer {id}' } },
      { path: '/api/v1/endpoints/group_{slug}/external', headers: { authorization: 'bearer {key}' } },
    ],
    rests: [''],
    query: { success: ['true', 'false'], duration: ['10s', '1h2m3.5s', '9999h'], error: ['disk full'] },
    headers: {},
    types: json,
    bodies: ['', ...toJson({ error: 'disk full' })],
    accepted: /^$/,
    isNoSuccess: ({ query }) => !query.has('success') || query.getAll('success').some(word => word !== 'true'),
  },
  pushgateway: {
    native: [
      { path: '/metrics/job/any', headers: { authorization: 'Basic {basic}' } },
      { path: '/metrics/job/{slug}', headers: { authorization: 'Basic {basicSlug}' } },
      { path: '/metrics/job@base64/cm9vdA', headers: { authorization: 'Basic {basic}' } },
    ],
    rests: ['metrics/job/root.backup', 'metrics/job@base64/cm9vdA', ''],
    query: {},
    headers: {},
    types: ['text/plain; version=0.0.4', 'application/vnd.google.protobuf'],
    bodies: [...sentBy('resticprofile'), ...sentBy('resticprofile').map(text => text.replaceAll(/ 2$/gm, ' 0'))],
    accepted: /^$/,
    isNoSuccess: ({ text }) => {
      const statuses = text.split(/\r?\n/).filter(line => line.startsWith('resticprofile_backup_status'))
      return statuses.length === 0 || statuses.some(line => valueOf(line) !== 2)
    },
  },
  sentry: {
    native: [{ path: '/api/1/cron/{slug}/{key}' }, { path: '/api/any/cron/any/{id}' }],
    rests: ['', 'x'],
    query: {
      status: ['ok', 'error', 'in_progress'],
      check_in_id: ['7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f', 'latest'],
      duration: ['1.5'],
      environment: ['production'],
      create: ['1'],
    },
    headers: {},
    types: json,
    bodies: ['', ...toJson({ status: 'ok' }, { status: 'error', monitor_slug: 'x' }, { status: 'in_progress' })],
    accepted: /^$/,
    isNoSuccess: ({ query }) => hasOther(query.getAll('status').filter(Boolean), 'ok'),
  },
}
