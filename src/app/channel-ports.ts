import type { ChangeMessage, Channel, ChannelHealth } from '../domain/channel.ts'
import type { Instant } from '../domain/instant.ts'

export type NewChannel = Pick<Channel, 'name' | 'kind' | 'url' | 'partnerId' | 'accountId'> & { secret: string }

/** A claim of messages of a channel: whoever makes it has them until `until`; after that they are due again. */
export type ClaimRequest = { channelId: number; now: Instant; until: Instant }

/** A message that somebody has claimed, for the so-manieth time; `change` is null where its set is gone. */
export type ClaimedMessage = {
  accountId: number
  id: number
  attempts: number
  createdAt: Instant
  change: ChangeMessage | null
}

/** How a claimed message fared: without a failure it is done; `nextAt` is null when it is given up. */
export type SettledMessage = Pick<ClaimedMessage, 'accountId' | 'id' | 'attempts'> & {
  failure: string | null
  nextAt: Instant | null
}

/** A channel with what its messages are signed with. */
export type SigningChannel = Channel & { secret: string }

/** The changes of channels, each a change of the tree of administration. */
export interface ChannelChanges {
  addChannel(channel: NewChannel, now: Instant): Promise<Channel>
  /** Removes a channel, and with it what it was still to tell. */
  removeChannel(id: number): Promise<void>
}

/** What the use cases of channels need to keep. Messages are put into the outbox in the transaction of their change. */
export interface ChannelStore {
  /** All channels, in the order in which they were added, and how each fares. */
  listChannels(): Promise<(Channel & ChannelHealth)[]>
  findChannel(id: number): Promise<SigningChannel | undefined>
  /** The channels with messages that are due. */
  findDueChannels(now: Instant): Promise<number[]>
  /** Claims some messages of a channel, the longest due first; nobody else is given them until the claim ends. */
  claimMessages(request: ClaimRequest): Promise<ClaimedMessage[]>
  /** Writes down how messages fared; of a message that somebody else has claimed since, nothing. */
  settleMessages(channelId: number, messages: SettledMessage[], now: Instant): Promise<void>
  /** Makes what was given up of a channel due again, and answers how much that was. */
  retryMessages(channelId: number, now: Instant): Promise<number>
}

/** Tells something on a channel. Throws `unavailable`, with why, when it did not arrive. */
export type Deliver = (channel: SigningChannel, message: OutgoingMessage) => Promise<void>

/** What is told at `at`: under an id that stays the same however often it is sent; `change` is null of a test. */
export type OutgoingMessage = { id: string; at: Instant; change: ChangeMessage | null }
