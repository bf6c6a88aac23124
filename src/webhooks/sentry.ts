import { AppError } from '../domain/app-error.ts'
import type { PingKind } from '../domain/ping.ts'
import { joinLog, readJsonObject, textOf, toLines } from './hook-text.ts'
import { isPingId, toNamedSlug } from './named-set.ts'
import { plainReply, textReply } from './replies.ts'
import type { Webhook } from './webhook.ts'

const monitor = /^\/api\/[^/]{1,100}\/cron\/([^/]{1,200})\/([^/]{1,100})\/?$/
const signals = new Map<string, PingKind>([
  ['in_progress', 'start'],
  ['ok', 'success'],
  ['error', 'fail'],
])

/**
 * Check-ins of Sentry Crons: `/api/<project>/cron/<slug>/<public key>/?status=in_progress|ok|error&check_in_id=<uuid>`.
 * The public key is the ping key, or a UUID that names the set by itself; any project will do. Format: Sentry
 * documentation, "Crons, HTTP".
 */
export const sentryHook: Webhook = {
  name: 'sentry',
  sender: 'whatever checks in at Sentry Crons over HTTP',
  methods: ['GET', 'POST', 'PUT'],
  native: {
    routes: ['/api/:project/cron/:slug/:key'],
    name({ path, query }) {
      const [, slug = '', key = ''] = monitor.exec(path) ?? []
      const named = isPingId(key) ? { form: 'id' as const, pingId: key } : toNamedSlug(key, slug.toLowerCase())
      return { sets: named ? [named] : [], rest: '', mayCreate: query.get('create') === '1' }
    },
  },
  setup: { rest: '?status=ok', paste: 'the place where the check-in URL of Sentry stands' },
  read({ query, body }) {
    const document = readJsonObject(body)
    const said = (name: string) => query.get(name) ?? textOf(document, name)
    const told = [...query.getAll('status'), textOf(document, 'status')].filter(Boolean)
    const status = told.find(word => word === 'error') ?? told.find(word => word !== 'ok') ?? told[0] ?? ''
    const signal = signals.get(status)
    if (signal === undefined) {
      const shown = JSON.stringify(status.slice(0, 40))
      throw new AppError('invalid', `status must be in_progress, ok or error, not ${shown}.`)
    }
    const rows = { status, environment: said('environment'), duration: said('duration') }
    const series = seriesOf(said('check_in_id'))
    return {
      kind: 'signal',
      signal,
      exitStatus: null,
      series,
      reading: null,
      log: joinLog(toLines(rows), document === null ? body : ''),
    }
  },
  reply: outcome => (outcome.kind === 'accepted' ? textReply(202, '') : plainReply(outcome)),
}

/** Words for the newest check-in name none. */
function seriesOf(id: string): string | null {
  return id === '' || id === 'latest' || /^[0-]+$/.test(id) ? null : id
}
