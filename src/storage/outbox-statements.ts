import type { SqlDialect } from './database.ts'
import { overRows } from './rows-statement.ts'

/** How many messages of a channel are claimed at once. */
export const claimedAtOnce = 10

/** What a set was before a change, but for the time in which it ran. */
const statusBefore = `(select b.status from condition_changes as b
  where b.account_id = c.account_id and b.set_id = c.set_id and b.id < c.id and (b.status is null or b.status <> 'RUNNING')
  order by b.id desc limit 1)`

/** Every statement of the outbox, written once for both databases. */
export function buildOutboxStatements(dialect: SqlDialect) {
  const over = overRows(dialect)
  const settled = { account_id: 'bigint', id: 'bigint', attempts: 'bigint' } as const
  return {
    findChannel: over({ now: 'bigint' }, rows => `select ch.id from channels as ch, ${rows} as r limit 1`),
    // A set that was all right and is so after a run, and one that never ran and is all right, are nothing to tell.
    addMessages: over(
      { account_id: 'bigint', set_id: 'bigint', id: 'bigint', now: 'bigint' },
      rows => `insert into outbox (account_id, set_id, change_id, channel_id, created_at, next_at)
        select c.account_id, c.set_id, c.id, ch.id, r.now, r.now from ${rows} as r
        join condition_changes as c on c.account_id = r.account_id and c.set_id = r.set_id and c.id = r.id
        join accounts as a on a.id = c.account_id
        join partners as p on p.id = a.partner_id
        join partners as above on p.path like above.path || '%'
        join channels as ch on ch.partner_id = above.id and (ch.account_id is null or ch.account_id = a.id)
        where c.status <> 'RUNNING' and c.status <> coalesce(${statusBefore}, 'COMPLETED')`,
    ),
    // Whoever claims a message has it until its next attempt is due: if he dies, it is due again by itself.
    claim: over(
      { channel_id: 'bigint', now: 'bigint', until: 'bigint' },
      rows => `with due as materialized (
          select o.account_id, o.id, r.until from ${rows} as r
          join outbox as o on o.channel_id = r.channel_id and o.next_at <= r.now
          order by o.next_at, o.id limit ${claimedAtOnce}${dialect.forUpdate('o', 'skip locked')})
        update outbox set next_at = due.until, attempts = attempts + 1 from due
        where outbox.account_id = due.account_id and outbox.id = due.id
        returning outbox.account_id, outbox.set_id, outbox.change_id, outbox.id, outbox.attempts, outbox.created_at`,
    ),
    findMessages: over(
      { account_id: 'bigint', set_id: 'bigint', change_id: 'bigint' },
      rows => `select c.id, c.at, c.found_at, c.rules, c.status, ${statusBefore} as previous_status, s.name as set_name,
          m.computer_id, m.name as computer_name, a.username, coalesce(s.time_zone, m.time_zone, a.time_zone) as zone
        from ${rows} as r
        join condition_changes as c on c.account_id = r.account_id and c.set_id = r.set_id and c.id = r.change_id
        join backup_sets as s on s.account_id = c.account_id and s.id = c.set_id
        join computers as m on m.account_id = c.account_id and m.key = c.computer_key
        join accounts as a on a.id = c.account_id`,
    ),
    // Whose claim has ended has no say any more: another one has the message.
    forget: over(
      settled,
      rows => `delete from outbox where exists (select 1 from ${rows} as r
        where outbox.account_id = r.account_id and outbox.id = r.id and outbox.attempts = r.attempts)`,
    ),
    postpone: over(
      { ...settled, next_at: 'bigint', failure: 'text' },
      rows => `update outbox set next_at = r.next_at, failure = r.failure from ${rows} as r
        where outbox.account_id = r.account_id and outbox.id = r.id and outbox.attempts = r.attempts`,
    ),
    noteDelivered: over(
      { channel_id: 'bigint', now: 'bigint' },
      rows => `update channels set delivered_at = r.now from ${rows} as r where channels.id = r.channel_id`,
    ),
    noteFailed: over(
      { channel_id: 'bigint', now: 'bigint', failure: 'text' },
      rows => `update channels set failed_at = r.now, failure = r.failure from ${rows} as r
        where channels.id = r.channel_id`,
    ),
  }
}
