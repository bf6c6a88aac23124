import type { NewChannel, SigningChannel } from '../app/channel-ports.ts'
import type { Channel, ChannelHealth, ChannelKind } from '../domain/channel.ts'
import type { Instant } from '../domain/instant.ts'
import type { Database, Db } from './database.ts'
import { prepare } from './prepared.ts'

const channelColumns = [
  'id',
  'name',
  'kind',
  'url',
  'partner_id as partnerId',
  'account_id as accountId',
  'created_at as createdAt',
] as const

/** Adds a channel. */
export async function addChannel(db: Db, channel: NewChannel, now: Instant): Promise<Channel> {
  const { name, kind, url, secret, partnerId, accountId } = channel
  const { id } = await db
    .insertInto('channels')
    .values({ name, kind, url, secret, partner_id: partnerId, account_id: accountId, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, name, kind, url, partnerId, accountId, createdAt: now }
}

/** Removes a channel, and with it what it was still to tell. */
export async function removeChannel(db: Db, id: number): Promise<void> {
  await db.deleteFrom('outbox').where('channel_id', '=', id).execute()
  await db.deleteFrom('channels').where('id', '=', id).execute()
}

/** All channels, in the order in which they were added, and how each fares. */
export async function listChannels(db: Db): Promise<(Channel & ChannelHealth)[]> {
  const rows = await db
    .selectFrom('channels')
    .select(channelColumns)
    .select(['delivered_at as deliveredAt', 'failed_at as failedAt', 'failure'])
    .select(eb => [
      eb
        .selectFrom('outbox')
        .select(({ fn }) => fn.count<number>('next_at').as('count'))
        .whereRef('outbox.channel_id', '=', 'channels.id')
        .as('waiting'),
      eb
        .selectFrom('outbox')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('outbox.channel_id', '=', 'channels.id')
        .where('next_at', 'is', null)
        .as('givenUp'),
    ])
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...toChannel(row), waiting: row.waiting ?? 0, givenUp: row.givenUp ?? 0 }))
}

/** A channel with what its messages are signed with. */
export async function findChannel(db: Db, id: number): Promise<SigningChannel | undefined> {
  const row = await db
    .selectFrom('channels')
    .select([...channelColumns, 'secret'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toChannel(row)
}

/** Makes what was given up of a channel due again, and answers how much that was. */
export async function retryMessages(db: Db, channelId: number, now: Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({ next_at: now, created_at: now, attempts: 0 })
    .where('channel_id', '=', channelId)
    .where('next_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** Only `addChannel` writes the kind of a channel. */
function toChannel<Row extends { kind: string }>(row: Row): Row & { kind: ChannelKind } {
  return { ...row, kind: row.kind as ChannelKind }
}

/** Builds what finds the channels with messages that are due, in the order of their ids. */
export function prepareFindDueChannels(database: Database): (now: Instant) => Promise<number[]> {
  const query = prepare(database, (now: Instant) =>
    database.reader
      .selectFrom('channels')
      .select('channels.id')
      .where(eb =>
        eb.exists(
          eb
            .selectFrom('outbox')
            .select('outbox.id')
            .whereRef('outbox.channel_id', '=', 'channels.id')
            .where('outbox.next_at', '<=', now),
        ),
      )
      .orderBy('channels.id'),
  )
  return async now => (await query(now)).map(({ id }) => id)
}
