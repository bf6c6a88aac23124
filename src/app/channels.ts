import { AppError, isAppError } from '../domain/app-error.ts'
import { type Channel, type ChannelHealth, type ChannelKind, parseChannelUrl } from '../domain/channel.ts'
import type { Instant } from '../domain/instant.ts'
import { parseName } from '../domain/text.ts'
import type { Deliver, SigningChannel } from './channel-ports.ts'
import type { Place, Store } from './ports.ts'
import { mintSigningSecret } from './secrets.ts'

/**
 * Adds a channel that tells what changes below `place`, and answers it with what its messages are signed with, to be
 * shown once. Throws `invalid`, also for the place of one computer.
 */
export async function addChannel(
  store: Store,
  { name, kind, url, place }: { name: string; kind: ChannelKind; url: string; place: Place },
  now: Instant,
): Promise<{ channel: Channel; secret: string }> {
  if (place.computerKey !== null) {
    throw new AppError('invalid', 'A channel is of a partner or of an account, not of one computer.')
  }
  const { partnerId, accountId } = place
  const checked = { name: parseName(name, 'name'), kind, url: parseChannelUrl(url), partnerId, accountId }
  const secret = mintSigningSecret()
  return { channel: await store.addChannel({ ...checked, secret }, now), secret }
}

/** Removes a channel and answers what it was. Throws `not-found`. */
export async function removeChannel(store: Store, id: number): Promise<Channel> {
  const channel = await getChannel(store, id)
  await store.removeChannel(id)
  return channel
}

/** Sends a test to a channel; answers why it did not arrive, undefined when it did. Throws `not-found`. */
export async function testChannel(
  store: Store,
  deliver: Deliver,
  { id, now }: { id: number; now: Instant },
): Promise<string | undefined> {
  const channel = await getChannel(store, id)
  try {
    await deliver(channel, { id: `test-${now}`, at: now, change: null })
    return undefined
  } catch (error) {
    if (isAppError(error, 'unavailable')) return error.message
    throw error
  }
}

/** Makes what was given up of a channel due again, and answers how much that was. Throws `not-found`. */
export async function retryChannel(store: Store, id: number, now: Instant): Promise<number> {
  await getChannel(store, id)
  return store.retryMessages(id, now)
}

/** The channels and how they fare. */
export function listChannels(store: Store): Promise<(Channel & ChannelHealth)[]> {
  return store.listChannels()
}

async function getChannel(store: Store, id: number): Promise<SigningChannel> {
  const channel = await store.findChannel(id)
  if (channel) return channel
  throw new AppError('not-found', `There is no channel ${id}; lastgood channel list tells their ids.`)
}
