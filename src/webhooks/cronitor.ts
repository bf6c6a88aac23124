import { AppError } from '../domain/app-error.ts'
import type { BodyReading } from '../domain/ping-end.ts'
import type { PingKind } from '../domain/ping.ts'
import { joinLog, toLines } from './hook-text.ts'
import { readNamedSet } from './named-set.ts'
import { plainReply } from './replies.ts'
import { aDoubt } from './readings.ts'
import type { Webhook } from './webhook.ts'

/** `ok` puts a monitor right by hand, and `pause` silences it: neither is a backup. */
const signals = new Map<string, PingKind>([
  ['run', 'start'],
  ['complete', 'success'],
  ['fail', 'fail'],
  ['ok', 'log'],
  ['pause', 'log'],
])

/**
 * The telemetry of Cronitor: `/p/<ping key>/<slug>?state=run|complete|fail&series=…&status_code=…`, and the older
 * `…/run`, `…/complete` and `…/fail`. Without a state it is a success, as a heartbeat is. A set that there is not is made,
 * as Cronitor makes monitors. Format: Cronitor documentation, "Telemetry API".
 */
export const cronitorHook: Webhook = {
  name: 'cronitor',
  sender: 'Cronitor clients, borgmatic (cronitor)',
  methods: null,
  native: {
    routes: ['/p/*'],
    name({ path }) {
      const found = readNamedSet(withLowerSlug(path.slice('/p/'.length)))
      return { sets: found ? [found.named] : [], rest: found?.rest ?? '', mayCreate: true }
    },
  },
  setup: {
    rest: '',
    paste: 'the ping URL of Cronitor, such as ping_url of borgmatic: it adds /run, /complete and /fail',
  },
  read({ query, rest, body }) {
    const state = stateOf([...query.getAll('state'), rest])
    const told = signals.get(state)
    if (told === undefined) {
      const shown = JSON.stringify(state.slice(0, 40))
      throw new AppError('invalid', `state must be run, complete, fail or ok, not ${shown}.`)
    }
    const status = exitStatusOf(query.get('status_code') ?? '')
    const signal = told === 'success' && status.isFailure ? 'fail' : told
    const isEnd = signal === 'success' || signal === 'fail'
    return {
      kind: 'signal',
      signal,
      exitStatus: isEnd && (signal === 'fail') === status.isFailure ? status.exitStatus : null,
      series: query.get('series') || null,
      reading: signal === 'success' ? toReading(query) : null,
      log: joinLog(query.get('message') ?? '', toLines(rowsOf(query)), body),
    }
  },
  reply: plainReply,
}

/** Of several states the one that is least like a success. */
function stateOf(states: readonly string[]): string {
  const said = states.map(state => state.toLowerCase()).filter(state => state !== '')
  return said.includes('fail') ? 'fail' : (said.find(state => state !== 'complete') ?? 'complete')
}

/** The keys of monitors may have capital letters; slugs have none. */
function withLowerSlug(path: string): string {
  const [key = '', slug = '', ...others] = path.split('/')
  return [key, slug.toLowerCase(), ...others].join('/')
}

/** Statuses beyond those of a shell, and words, are failures, too. */
function exitStatusOf(code: string): { exitStatus: number | null; isFailure: boolean } {
  if (code === '') return { exitStatus: null, isFailure: false }
  const status = /^\d{1,3}$/.test(code) && Number(code) <= 255 ? Number(code) : null
  return { exitStatus: status, isFailure: status !== 0 }
}

/** Errors that a finished job counted are problems with single items: warnings of its run. */
function toReading(query: URLSearchParams): BodyReading | null {
  const counts = query.getAll('metric').flatMap(metric => /^error_count:(.{0,20})/.exec(metric)?.[1] ?? [])
  const count = counts.reduce((most, text) => Math.max(most, errorsIn(text)), 0)
  if (count === 0) return null
  return { ...aDoubt('cronitor telemetry', '', `The job counted ${count} errors.`), warnings: count }
}

/** What is no number may be any. */
function errorsIn(text: string): number {
  const count = Math.ceil(Number(text || 0))
  return Number.isSafeInteger(count) && count >= 0 ? count : 1
}

function rowsOf(query: URLSearchParams): Record<string, string> {
  return {
    state: query.get('state') ?? '',
    status_code: query.get('status_code') ?? '',
    host: query.get('host') ?? '',
    env: query.get('env') ?? '',
    metric: query.getAll('metric').slice(0, 20).join(', '),
  }
}
