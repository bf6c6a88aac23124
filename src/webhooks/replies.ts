import type { HookOutcome, HookReply, RefusalKind } from './webhook.ts'

/** The status of each refusal, where a dialect has no other. */
export const refusalStatuses: Record<RefusalKind, number> = {
  unreadable: 400,
  unnamed: 401,
  'not-found': 404,
  'wrong-method': 405,
  ambiguous: 409,
  failed: 500,
  unavailable: 503,
}

/** Answers in plain text: `OK`, or a sentence that says why not. */
export function plainReply(outcome: HookOutcome): HookReply {
  return outcome.kind === 'accepted'
    ? textReply(200, 'OK')
    : textReply(refusalStatuses[outcome.kind], `${outcome.text}\n`)
}

/** Plain text. */
export function textReply(status: number, body: string): HookReply {
  return { status, contentType: 'text/plain; charset=utf-8', body }
}

/** JSON. */
export function jsonReply(status: number, value: object): HookReply {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}
