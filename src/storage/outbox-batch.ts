import type { ClaimedMessage, ClaimRequest, SettledMessage } from '../app/channel-ports.ts'
import type { ConditionStatus } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { readRules } from './condition-changes.ts'
import type { SqlDialect } from './database.ts'
import { buildOutboxStatements } from './outbox-statements.ts'
import type { RunStatement } from './rows-statement.ts'

/** A change as it was stored. */
export type AddedChange = { account_id: number; set_id: number; id: number }

/** Builds what puts changes into the outbox, inside the transaction that stores them: one message for each channel. */
export function buildAddMessages(
  dialect: SqlDialect,
): (run: RunStatement, changes: readonly AddedChange[], now: Instant) => Promise<void> {
  const { findChannel, addMessages } = buildOutboxStatements(dialect)
  return async (run, changes, now) => {
    if (changes.length === 0 || (await run(findChannel, [{ now }])).length === 0) return
    await run(
      addMessages,
      changes.map(change => ({ ...change, now })),
    )
  }
}

type ClaimedRow = {
  account_id: number
  set_id: number
  change_id: number
  id: number
  attempts: number
  created_at: number
}
type MessageRow = {
  id: number
  at: number
  found_at: number
  rules: string | null
  status: string
  previous_status: string | null
  set_name: string
  computer_id: string
  computer_name: string
  username: string
  zone: string
}

/** Builds what claims some messages of a channel, the longest due first. */
export function buildClaimMessages(
  dialect: SqlDialect,
): (run: RunStatement, request: ClaimRequest) => Promise<ClaimedMessage[]> {
  const { claim, findMessages } = buildOutboxStatements(dialect)
  return async (run, { channelId, now, until }) => {
    const claimed = await run<ClaimedRow>(claim, [{ channel_id: channelId, now, until }])
    const found = await run<MessageRow>(findMessages, claimed)
    const byChange = new Map(found.map(row => [row.id, row]))
    return claimed.map(row => {
      const change = byChange.get(row.change_id)
      return {
        accountId: row.account_id,
        id: row.id,
        attempts: row.attempts,
        createdAt: row.created_at,
        change: change ? toMessage(change) : null,
      }
    })
  }
}

/** Builds what writes down how the messages of a channel fared. */
export function buildSettleMessages(
  dialect: SqlDialect,
): (run: RunStatement, settled: { channelId: number; now: Instant; messages: SettledMessage[] }) => Promise<void> {
  const { forget, postpone, noteDelivered, noteFailed } = buildOutboxStatements(dialect)
  return async (run, { channelId, now, messages }) => {
    const rows = messages.map(({ accountId, id, attempts, failure, nextAt }) => ({
      account_id: accountId,
      id,
      attempts,
      failure,
      next_at: nextAt,
    }))
    await run(
      forget,
      rows.filter(({ failure }) => failure === null),
    )
    const failed = rows.filter(({ failure }) => failure !== null)
    await run(postpone, failed)
    const last = { channel_id: channelId, now, failure: failed.at(-1)?.failure ?? null }
    if (failed.length < rows.length) await run(noteDelivered, [last])
    if (failed.length > 0) await run(noteFailed, [last])
  }
}

function toMessage(row: MessageRow): NonNullable<ClaimedMessage['change']> {
  return {
    username: row.username,
    computerId: row.computer_id,
    computerName: row.computer_name,
    backupsetName: row.set_name,
    zone: row.zone,
    // Only judging writes these columns.
    status: row.status as ConditionStatus,
    previousStatus: row.previous_status as ConditionStatus | null,
    rules: readRules(row.rules),
    at: row.at,
    foundAt: row.found_at,
  }
}
