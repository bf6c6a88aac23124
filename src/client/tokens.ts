import { ApiError } from './api-error.ts'
import type { Credentials } from './options.ts'
import { type HttpAnswer, type Limits, send, type Sending } from './send.ts'

/** Where the token of a call comes from. */
export type Tokens = {
  /** A token that is valid for now; those who ask together share one request. */
  get(): Promise<string>
  /** Forgets a token that the server does not take; answers whether there may be another one. */
  drop(token: string): boolean
}

type ClientCredentials = Extract<Credentials, { clientId: string }>

// A request takes its time, and clocks differ.
const marginMs = 60_000

/** Builds the source of tokens: the one that is given, or those that the server gives a client, shared by all calls. */
export function buildTokens(credentials: Credentials, url: string, sending: Sending, limits: Limits): Tokens {
  if ('token' in credentials) return fixed(credentials.token)
  if ('agentKey' in credentials) return fixed(credentials.agentKey)
  return renewed(credentials, url, sending, limits)
}

function fixed(token: string): Tokens {
  return { get: () => Promise.resolve(token), drop: () => false }
}

type Held = { token: string; renewAt: number }

function renewed(client: ClientCredentials, url: string, sending: Sending, limits: Limits): Tokens {
  let held: Held | undefined
  let asked: Promise<Held> | undefined

  async function renew(): Promise<Held> {
    try {
      held = await askForToken(client, url, sending, limits)
      return held
    } finally {
      asked = undefined
    }
  }

  return {
    async get() {
      if (held && sending.clock() < held.renewAt) return held.token
      asked ??= renew()
      return (await asked).token
    },
    drop(token) {
      if (held?.token === token) held = undefined
      return true
    },
  }
}

async function askForToken(client: ClientCredentials, url: string, sending: Sending, limits: Limits): Promise<Held> {
  const askedAt = sending.clock()
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  form.set('client_id', client.clientId)
  form.set('client_secret', client.clientSecret)
  if (client.scopes) form.set('scope', client.scopes.join(' '))
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  const request = { method: 'POST', url: `${url}/oauth2/token`, headers, body: form.toString(), isRepeatable: true }
  const answer = await send(sending, request, limits)
  const members = readMembers(answer)
  const { access_token: token, expires_in: expiresIn, error, error_description: description } = members
  if (answer.status !== 200) {
    throw new ApiError({
      status: answer.status,
      error: typeof error === 'string' ? error : 'unexpected_answer',
      description: typeof description === 'string' ? description : `${url} gave no token (${answer.status}).`,
    })
  }
  if (typeof token !== 'string') {
    const words = `What ${url} answered is no token: check the address.`
    throw new ApiError({ status: 200, error: 'unexpected_answer', description: words })
  }
  const lifetimeMs = Number(expiresIn) * 1_000 || 0
  return { token, renewAt: askedAt + lifetimeMs - Math.min(marginMs, lifetimeMs / 10) }
}

/** The members of a JSON object; none where it is something else. */
function readMembers({ text }: HttpAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
