import { createHmac } from 'node:crypto'
import type { Deliver, OutgoingMessage } from '../app/channel-ports.ts'
import { AppError } from '../domain/app-error.ts'
import { type ChangeMessage, tellChange, typesOf } from '../domain/channel.ts'
import { tellTime } from '../domain/explain-words.ts'
import { seconds } from '../domain/instant.ts'
import { formatUtc } from '../domain/local-time.ts'

const longestWaitMs = seconds(10)

/**
 * Posts a message as JSON, signed as Standard Webhooks 1.0 says: `webhook-id`, `webhook-timestamp` (seconds since 1970)
 * and `webhook-signature` over both and the body. Any answer from 200 to 299 within ten seconds takes it; a redirect does
 * not, because a signed message goes where it was meant to go.
 */
export const webhook: Deliver = async ({ url, secret }, message) => {
  const body = JSON.stringify(toBody(message))
  const timestamp = Math.floor(message.at / 1_000)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Lastgood',
        'webhook-id': message.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': sign(secret, `${message.id}.${timestamp}.${body}`),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(longestWaitMs),
    })
    await response.body?.cancel()
  } catch (error) {
    throw new AppError('unavailable', whyUnreachable(error), { cause: error })
  }
  if (!response.ok)
    throw new AppError('unavailable', `It answered ${response.status} ${response.statusText}.`.replace(' .', '.'))
}

/** The signature of a text: `v1,` and a HMAC-SHA256 in base64 (Standard Webhooks, "Symmetric signatures"). */
export function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

function toBody({ at, change }: OutgoingMessage): object {
  if (!change)
    return { type: 'test', timestamp: formatUtc(at), data: { message: 'This is a test of a channel of Lastgood.' } }
  return { type: 'condition.changed', timestamp: formatUtc(change.foundAt), data: toData(change) }
}

function toData(change: ChangeMessage): object {
  return {
    username: change.username,
    computer_id: change.computerId,
    computer_name: change.computerName,
    backupset_name: change.backupsetName,
    condition_status: change.status,
    condition_types: typesOf(change),
    previous_status: change.previousStatus,
    local_since: tellTime(change.at, change.zone),
    message: tellChange(change),
  }
}

function whyUnreachable(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer within 10 seconds.'
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return `It cannot be reached (${cause?.code ?? cause?.message ?? String(error)}).`
}
