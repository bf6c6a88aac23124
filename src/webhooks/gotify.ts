import { AppError } from '../domain/app-error.ts'
import { readBackrestEvent } from './backrest.ts'
import { readBackrestText } from './backrest-text.ts'
import { countOf, joinLog, type JsonObject, readJsonObject, textOf } from './hook-text.ts'
import { bearerOf, readNamedSet } from './named-set.ts'
import { readProxmoxEvent } from './proxmox-event.ts'
import { toProxmoxEvent } from './proxmox.ts'
import { jsonReply, refusalStatuses } from './replies.ts'
import { aFailure } from './readings.ts'
import type { Delivery, HookRequest, Webhook } from './webhook.ts'

/**
 * Messages as Gotify takes them: `POST /message?token=…`, or the token in `X-Gotify-Key` or as a Bearer. The token is
 * the UUID of a set, or a ping key and a slug with a slash between. Notifications of Proxmox and Backrest are read; of
 * other messages a title that tells a failure is one, and everything else is kept in the log: a message is no proof of
 * a backup. Format: Gotify documentation, "REST API".
 */
export const gotifyHook: Webhook = {
  name: 'gotify',
  sender: 'whatever sends messages to Gotify',
  methods: ['POST'],
  native: {
    routes: ['/message'],
    name({ query, headers }) {
      const token = query.get('token') ?? headers['x-gotify-key'] ?? bearerOf(headers['authorization']) ?? ''
      const found = readNamedSet(token.trim())
      return found && { sets: [found.named], rest: '', mayCreate: false }
    },
  },
  setup: { rest: '', paste: 'the address of the Gotify server; any token will do there' },
  read(request) {
    const message = readMessage(request)
    if (textOf(message, 'message') === '') throw new AppError('invalid', "Field 'message' is required")
    return readProxmoxEvent(toProxmoxEvent(message)) ?? readBackrest(message) ?? readOther(message)
  },
  reply(outcome) {
    if (outcome.kind !== 'accepted') {
      // There, a token that nobody has is like none.
      const isUnknown = outcome.kind === 'unnamed' || outcome.kind === 'not-found'
      return isUnknown ? toError(401, unauthorized) : toError(refusalStatuses[outcome.kind], outcome.text)
    }
    const message = readMessage(outcome.request)
    return jsonReply(200, {
      id: outcome.number,
      appid: 1,
      message: textOf(message, 'message'),
      title: textOf(message, 'title'),
      priority: countOf(message, 'priority') ?? 0,
      date: new Date(outcome.at).toISOString(),
    })
  },
}

/** The message, in JSON, or in the fields of a form or of the query. */
function readMessage({ query, headers, body }: HookRequest): JsonObject {
  const document = readJsonObject(body)
  if (document !== null) return document
  const form = partsOf(headers['content-type'] ?? '', body) ?? new URLSearchParams(body)
  const fieldOf = (name: string) => form.get(name) ?? query.get(name) ?? ''
  const priority = fieldOf('priority')
  return {
    title: fieldOf('title'),
    message: fieldOf('message'),
    ...(/^\d{1,9}$/.test(priority) && { priority: Number(priority) }),
  }
}

/** The fields of multipart/form-data (RFC 7578), as curl sends them with -F; null for any other type. */
function partsOf(contentType: string, body: string): Map<string, string> | null {
  const match = /^multipart\/form-data\b.{0,200}?boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType)
  const boundary = match?.[1] ?? match?.[2]
  if (boundary === undefined) return null
  const fields = new Map<string, string>()
  for (const part of body.split(`--${boundary}`, mostParts)) {
    const end = part.indexOf('\r\n\r\n')
    const name = /\bname="([^"]{1,40})"/.exec(part.slice(0, Math.max(0, end)))?.[1]
    if (name !== undefined) fields.set(name, part.slice(end + 4).replace(/\r\n$/, ''))
  }
  return fields
}

const mostParts = 20

function readBackrest(message: JsonObject): Delivery | null {
  const text = textOf(message, 'message')
  const event = readBackrestText(text)
  return event && readBackrestEvent(event, text)
}

const tellsFailure = /(?<!\b(?:0|no|not|without) )\bfail(?:ed|ure)\b/i

function readOther(message: JsonObject): Delivery {
  const title = textOf(message, 'title')
  const log = joinLog(title, textOf(message, 'message'))
  if (!tellsFailure.test(title)) {
    return { kind: 'signal', signal: 'log', exitStatus: null, series: null, reading: null, log }
  }
  const reading = aFailure('gotify message', title, 'The message told a failure.')
  return { kind: 'run', reading, startedAt: null, endedAt: null, durationMs: null, identity: null, log }
}

const unauthorized = 'you need to provide a valid access token or user credentials to access this api'

function toError(status: number, text: string) {
  const names: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized' }
  return jsonReply(status, { error: names[status] ?? 'Error', errorCode: status, errorDescription: text })
}
