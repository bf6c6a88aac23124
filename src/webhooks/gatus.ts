import type { NamedSet } from '../app/ping-directory.ts'
import { AppError } from '../domain/app-error.ts'
import { joinLog, parseDuration, readJsonObject, textOf, toLines } from './hook-text.ts'
import { bearerOf, isPingId, toNamedSlug } from './named-set.ts'
import { refusalStatuses, textReply } from './replies.ts'
import { aFailure, aFinishedBackup } from './readings.ts'
import type { Webhook } from './webhook.ts'

const endpoint = /^\/api\/v1\/endpoints\/([^/]{1,200})\/external\/?$/

/**
 * The external endpoints of Gatus: `POST /api/v1/endpoints/<group>_<name>/external?success=true&duration=10s`, with the
 * token as a Bearer. A UUID as the token names the set by itself; with a ping key the set is the one that has the whole
 * key, or its name, as its slug. Format: Gatus documentation, "External Endpoints", and the source of its API.
 */
export const gatusHook: Webhook = {
  name: 'gatus',
  sender: 'whatever reports to an external endpoint of Gatus',
  methods: ['POST'],
  native: {
    routes: ['/api/v1/endpoints/:key/external'],
    name({ path, headers }) {
      const token = bearerOf(headers['authorization'])
      return token === null ? null : { sets: namesOf(token, path), rest: '', mayCreate: false }
    },
  },
  setup: { rest: '?success=true', paste: 'the place where the URL of the external endpoint of Gatus stands' },
  read({ query, body }) {
    const told = query.getAll('success')
    const success = told.find(word => word !== 'true') ?? told[0]
    if (success !== 'true' && success !== 'false') {
      throw new AppError('invalid', 'missing or invalid success query parameter: it must be true or false.')
    }
    const said = joinLog(query.get('error') ?? '', textOf(readJsonObject(body), 'error'))
    const tool = 'gatus external endpoint'
    return {
      kind: 'run',
      reading: success === 'true' ? aFinishedBackup(tool) : aFailure(tool, said, 'The request told success=false.'),
      startedAt: null,
      endedAt: null,
      durationMs: parseDuration(query.get('duration') ?? ''),
      identity: null,
      log: joinLog(toLines({ success, duration: query.get('duration') ?? '', error: query.get('error') ?? '' }), body),
    }
  },
  reply(outcome) {
    if (outcome.kind === 'accepted') return textReply(200, '')
    if (outcome.kind === 'unnamed') return textReply(401, 'invalid Authorization header')
    if (outcome.kind === 'not-found') return textReply(404, 'not found')
    return textReply(refusalStatuses[outcome.kind], outcome.text)
  },
}

function namesOf(token: string, path: string): NamedSet[] {
  if (isPingId(token)) return [{ form: 'id', pingId: token }]
  const key = (endpoint.exec(path)?.[1] ?? '').toLowerCase()
  const slugs = [key, key.slice(key.indexOf('_') + 1)]
  return slugs.map(slug => toNamedSlug(token, slug)).filter(named => named !== null)
}
