import { isAppError } from '../domain/app-error.ts'
import { nextAttempt } from '../domain/channel.ts'
import { type Instant, minutes, seconds } from '../domain/instant.ts'
import type { ClaimedMessage, Deliver, SettledMessage, SigningChannel } from './channel-ports.ts'
import { pause } from './pause.ts'
import type { Clock, Store } from './ports.ts'

/** What the delivery tells of itself. */
export type DeliveryEvents = {
  onFailure?: (channel: { id: number; name: string }, failure: string) => void
  onError?: (error: unknown) => void
}

/** A delivery that goes on until it is stopped; `stop` waits for what is on its way. */
export type Delivery = { stop: () => Promise<void> }

const everyMs = seconds(1)
/** So long a claim holds: longer than all its messages may take. Whoever dies gives them back by then. */
const claimMs = minutes(3)

/**
 * Tells what is in the outbox: every second what has become due, each channel by itself, so that a slow one delays no
 * other. Any number of processes may do so on one database. A message is sent until it has arrived, at least once, under
 * an id that stays the same.
 */
export function startDelivery(store: Store, deliver: Deliver, clock: Clock, events: DeliveryEvents = {}): Delivery {
  const stopping = new AbortController()
  const { signal } = stopping
  const busy = new Map<number, Promise<void>>()
  const underWay = goOn()

  return {
    stop: async () => {
      stopping.abort()
      await underWay
      await Promise.all(busy.values())
    },
  }

  async function goOn(): Promise<void> {
    while (!signal.aborted) {
      try {
        for (const id of await store.findDueChannels(clock())) begin(id)
      } catch (error) {
        events.onError?.(error)
      }
      await pause(everyMs, signal)
    }
  }

  function begin(id: number): void {
    if (busy.has(id) || signal.aborted) return
    const work = deliverDue(store, deliver, { id, clock, signal, events })
      .then(
        () => undefined,
        (error: unknown) => events.onError?.(error),
      )
      .finally(() => busy.delete(id))
    busy.set(id, work)
  }
}

type Work = { id: number; clock: Clock; signal?: AbortSignal; events?: DeliveryEvents }

/** Tells what is due on one channel, message after message, and answers how many have arrived. */
export async function deliverDue(
  store: Store,
  deliver: Deliver,
  { id, clock, signal, events = {} }: Work,
): Promise<number> {
  let arrived = 0
  for (;;) {
    const channel = await store.findChannel(id)
    const now = clock()
    const messages = channel ? await store.claimMessages({ channelId: id, now, until: now + claimMs }) : []
    if (!channel || messages.length === 0) return arrived
    for (const message of messages) {
      // What is left of the claim is due again by itself.
      if (signal?.aborted) return arrived
      const failure = await send(channel, message)
      await store.settleMessages(id, [toSettled(message, failure, clock())], clock())
      if (failure === null) arrived += 1
      else events.onFailure?.(channel, failure)
    }
  }

  async function send(channel: SigningChannel, { id: messageId, change }: ClaimedMessage): Promise<string | null> {
    // The set is gone, and with it what there was to tell.
    if (change === null) return null
    try {
      await deliver(channel, { id: `change-${messageId}`, at: clock(), change })
      return null
    } catch (error) {
      if (isAppError(error, 'unavailable')) return error.message
      throw error
    }
  }
}

function toSettled(message: ClaimedMessage, failure: string | null, now: Instant): SettledMessage {
  const { accountId, id, attempts, createdAt } = message
  const nextAt = failure === null ? null : (nextAttempt(createdAt, attempts, now) ?? null)
  return { accountId, id, attempts, failure, nextAt }
}
