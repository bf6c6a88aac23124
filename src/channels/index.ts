import type { Deliver } from '../app/channel-ports.ts'
import type { ChannelKind } from '../domain/channel.ts'
import { webhook } from './webhook.ts'

/** Every way to notify: a new one is a file and a line here. */
const channels: Record<ChannelKind, Deliver> = { webhook }

/** Tells something on a channel, in the way of its kind. */
export const deliver: Deliver = (channel, message) => channels[channel.kind](channel, message)
