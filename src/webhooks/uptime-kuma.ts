import { joinLog, toLines } from './hook-text.ts'
import { readNamedSet } from './named-set.ts'
import { jsonReply, refusalStatuses } from './replies.ts'
import { aFailure, aFinishedBackup } from './readings.ts'
import type { Webhook } from './webhook.ts'

const longestPingMs = 86_400_000

/**
 * The push monitors of Uptime Kuma: `/api/push/<token>?status=up&msg=OK&ping=`, by any method. Everything but `up` is down, and
 * no status at all is up, as there. `ping`, in milliseconds, is how long the run took.
 * Format: source of Uptime Kuma, its API router.
 */
export const uptimeKumaHook: Webhook = {
  name: 'uptime-kuma',
  sender: 'whatever pushes to Uptime Kuma',
  methods: null,
  native: {
    routes: ['/api/push/*'],
    name({ path }) {
      const found = readNamedSet(path.slice('/api/push/'.length))
      return { sets: found ? [found.named] : [], rest: found?.rest ?? '', mayCreate: false }
    },
  },
  setup: { rest: '?status=up&msg=OK&ping=', paste: 'the place where the push URL of Uptime Kuma stands' },
  read({ query, body }) {
    // Of several the worst: a list of words is not `up` there, either.
    const status = query.getAll('status').find(word => word !== 'up' && word !== '') ?? 'up'
    const message = query.get('msg') ?? ''
    const durationMs = pingOf(query.get('ping'))
    const tool = 'uptime-kuma push'
    return {
      kind: 'run',
      reading:
        status === 'up'
          ? aFinishedBackup(tool)
          : aFailure(tool, message, `The push told the status ${JSON.stringify(status.slice(0, 40))}.`),
      startedAt: null,
      endedAt: null,
      durationMs,
      identity: null,
      log: joinLog(toLines({ status, msg: message, ping: query.get('ping') ?? '' }), body),
    }
  },
  reply(outcome) {
    if (outcome.kind === 'accepted') return jsonReply(200, { ok: true })
    const isUnknown = outcome.kind === 'not-found' || outcome.kind === 'unnamed'
    const msg = isUnknown ? 'Monitor not found or not active.' : outcome.text
    return jsonReply(isUnknown ? 404 : refusalStatuses[outcome.kind], { ok: false, msg })
  },
}

function pingOf(ping: string | null): number | null {
  const ms = Number(ping || Number.NaN)
  return ms >= 0 && ms <= longestPingMs ? Math.round(ms) : null
}
